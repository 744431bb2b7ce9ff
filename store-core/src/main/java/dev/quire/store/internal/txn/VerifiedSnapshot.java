package dev.quire.store.internal.txn;

import dev.quire.store.internal.page.PageVerifier;

/// A snapshot that checks the CRC of each page that is followed. A class of its own, so that other
/// snapshots do not even ask.
final class VerifiedSnapshot extends Snapshot {

  private final PageVerifier verifier;

  VerifiedSnapshot(DataFile data, SharedState state, long slotOffset, PageVerifier verifier) {
    super(data, state, slotOffset);
    this.verifier = verifier;
  }

  @Override
  public long offsetOf(long ref) {
    long page = super.offsetOf(ref);
    verifier.verify(segmentOf(ref), page);
    return page;
  }
}

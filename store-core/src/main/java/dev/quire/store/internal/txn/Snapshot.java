package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.HeadRecord;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.ReaderSlot;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.MappedPages;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.page.PageVerifier;
import dev.quire.store.internal.page.SharedAreas;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// One committed transaction, pinned by a reader slot, and the pages it consists of.
///
/// The object belongs to its slot and is used again after [#end]. Beginning is Dekker's pattern:
/// the slot is stored, then the head loaded again; a writer stores the head, then scans the slots.
/// One of the two sees the other, so no page of this snapshot is reused before [#end].
public sealed class Snapshot implements PageReader permits VerifiedSnapshot {

  /// One of so many beginnings looks at the length of the file.
  private static final int LOOK_AT_FILE_EVERY = 1 << 10;

  private static final long LAG = HeadRecord.PLACES - 2;

  private final DataFile data;
  private final SharedState state;
  private final long slotOffset;
  private final int pageShift;
  private final ValueSlot slot = new ValueSlot();
  private MemorySegment file = MemorySegment.NULL;
  private long txnId;
  private long catalogueRef;
  private long highWater;
  private long fileSizeBytes;
  private int beginnings;

  /// Whether the slot says since when.
  private boolean noted;

  /// The last root of a catalogue that was found where its reference says.
  private long checkedRef = PageRef.NONE;

  Snapshot(DataFile data, SharedState state, long slotOffset) {
    this.data = data;
    this.state = state;
    this.slotOffset = slotOffset;
    this.pageShift = data.pageShift();
  }

  /// The snapshot of a slot, as the store's checksums are to be treated.
  static Snapshot of(DataFile data, SharedState state, long slotOffset) {
    PageVerifier verifier = data.newVerifier();
    return verifier == null
        ? new Snapshot(data, state, slotOffset)
        : new VerifiedSnapshot(data, state, slotOffset, verifier);
  }

  /// Claims the slot, if it is free.
  boolean tryClaim(MemorySegment shm) {
    return Word.compareAndSet(
        shm, slotOffset + ReaderSlot.TXN_ID, ReaderSlot.FREE, ReaderSlot.CLAIMED);
  }

  /// Pins the newest transaction; the slot is claimed.
  Snapshot begin() {
    MemorySegment shm = state.segment();
    long t = pinHead(shm, slotOffset);
    while (true) {
      boolean copied = copyPlace(shm, t);
      MemorySegment mapped = copied ? data.mappingOrNull(fileSizeBytes) : null;
      if (mapped != null) {
        file = mapped;
        return this;
      }
      long before = t;
      t = pinHead(shm, slotOffset);
      if (t == before && !copied) {
        throw SharedAreas.damaged("transaction " + t + " as the newest");
      }
      if (t == before) {
        data.mapping(fileSizeBytes);
      }
    }
  }

  /// Makes sure that the head record names a catalogue that is there; now and then, that nobody cut
  /// the file.
  void check() {
    if ((beginnings++ & LOOK_AT_FILE_EVERY - 1) == 0) {
      data.requireWhole();
      state.requireWhole();
    }
    if (catalogueRef != checkedRef && catalogueRef != PageRef.NONE) {
      offsetOf(catalogueRef);
      PendingFault.raise();
      checkedRef = catalogueRef;
    }
  }

  /// Pins the transaction of the durable superblock; the slot is claimed. Only while that
  /// superblock stays the durable one: until this returns, it is what pins the transaction.
  Snapshot begin(Superblock durable) {
    Word.setVolatile(state.segment(), slotOffset + ReaderSlot.TXN_ID, durable.txnId());
    txnId = durable.txnId();
    catalogueRef = durable.catalogueRef();
    highWater = durable.highWaterPage();
    fileSizeBytes = durable.fileSizeBytes();
    file = data.mapping(highWater << pageShift);
    return this;
  }

  /// Pins the newest transaction in a claimed slot of one's own.
  static long pinHead(MemorySegment shm, long slotOffset) {
    long t = Word.getVolatile(shm, SharedHeader.HEAD);
    while (true) {
      Word.setVolatile(shm, slotOffset + ReaderSlot.TXN_ID, t);
      VarHandle.fullFence();
      long now = Word.getVolatile(shm, SharedHeader.HEAD);
      if (now == t) {
        return t;
      }
      t = now;
    }
  }

  /// Copies the head record of `t`; false if a writer may have filled its place anew meanwhile.
  private boolean copyPlace(MemorySegment shm, long t) {
    long at = state.headPlace(t);
    txnId = Word.get(shm, at + HeadRecord.TXN_ID);
    catalogueRef = Word.get(shm, at + HeadRecord.CATALOGUE);
    highWater = Word.get(shm, at + HeadRecord.HIGH_WATER);
    fileSizeBytes = Word.get(shm, at + HeadRecord.FILE_SIZE);
    VarHandle.acquireFence();
    return Word.getVolatile(shm, SharedHeader.HEAD) <= t + LAG && txnId == t;
  }

  /// Lets go of the transaction. Segments handed out must not be read any more.
  public void end() {
    if (state.isExpelled()) {
      // The slot may be another process's by now.
      return;
    }
    try {
      try {
        if (noted) {
          noted = false;
          Word.set(state.segment(), slotOffset + ReaderSlot.SINCE, 0);
        }
        Word.setRelease(state.segment(), slotOffset + ReaderSlot.TXN_ID, ReaderSlot.FREE);
        PendingFault.raise();
      } catch (InternalError e) {
        throw MappedFaults.translate(this, e);
      }
    } catch (InternalError e) {
      // Whoever reads or writes next hears of it.
      state.noteTruncated();
    }
  }

  /// Notes, until the end, when the pin was taken, for whoever looks for old readers. Worth it for
  /// pins that may last.
  public void noteSince(long epochMillis) {
    noted = true;
    Word.set(state.segment(), slotOffset + ReaderSlot.SINCE, epochMillis);
  }

  /// Counts in the slot, which this snapshot alone writes to.
  @Override
  public void countLookup(boolean found) {
    if (!state.isExpelled()) {
      MemorySegment shm = state.segment();
      long at = slotOffset + (found ? ReaderSlot.HITS : ReaderSlot.MISSES);
      Word.setRelease(shm, at, Word.get(shm, at) + 1);
    }
  }

  @Override
  public void touch(long hash) {
    TouchedKeys.touch(state, hash);
  }

  /// Id of the transaction.
  public long txnId() {
    return txnId;
  }

  /// Root of the catalogue, or [PageRef#NONE].
  public long catalogueRef() {
    return catalogueRef;
  }

  /// First page number that the snapshot cannot contain.
  public long highWater() {
    return highWater;
  }

  /// Finds a table.
  ///
  /// @return null if there is none of this name
  public @Nullable TableRecord findTable(byte[] name) {
    return Catalogue.find(this, catalogueRef, name);
  }

  /// A place for the result of one lookup, for whoever holds the snapshot: so that a lookup
  /// allocates nothing.
  public ValueSlot slot() {
    return slot;
  }

  /// Everything the head record says.
  ///
  /// @return null if a writer may have filled its place anew
  @Nullable Head copyHead() {
    Head head = head();
    VarHandle.acquireFence();
    long now = Word.getVolatile(state.segment(), SharedHeader.HEAD);
    return now <= txnId + LAG && head.txnId() == txnId ? head : null;
  }

  /// Everything the head record says. Only while nobody can publish.
  Head head() {
    return HeadRecord.read(state.segment(), state.headPlace(txnId));
  }

  @Override
  public int pageSizeBytes() {
    return data.pageSizeBytes();
  }

  @Override
  public MemorySegment segmentOf(long ref) {
    return file;
  }

  @Override
  public boolean isTruncated() {
    return data.isTruncated() || state.isCut();
  }

  @Override
  public void noteTruncated() {
    state.noteTruncated();
  }

  @Override
  public long offsetOf(long ref) {
    return MappedPages.offsetOf(file, ref, pageShift, highWater);
  }
}

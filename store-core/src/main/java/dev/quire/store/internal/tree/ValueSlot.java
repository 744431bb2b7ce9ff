package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.PageRef;
import java.lang.foreign.MemorySegment;

/// Where a value lies: filled by a lookup, or handed to a put. Reused from call to call.
///
/// After a lookup, `segment`, `offset` and `length` name the bytes themselves, in the leaf or in
/// their overflow run, until the transaction ends.
public final class ValueSlot {

  public MemorySegment segment = MemorySegment.NULL;
  public long offset;
  public long length;

  /// Absolute expiry in milliseconds, 0 for none.
  public long expiryMillis;

  /// The overflow run that holds the value, or [PageRef#NONE]. In a put: a run that has been
  /// written already, of `length` bytes; then `segment` and `offset` are not looked at.
  public long runRef = PageRef.NONE;

  /// Whether a put leaves the value in the run that holds it already, and changes the expiry alone.
  public boolean keptRun;

  /// Names bytes to put, without expiry.
  public ValueSlot set(MemorySegment newSegment, long newOffset, long newLength) {
    segment = newSegment;
    offset = newOffset;
    length = newLength;
    expiryMillis = 0;
    runRef = PageRef.NONE;
    keptRun = false;
    return this;
  }

  /// Names the run that the entry has, to be kept.
  public ValueSlot keepRun(long ownRunRef, long newLength) {
    setRun(ownRunRef, newLength);
    keptRun = true;
    return this;
  }

  /// Names a written overflow run to put, without expiry.
  public ValueSlot setRun(long newRunRef, long newLength) {
    set(MemorySegment.NULL, 0, newLength);
    runRef = newRunRef;
    return this;
  }
}

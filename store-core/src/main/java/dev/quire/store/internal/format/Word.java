package dev.quire.store.internal.format;

import dev.quire.store.internal.region.PendingFault;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// One aligned 8-byte word of shared memory, with the access mode named at the call.
///
/// Offsets must be multiples of 8. A [#compareAndSet] reads the word plainly first: a fault in a
/// mapped read is an error that can be caught, one inside a compare-and-set is not.
public final class Word {

  private static final VarHandle WORD = Le.WORD.varHandle().withInvokeExactBehavior();

  private Word() {}

  public static long get(MemorySegment segment, long offset) {
    return (long) WORD.get(segment, offset);
  }

  public static void set(MemorySegment segment, long offset, long value) {
    WORD.set(segment, offset, value);
  }

  public static long getAcquire(MemorySegment segment, long offset) {
    return (long) WORD.getAcquire(segment, offset);
  }

  public static void setRelease(MemorySegment segment, long offset, long value) {
    WORD.setRelease(segment, offset, value);
  }

  public static long getVolatile(MemorySegment segment, long offset) {
    return (long) WORD.getVolatile(segment, offset);
  }

  public static void setVolatile(MemorySegment segment, long offset, long value) {
    WORD.setVolatile(segment, offset, value);
  }

  public static boolean compareAndSet(MemorySegment segment, long offset, long from, long to) {
    boolean equal = (long) WORD.get(segment, offset) == from;
    PendingFault.raise();
    return equal && WORD.compareAndSet(segment, offset, from, to);
  }
}

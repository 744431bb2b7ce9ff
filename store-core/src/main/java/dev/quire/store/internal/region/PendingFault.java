package dev.quire.store.internal.region;

/// A fault of mapped memory that the thread has run into and not heard of yet.
///
/// Where somebody cut a file that is mapped, a read beyond its new end gives any bytes at all; the
/// thread gets an [InternalError] at its next safepoint. In compiled code that may be far from the
/// read: behind the return from the method, in its caller. [#raise] is a safepoint.
public final class PendingFault {

  /// How often [#raise] polls. Volatile, so that no compiler can tell and leave the polls out; and
  /// so that no read before it is moved behind it.
  private static volatile int polls = 1;

  private PendingFault() {}

  /// Throws the error of a read that faulted, if there is one.
  public static void raise() {
    int done = 0;
    while (done < polls) {
      done++;
    }
  }
}

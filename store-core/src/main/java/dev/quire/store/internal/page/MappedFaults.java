package dev.quire.store.internal.page;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.region.PendingFault;
import org.jspecify.annotations.Nullable;

/// How every read of mapped pages ends, so that a file cut by somebody else is an exception and
/// never a wrong result.
///
/// A read that faults gives any bytes, and the error comes later ([PendingFault]). So a read is
/// always this, and returns nothing that was not settled:
///
/// ```java
/// try {
///   result = ...;
///   PendingFault.raise();
/// } catch (RuntimeException | Error e) {
///   throw MappedFaults.translate(pages, e);
/// }
/// ```
///
/// Translating settles as well: whatever went wrong may have gone wrong because of such bytes.
public final class MappedFaults {

  /// What the messages of the JVM's errors have in common.
  private static final String SIGN = "unsafe memory access";

  private MappedFaults() {}

  /// Makes sure that nothing read so far is the outcome of a fault.
  public static void settle(PageReader pages) {
    try {
      PendingFault.raise();
    } catch (InternalError e) {
      throw translate(pages, e);
    }
  }

  /// The exception of the store for what a read of mapped pages threw; errors other than a fault
  /// are thrown. After a fault the store refuses writes.
  public static RuntimeException translate(PageReader pages, Throwable thrown) {
    InternalError fault = faultOf(thrown);
    if (fault != null) {
      return truncated(pages, fault);
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof IndexOutOfBoundsException) {
      return damaged(
          pages,
          new CorruptPageException(
              new Violation(-1, "offsets within a page", String.valueOf(thrown.getMessage()))));
    }
    return thrown instanceof CorruptPageException e ? damaged(pages, e) : (RuntimeException) thrown;
  }

  /// Bytes behind the end of a file that was cut read as zeros up to the end of a page, or once it
  /// has grown again.
  private static RuntimeException damaged(PageReader pages, CorruptPageException found) {
    return pages.isTruncated() ? truncated(pages, found) : found;
  }

  private static RuntimeException truncated(PageReader pages, Throwable cause) {
    pages.noteTruncated();
    return new StoreTruncatedException(
        "a file of the store is shorter than what is mapped of it: something outside the store cut"
            + " it; close the store, and if it was the data file, restore a backup",
        cause);
  }

  /// The fault that is behind what was thrown, or null.
  private static @Nullable InternalError faultOf(Throwable thrown) {
    if (thrown instanceof InternalError error) {
      return String.valueOf(error.getMessage()).contains(SIGN) ? error : null;
    }
    try {
      PendingFault.raise();
      return null;
    } catch (InternalError e) {
      return e;
    }
  }
}

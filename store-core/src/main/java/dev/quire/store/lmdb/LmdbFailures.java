package dev.quire.store.lmdb;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.UnsupportedFormatException;
import dev.quire.store.errors.Violation;
import org.lmdbjava.LmdbException;
import org.lmdbjava.LmdbNativeException;

/// What LMDB's result codes are as exceptions of the store. The codes are those of `lmdb.h` and
/// `errno.h`.
final class LmdbFailures {

  static final int MAP_FULL = -30792;
  static final int MAP_RESIZED = -30785;
  static final int INCOMPATIBLE = -30784;
  static final int BAD_TXN = -30782;
  private static final int DBS_FULL = -30791;
  private static final int READERS_FULL = -30790;
  private static final int INVALID = -30793;
  private static final int VERSION_MISMATCH = -30794;
  private static final int PANIC = -30795;
  private static final int CORRUPTED = -30796;
  private static final int PAGE_NOT_FOUND = -30797;
  private static final int NO_SPACE = 28;

  private LmdbFailures() {}

  /// LMDB's result code, or 0 if the exception has none.
  static int codeOf(Throwable thrown) {
    return thrown instanceof LmdbNativeException failure ? failure.getResultCode() : 0;
  }

  /// The exception of the store for one of lmdbjava; others are returned as they are.
  ///
  /// @param what what was tried
  static RuntimeException translate(String what, RuntimeException thrown) {
    if (!(thrown instanceof LmdbException)) {
      return thrown;
    }
    String message = what + ": " + thrown.getMessage();
    return switch (codeOf(thrown)) {
      case MAP_FULL, NO_SPACE -> new StoreFullException(message, thrown);
      case DBS_FULL ->
          new StoreFullException(
              message + "; there is room for more tables when the store is opened again", thrown);
      case READERS_FULL ->
          new StoreFullException(message + "; close snapshots that are not needed", thrown);
      case INVALID -> new NotAStoreException(message, thrown);
      case VERSION_MISMATCH -> new UnsupportedFormatException(message, thrown);
      case CORRUPTED, PAGE_NOT_FOUND ->
          new CorruptPageException(new Violation(-1, "an intact page of LMDB", message));
      case PANIC -> new StoreFailedException(message, thrown);
      default -> new StoreIoException(message, thrown);
    };
  }
}

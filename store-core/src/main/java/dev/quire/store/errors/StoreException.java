package dev.quire.store.errors;

import org.jspecify.annotations.Nullable;

/// An operating failure of a store. Misuse of the API is reported by the JDK's own
/// [IllegalArgumentException], [IllegalStateException] and [NullPointerException] instead.
///
/// There is one subclass for each way in which a caller can react.
public abstract sealed class StoreException extends RuntimeException
    permits CodecException,
        CommitInDoubtException,
        CorruptPageException,
        NotAStoreException,
        StoreFailedException,
        StoreFullException,
        StoreIoException,
        StoreLockedException,
        StoreTruncatedException,
        UnsupportedFormatException {

  private static final long serialVersionUID = 1L;

  StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

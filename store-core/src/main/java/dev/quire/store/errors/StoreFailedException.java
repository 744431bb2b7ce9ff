package dev.quire.store.errors;

import org.jspecify.annotations.Nullable;

/// An earlier write or sync of this store failed. Writes are refused, reads go on; close the store
/// in every process and open it again to recover.
public final class StoreFailedException extends StoreException {

  private static final long serialVersionUID = 1L;

  public StoreFailedException(String message) {
    this(message, null);
  }

  public StoreFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

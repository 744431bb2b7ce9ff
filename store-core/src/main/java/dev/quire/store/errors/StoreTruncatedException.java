package dev.quire.store.errors;

import org.jspecify.annotations.Nullable;

/// The data file became shorter than the snapshot needs: something outside the store cut it.
public final class StoreTruncatedException extends StoreException {

  private static final long serialVersionUID = 1L;

  public StoreTruncatedException(String message) {
    this(message, null);
  }

  public StoreTruncatedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package dev.quire.store.errors;

import org.jspecify.annotations.Nullable;

/// There is no room for the write: the disk, the file system or a limit of the format is full. The
/// transaction is undone, everything committed is still there, and the store goes on once there is
/// space.
public final class StoreFullException extends StoreException {

  private static final long serialVersionUID = 1L;

  public StoreFullException(String message) {
    this(message, null);
  }

  public StoreFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package dev.quire.store.errors;

import org.jspecify.annotations.Nullable;

/// The operating system refused to read, map or open a file of the store.
public final class StoreIoException extends StoreException {

  private static final long serialVersionUID = 1L;

  public StoreIoException(String message) {
    this(message, null);
  }

  public StoreIoException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package dev.quire.store.errors;

import org.jspecify.annotations.Nullable;

/// The path does not hold a Quire store: a plain file, a directory of something else, or a store
/// whose creation never finished.
public final class NotAStoreException extends StoreException {

  private static final long serialVersionUID = 1L;

  public NotAStoreException(String message) {
    this(message, null);
  }

  public NotAStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package dev.quire.store.errors;

import org.jspecify.annotations.Nullable;

/// The store, or the writer's turn in it, is held by somebody else. The message names the holder.
public final class StoreLockedException extends StoreException {

  private static final long serialVersionUID = 1L;

  public StoreLockedException(String message) {
    this(message, null);
  }

  public StoreLockedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

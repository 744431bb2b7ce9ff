package dev.quire.store.errors;

import org.jspecify.annotations.Nullable;

/// The store was written in a format, or with a page size, that this version cannot read.
public final class UnsupportedFormatException extends StoreException {

  private static final long serialVersionUID = 1L;

  public UnsupportedFormatException(String message) {
    this(message, null);
  }

  public UnsupportedFormatException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package dev.quire.store.errors;

import org.jspecify.annotations.Nullable;

/// An entry of a typed view has bytes that the view's codec cannot read. The entry is as it was:
/// read it as bytes, remove its key, or open the view with the codec that wrote it.
public final class CodecException extends StoreException {

  private static final long serialVersionUID = 1L;

  public CodecException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package dev.quire.store.errors;

import org.jspecify.annotations.Nullable;

/// A commit failed after its first byte had reached the redo ring: the transaction may or may not
/// be there when the store is opened again. The store refuses further writes until then.
public final class CommitInDoubtException extends StoreException {

  private static final long serialVersionUID = 1L;

  public CommitInDoubtException(String message) {
    this(message, null);
  }

  public CommitInDoubtException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

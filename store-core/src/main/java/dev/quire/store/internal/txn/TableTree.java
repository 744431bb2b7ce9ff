package dev.quire.store.internal.txn;

import dev.quire.store.internal.tree.TreeRoot;

/// STUB.
@SuppressWarnings("DoNotCallSuggester")
public final class TableTree {
  public TreeRoot root() {
    throw new UnsupportedOperationException();
  }

  public long version() {
    return 0;
  }
}

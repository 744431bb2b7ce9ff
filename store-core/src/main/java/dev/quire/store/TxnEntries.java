package dev.quire.store;

import dev.quire.store.internal.view.ChangeableEntries;
import dev.quire.store.internal.view.EntrySource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A table of a transaction: every read sees what that sees, and every change is one of it.
final class TxnEntries extends TableEntries implements EntrySource {

  private final ReadTxn txn;

  TxnEntries(ReadTxn txn, String name) {
    super(txn.table(name));
    this.txn = txn;
  }

  @Override
  public <T extends @Nullable Object> T change(Function<ChangeableEntries, T> work) {
    if (!(txn instanceof WriteTxn)) {
      throw new UnsupportedOperationException("the map is that of a snapshot: it cannot change");
    }
    return work.apply(this);
  }
}

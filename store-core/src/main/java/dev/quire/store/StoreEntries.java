package dev.quire.store;

import dev.quire.store.internal.view.ChangeableEntries;
import dev.quire.store.internal.view.EntrySource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A table of a store: each read sees the newest commit, each change is a transaction.
final class StoreEntries extends TableEntries implements EntrySource {

  private final Store store;
  private final String name;

  StoreEntries(Store store, String name) {
    super(store.table(name));
    this.store = store;
    this.name = name;
  }

  @Override
  public <T extends @Nullable Object> T change(Function<ChangeableEntries, T> work) {
    return store.write(txn -> work.apply(new TableEntries(txn.table(name))));
  }
}

package dev.quire.store;

import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.tree.TreeRoot;
import dev.quire.store.internal.txn.Catalogue;

/// A table found in the catalogue of a snapshot.
record FoundTable(TableRecord record, TreeRoot root) {

  static FoundTable of(TableRecord record) {
    return new FoundTable(record, Catalogue.root(record));
  }
}

package dev.quire.store.server.run;

import dev.quire.store.Table;
import dev.quire.store.WriteTxn;
import org.jspecify.annotations.Nullable;

/// The databases in a write transaction.
final class Changing implements Keyspace {

  private final WriteTxn txn;
  private final String[] names;
  private final @Nullable Table[] tables;

  Changing(WriteTxn txn, String[] names) {
    this.txn = txn;
    this.names = names;
    this.tables = new Table[names.length];
  }

  @Override
  public Table table(int db) {
    Table table = tables[db];
    if (table == null) {
      table = txn.table(names[db]);
      tables[db] = table;
    }
    return table;
  }
}

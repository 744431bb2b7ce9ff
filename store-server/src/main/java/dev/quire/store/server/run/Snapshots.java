package dev.quire.store.server.run;

import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import org.jspecify.annotations.Nullable;

/// The snapshot of the event loop: begun by the first read that needs one, and kept until [#end].
final class Snapshots implements Keyspace {

  private final Store store;
  private final String[] names;
  private final @Nullable Table[] tables;
  private @Nullable ReadTxn txn;

  Snapshots(Store store, String[] names) {
    this.store = store;
    this.names = names;
    this.tables = new Table[names.length];
  }

  @Override
  public Table table(int db) {
    Table table = tables[db];
    if (table == null) {
      ReadTxn open = txn;
      if (open == null) {
        open = store.beginRead();
        txn = open;
      }
      table = open.table(names[db]);
      tables[db] = table;
    }
    return table;
  }

  void end() {
    ReadTxn open = txn;
    if (open != null) {
      txn = null;
      java.util.Arrays.fill(tables, null);
      open.close();
    }
  }
}

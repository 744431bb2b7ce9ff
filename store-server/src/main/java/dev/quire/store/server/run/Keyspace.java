package dev.quire.store.server.run;

import dev.quire.store.Table;

/// The databases as one transaction sees them.
public interface Keyspace {

  /// The table of a database.
  Table table(int db);
}

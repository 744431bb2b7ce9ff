package dev.quire.store.cli;

import picocli.CommandLine.Parameters;

/// The store, the table and the key of a command that changes one entry.
@SuppressWarnings("NullAway.Init") // set by picocli
final class EntryTarget extends StoreTarget {

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String table;

  @Parameters(index = "2", paramLabel = "KEY", description = "The key; - reads the standard input.")
  private String key;

  /// Set by picocli.
  EntryTarget() {}

  EntryTarget(String store, String table, String key) {
    super(store);
    this.table = table;
    this.key = key;
  }

  String table() {
    return table;
  }

  /// The key as it was written.
  String key() {
    return key;
  }
}

package dev.quire.store.cli;

import java.io.IOException;

/// Writes tables in one of the forms that `dump` knows.
interface DumpWriter {

  /// Begins a table.
  void table(TableHead head) throws IOException;

  /// Writes an entry of the table.
  ///
  /// @param expiresMillis 0 if it does not expire
  void entry(byte[] key, byte[] value, long expiresMillis) throws IOException;

  /// Ends the table.
  void endTable() throws IOException;

  /// Ends the dump.
  void end() throws IOException;
}

package dev.quire.store.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads what a [DumpWriter], or another program, has written: table by table.
interface DumpReader {

  /// An entry.
  ///
  /// @param expiresMillis 0 if it does not expire
  record Entry(byte[] key, byte[] value, long expiresMillis) {}

  /// Goes to the next table; null if there is none, and the dump is whole.
  ///
  /// @throws CommandFailure if what follows is no dump, or ends too early
  @Nullable TableHead nextTable() throws IOException;

  /// The next entry of the table, or null if there is none.
  ///
  /// @throws CommandFailure as for [#nextTable]
  @Nullable Entry nextEntry() throws IOException;

  /// Where the reader is, for messages: `line 7`.
  String place();

  /// What is read is not what it must be.
  static CommandFailure failure(String place, String what) {
    return new CommandFailure(ExitCode.USAGE, place + ": " + what);
  }
}

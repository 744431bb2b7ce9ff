package dev.quire.store.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Where the shell gets its lines from.
interface ShellLines extends AutoCloseable {

  /// The next line, or null if there is none.
  ///
  /// @param prompt shown to somebody at a terminal
  @Nullable String next(String prompt) throws IOException;

  @Override
  void close() throws IOException;
}

package dev.quire.store.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The lines of a pipe, a file or a dumb terminal.
///
/// @param output which has them
record PlainLines(Output output) implements ShellLines {

  @Override
  public @Nullable String next(String prompt) throws IOException {
    if (output.isTerminal()) {
      output.prompt(prompt);
    }
    return output.readLine();
  }

  @Override
  public void close() {
    // Nothing was opened.
  }
}

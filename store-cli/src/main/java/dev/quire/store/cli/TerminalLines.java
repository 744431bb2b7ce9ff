package dev.quire.store.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/// The lines that somebody types at a terminal: edited, completed, and found again later.
final class TerminalLines implements ShellLines {

  private final Terminal terminal;
  private final LineReader reader;

  /// @param terminal closed in the end
  /// @param history file of earlier lines, or null if they are not kept
  TerminalLines(Terminal terminal, Completer completer, @Nullable Path history) {
    this.terminal = terminal;
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("quire")
            .completer(completer)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.HISTORY_IGNORE_SPACE, true);
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    this.reader = builder.build();
  }

  /// Those of this process's terminal.
  static TerminalLines ofProcess(Completer completer) throws IOException {
    Map<String, String> environment = System.getenv();
    return new TerminalLines(Screen.terminal(), completer, ShellHistory.prepare(environment));
  }

  /// @return null after ^D
  @Override
  public @Nullable String next(String prompt) {
    while (true) {
      try {
        return reader.readLine(prompt);
      } catch (UserInterruptException e) {
        // ^C: the line is forgotten, and the next one begins.
      } catch (EndOfFileException e) {
        return null;
      }
    }
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}

package dev.quire.store.cli;

import java.io.IOException;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp.Capability;

/// The whole of a terminal, with lines that are shown again and again, until q or ^C.
final class TopScreen implements AutoCloseable {

  private static final int KEY_INTERRUPT = 3;
  private static final int NO_KEY = -2;
  private static final long GLANCE_MILLIS = 100;

  private final Terminal terminal;
  private final Attributes before;
  private volatile boolean interrupted;
  private volatile boolean resized;
  private List<String> shown = List.of();

  /// @param terminal closed in the end
  TopScreen(Terminal terminal) {
    this.terminal = terminal;
    terminal.handle(Terminal.Signal.INT, _ -> interrupted = true);
    terminal.handle(Terminal.Signal.WINCH, _ -> resized = true);
    this.before = terminal.enterRawMode();
    terminal.puts(Capability.enter_ca_mode);
    terminal.puts(Capability.cursor_invisible);
    terminal.flush();
  }

  /// Shows lines in place of what was there: as many, and as much of each, as there is room for.
  void show(List<String> lines) {
    shown = lines;
    Size size = terminal.getSize();
    int rows = size.getRows() > 0 ? size.getRows() : 24;
    int columns = size.getColumns() > 0 ? size.getColumns() : 80;
    StringBuilder text = new StringBuilder("\u001b[H");
    for (String line : lines.subList(0, Math.min(lines.size(), rows))) {
      text.append(text.length() > 3 ? "\r\n" : "");
      text.append(line, 0, Math.min(line.length(), columns)).append("\u001b[K");
    }
    terminal.writer().print(text.append("\u001b[J"));
    terminal.flush();
  }

  /// Waits.
  ///
  /// @return whether it shall go on
  boolean await(long millis) throws IOException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (!interrupted) {
      if (resized) {
        resized = false;
        show(shown);
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return true;
      }
      int key = terminal.reader().read(Math.min(left, GLANCE_MILLIS));
      if (key == 'q' || key == 'Q' || key == KEY_INTERRUPT || key < 0 && key != NO_KEY) {
        return false;
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    terminal.puts(Capability.cursor_visible);
    terminal.puts(Capability.exit_ca_mode);
    terminal.flush();
    terminal.setAttributes(before);
    terminal.close();
  }
}

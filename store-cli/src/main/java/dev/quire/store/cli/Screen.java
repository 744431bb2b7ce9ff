package dev.quire.store.cli;

import java.io.IOException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/// The terminal of this process, driven by the programs `stty` and `tty`: without native code.
final class Screen {

  private Screen() {}

  /// Opens it.
  static Terminal terminal() throws IOException {
    return TerminalBuilder.builder()
        .system(true)
        .exec(true)
        .ffm(false)
        .jni(false)
        .dumb(true)
        .build();
  }
}

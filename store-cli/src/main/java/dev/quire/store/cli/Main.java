package dev.quire.store.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command `quire`.
@Command(
    name = "quire",
    mixinStandardHelpOptions = true,
    description = "An embedded, ordered key-value store.")
public final class Main implements Runnable {

  private Main() {}

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /// Runs one command and exits with its code.
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}

package dev.quire.store.cli;

import java.io.IOException;
import picocli.CommandLine.Option;

/// A command that destroys something asks first; where nobody can be asked it wants `--force`.
final class Confirmation {

  @Option(names = "--force", description = "Do not ask.")
  private boolean force;

  /// Goes on if it may.
  ///
  /// @param what is about to be done, as "drops 3 entries"
  /// @param word that somebody at a terminal has to type
  void require(Output output, String what, String word) throws IOException {
    if (force) {
      return;
    }
    if (!output.isTerminal()) {
      throw new CommandFailure(
          ExitCode.USAGE, "this " + what + "; nothing was done. --force does it without asking");
    }
    output.ask("this " + what + ". Type " + word + " to go on:");
    String answer = output.readLine();
    if (answer == null || !answer.strip().equals(word)) {
      throw new CommandFailure(ExitCode.NOT_FOUND, "nothing was done");
    }
  }
}

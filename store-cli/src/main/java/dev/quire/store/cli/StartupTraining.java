package dev.quire.store.cli;

import java.io.IOException;
import java.util.List;

/// What the JVM watches to learn which classes commands need, and how they are linked: the launcher
/// runs this once and keeps what was learned in a file, with which later commands begin faster.
final class StartupTraining {

  /// The only argument of the program that does it.
  static final String ARGUMENT = "--train-startup";

  private static final List<String> COMMANDS =
      List.of(
          "put",
          "get",
          "get --json",
          "scan",
          "keys",
          "count",
          "incr",
          "ttl",
          "tables",
          "stat",
          "del");

  private StartupTraining() {}

  /// Runs the commonest commands on a temporary store.
  static ExitCode run() {
    Output nowhere = Output.ofNobody();
    try (Scratch scratch = new Scratch()) {
      String store = scratch.path().resolve("store").toString();
      for (String command : COMMANDS) {
        List<String> words =
            switch (command) {
              case "put" -> List.of("put", store, "t", "k", "v");
              case "get", "ttl", "del" -> List.of(command, store, "t", "k");
              case "get --json" -> List.of("get", "--json", store, "t", "k");
              case "incr" -> List.of("incr", store, "counters", "k");
              case "tables", "stat" -> List.of(command, store);
              default -> List.of(command, store, "t");
            };
        ExitCode done = Main.run(nowhere, words);
        if (done != ExitCode.OK) {
          return done;
        }
      }
      return ExitCode.OK;
    } catch (IOException e) {
      return ExitCode.UNAVAILABLE;
    }
  }
}

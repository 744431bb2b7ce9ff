package dev.quire.store.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// This program, to be started once more.
final class OwnProgram {

  private OwnProgram() {}

  /// The command line that runs it with other words.
  static ProcessBuilder with(List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(words);
    return new ProcessBuilder(command);
  }
}

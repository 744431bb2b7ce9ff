package dev.quire.store.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The files of a distribution that are made of the commands: what lets shells complete them, and
/// their manual. The build runs it.
final class Handbook {

  private Handbook() {}

  /// Writes them.
  ///
  /// @param arguments the directory, made if there is none
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    Path completions = Files.createDirectories(directory.resolve("completions"));
    for (String shell : List.of("bash", "zsh", "fish")) {
      write(completions.resolve("quire." + shell), "completion", shell);
    }
    Path pages = Files.createDirectories(directory.resolve("man/man1"));
    write(pages.resolve("quire.1"), "man");
    for (CommandList.Group group : CommandList.groups()) {
      for (String command : group.commands().keySet()) {
        write(pages.resolve("quire-" + command + ".1"), "man", command);
      }
    }
  }

  /// Runs a command that prints the file.
  private static void write(Path file, String... command) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      Output output = new Output(new ByteArrayInputStream(new byte[0]), out, System.err, false);
      ExitCode code = Main.run(output, List.of(command));
      output.flush();
      if (code != ExitCode.OK) {
        throw new IOException(file + " cannot be made: exit code " + code);
      }
    }
  }
}

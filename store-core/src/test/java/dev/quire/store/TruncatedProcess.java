package dev.quire.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A process that runs [TruncatedWork].
final class TruncatedProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader lines;

  private TruncatedProcess(Process process) {
    this.process = process;
    this.lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
  }

  /// Starts a process that does `work`, so many rounds, each in a new store below `directory`.
  static TruncatedProcess start(Path directory, String work, int rounds) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            java,
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            TruncatedWork.class.getName(),
            directory.toString(),
            work,
            Integer.toString(rounds));
    return new TruncatedProcess(builder.redirectErrorStream(true).start());
  }

  /// The next line that it prints.
  String nextLine() throws IOException {
    return String.valueOf(lines.readLine());
  }

  /// The lines that are left, and its exit code.
  String end() throws IOException, InterruptedException {
    StringBuilder rest = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      rest.append(line).append('\n');
    }
    return rest + "exit code " + process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

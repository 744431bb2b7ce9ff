package dev.quire.store.bench.figures;

import dev.quire.store.bench.Main;
import dev.quire.store.bench.work.Metric;
import dev.quire.store.bench.work.Trial;
import dev.quire.store.bench.work.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs one trial in a new JVM: this one's program and class path, the flags that its store needs,
/// and no others'.
///
/// The child prints a line `figure METRIC NUMBER` for each figure; see [#print].
public final class ChildJvm {

  /// Flags of every child, so that all have the same collector whatever the machine.
  static final List<String> FLAGS = List.of("-XX:+UseG1GC", "-Xms1g", "-Xmx6g");

  private static final String PREFIX = "figure ";
  private static final long LONGEST_MINUTES = 20;

  private ChildJvm() {}

  /// Prints figures as [#run] reads them.
  public static void print(Map<Metric, Double> figures) {
    figures.forEach((metric, figure) -> System.out.println(PREFIX + metric + " " + figure));
  }

  /// Runs the trial.
  ///
  /// @throws IOException if the child fails; with what it printed
  static Map<Metric, Double> run(Workload workload, Trial trial)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("quire-bench", ".txt");
    try {
      Process child =
          new ProcessBuilder(command(workload, trial))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        if (!child.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
          throw new IOException("no result after " + LONGEST_MINUTES + " minutes");
        }
      } finally {
        child.destroyForcibly();
      }
      List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
      if (child.exitValue() != 0) {
        throw new IOException("exit code " + child.exitValue() + "\n" + String.join("\n", lines));
      }
      return parse(lines);
    } finally {
      Files.delete(output);
    }
  }

  private static List<String> command(Workload workload, Trial trial) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(trial.kind().jvmFlags());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(Main.TRIAL, workload.name()));
    command.addAll(trial.words());
    return command;
  }

  private static Map<Metric, Double> parse(List<String> lines) {
    Map<Metric, Double> figures = new EnumMap<>(Metric.class);
    for (String line : lines) {
      if (line.startsWith(PREFIX)) {
        int blank = line.lastIndexOf(' ');
        Metric metric = Metric.valueOf(line.substring(PREFIX.length(), blank));
        figures.put(metric, Double.valueOf(line.substring(blank + 1)));
      }
    }
    return figures;
  }
}

package dev.quire.store.bench.figures;

import dev.quire.store.bench.Main;
import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.report.Result;
import dev.quire.store.bench.work.Metric;
import dev.quire.store.bench.work.Trial;
import dev.quire.store.bench.work.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Runs trials in processes of their own: new JVMs with this one's program and class path, the
/// flags that their store needs, and no others'; or the program in C.
///
/// A child prints a line for each figure, see [Result#figureLine].
public final class Children {

  /// Flags of every JVM, so that all have the same collector whatever the machine.
  static final List<String> FLAGS = List.of("-XX:+UseG1GC", "-Xms1g", "-Xmx6g");

  private static final long LONGEST_MINUTES = 20;

  private final LmdbProgram program = new LmdbProgram();

  /// Prints figures as [#run] reads them.
  public static void print(Map<Metric, Double> figures) {
    figures.forEach((metric, figure) -> System.out.println(Result.figureLine(metric, figure)));
  }

  /// Whether there is what a store needs on this machine.
  boolean canRun(PeerKind kind) throws IOException, InterruptedException {
    return !kind.isNative() || program.find().isPresent();
  }

  /// Runs the trial.
  ///
  /// @throws IOException if the child fails; with what it printed
  Map<Metric, Double> run(Workload workload, Trial trial) throws IOException, InterruptedException {
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
      Map<Metric, Double> figures = Result.figures(lines);
      if (child.exitValue() != 0 || figures.isEmpty()) {
        throw new IOException("exit code " + child.exitValue() + "\n" + String.join("\n", lines));
      }
      return figures;
    } finally {
      Files.delete(output);
    }
  }

  private List<String> command(Workload workload, Trial trial)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (trial.kind().isNative()) {
      Optional<Path> found = program.find();
      command.add(found.orElseThrow(() -> new IOException("not installed")).toString());
    } else {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(FLAGS);
      command.addAll(trial.kind().jvmFlags());
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
      command.add(Main.TRIAL);
    }
    command.add(workload.name());
    command.addAll(trial.words());
    return command;
  }
}

package dev.quire.store.bench.figures;

import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.peer.Place;
import dev.quire.store.bench.work.Directories;
import dev.quire.store.bench.work.Metric;
import dev.quire.store.bench.work.Trial;
import dev.quire.store.bench.work.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Measures everything that the options ask for and writes the table.
///
/// In a round every workload is done by all its stores, one after the other, each in a JVM of its
/// own; the next round begins with another store. So a bad minute of the machine meets all of them.
public final class Figures {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT);

  private final FiguresOptions options;
  private final List<String> command;
  private final PrintStream progress;
  private final FigureTable table = new FigureTable();
  private int failures;

  /// @param command the words of the command line, for the head of the table
  /// @param progress where a line for each trial goes
  public Figures(FiguresOptions options, List<String> command, PrintStream progress) {
    this.options = options;
    this.command = List.copyOf(command);
    this.progress = progress;
  }

  /// Measures.
  ///
  /// @return the table, with its head
  public String run() throws IOException, InterruptedException {
    String loadBefore = Machine.load();
    Path parent = options.directory();
    Path disk = parent == null ? Files.createTempDirectory("quire-bench") : parent;
    Files.createDirectories(disk);
    Path own = disk.resolve("quire-bench-" + ProcessHandle.current().pid());
    Path memory = options.memoryDirectory().resolve(own.getFileName());
    String fileSystem = Machine.fileSystem(disk);
    try {
      for (int round = 1; round <= options.rounds(); round++) {
        try (LoadedStores stores = new LoadedStores(options, own, memory)) {
          runRound(round, stores);
        }
      }
    } finally {
      if (parent == null) {
        Directories.delete(disk);
      }
    }
    return head(loadBefore, fileSystem) + "\n" + table.markdown();
  }

  /// Trials that gave no figures.
  public int failures() {
    return failures;
  }

  private void runRound(int round, LoadedStores stores) throws IOException, InterruptedException {
    for (Workload workload : options.workloads()) {
      List<PeerKind> kinds = new ArrayList<>(workload.peers());
      kinds.retainAll(options.peers());
      Collections.rotate(kinds, 1 - round);
      for (PeerKind kind : kinds) {
        String name = round + " " + workload.commandName() + " " + kind.commandName();
        try {
          runTrial(name, round, workload, kind, stores);
        } catch (IOException e) {
          failures++;
          progress.println(name + ": FAILED: " + e.getMessage());
        }
      }
    }
  }

  private void runTrial(
      String name, int round, Workload workload, PeerKind kind, LoadedStores stores)
      throws IOException, InterruptedException {
    Place place = stores.place(workload, kind);
    try {
      Trial trial = new Trial(kind, place, options.warmupMillis(), options.measureMillis(), round);
      Map<Metric, Double> figures = ChildJvm.run(workload, trial);
      figures.forEach((metric, figure) -> table.add(metric, kind, figure));
      progress.println(name + ": " + figures);
    } finally {
      stores.giveBack(workload, place);
    }
  }

  private String head(String loadBefore, String fileSystem) {
    String date = DATE.format(ZonedDateTime.now(ZoneOffset.UTC));
    return String.join(
        "\n",
        "- Date: " + date + ", commit " + Machine.commit(),
        "- Machine: " + Machine.hardware(),
        "- JDK: " + Machine.jdk() + "; every JVM: `" + String.join(" ", ChildJvm.FLAGS) + "`",
        "- Kernel: " + Machine.kernel() + "; file system: " + fileSystem,
        "- Load average before: "
            + loadBefore
            + (Machine.isQuiet(loadBefore) ? "" : " (**busy with other work**)")
            + "; after: "
            + Machine.load(),
        "- Command: `java -jar store-bench.jar " + String.join(" ", command) + "`",
        String.format(
            Locale.ROOT,
            "- Entries: %,d; rounds: %d; warm-up %,d ms, measured %,d ms or more;"
                + " median (least-greatest) **ratio to lmdbjava**",
            options.entries(),
            options.rounds(),
            options.warmupMillis(),
            options.measureMillis()),
        "");
  }
}

package dev.quire.store.bench.figures;

import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.peer.Place;
import dev.quire.store.bench.report.Facts;
import dev.quire.store.bench.report.Result;
import dev.quire.store.bench.report.Results;
import dev.quire.store.bench.report.Subject;
import dev.quire.store.bench.work.Directories;
import dev.quire.store.bench.work.Metric;
import dev.quire.store.bench.work.Trial;
import dev.quire.store.bench.work.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Measures everything that the options ask for and that is not among the results yet.
///
/// In a round every workload is done by all its stores, one after the other, each in a process of
/// its own; the next round begins with another store. So a bad minute of the machine meets all of
/// them.
public final class Figures {

  private static final long NANOS_PER_MINUTE = 60_000_000_000L;

  private final FiguresOptions options;
  private final Results results;
  private final PrintStream progress;
  private final Children children = new Children();
  private final Map<String, String> facts = new TreeMap<>();
  private final long begun = System.nanoTime();
  private int failures;
  private int postponed;

  /// @param results where each result goes
  /// @param progress where a line for each trial goes
  public Figures(FiguresOptions options, Results results, PrintStream progress) {
    this.options = options;
    this.results = results;
    this.progress = progress;
  }

  /// Measures.
  public void run() throws IOException, InterruptedException {
    String loadBefore = Machine.load();
    Path parent = options.directory();
    Path disk = parent == null ? Files.createTempDirectory("quire-bench") : parent;
    Files.createDirectories(disk);
    Path own = disk.resolve("quire-bench-" + ProcessHandle.current().pid());
    Path memory = options.memoryDirectory().resolve(own.getFileName());
    facts.putAll(Machine.facts(disk, loadBefore));
    facts.put(
        "warm-up-and-measured",
        String.format(
            Locale.ROOT,
            "%,d ms and %,d ms or more",
            options.warmupMillis(),
            options.measureMillis()));
    try {
      for (int round = 1; round <= options.rounds(); round++) {
        try (LoadedStores stores = new LoadedStores(options, children, own, memory)) {
          runRound(round, stores);
        }
      }
    } finally {
      if (parent == null) {
        Directories.delete(disk);
      }
    }
  }

  /// Trials that gave no figures though their store is there.
  public int failures() {
    return failures;
  }

  /// Trials for which there was no time.
  public int postponed() {
    return postponed;
  }

  private void runRound(int round, LoadedStores stores) throws IOException, InterruptedException {
    for (Workload workload : options.workloads()) {
      List<PeerKind> kinds = new ArrayList<>(workload.peers());
      kinds.retainAll(options.peers());
      Collections.rotate(kinds, 1 - round);
      for (PeerKind kind : kinds) {
        Subject subject = new Subject(workload, kind, options.entries(), round);
        if (results.has(subject)) {
          continue;
        }
        if (isTimeUp()) {
          postponed++;
        } else if (children.canRun(kind)) {
          attempt(subject, stores);
        } else {
          write(subject, Map.of(), "not installed");
        }
      }
    }
  }

  private boolean isTimeUp() {
    return options.minutes() > 0
        && System.nanoTime() - begun > options.minutes() * NANOS_PER_MINUTE;
  }

  private void attempt(Subject subject, LoadedStores stores)
      throws IOException, InterruptedException {
    try {
      write(subject, measure(subject, stores), "");
    } catch (IOException e) {
      failures++;
      progress.println(subject + ": FAILED: " + e.getMessage());
      write(subject, Map.of(), "failed");
    }
  }

  private Map<Metric, Double> measure(Subject subject, LoadedStores stores)
      throws IOException, InterruptedException {
    Place place = stores.place(subject.workload(), subject.kind());
    try {
      Trial trial =
          new Trial(
              subject.kind(),
              place,
              options.warmupMillis(),
              options.measureMillis(),
              subject.round());
      return children.run(subject.workload(), trial);
    } finally {
      stores.giveBack(subject.workload(), place);
    }
  }

  private void write(Subject subject, Map<Metric, Double> figures, String reason)
      throws IOException {
    Map<String, String> all = new TreeMap<>(facts);
    all.put(Facts.DATE, Machine.date());
    results.write(new Result(subject, figures, reason, all));
    long seconds = (System.nanoTime() - begun) / (NANOS_PER_MINUTE / 60);
    progress.println(
        subject + " after " + seconds + " s: " + (reason.isEmpty() ? figures : reason));
  }
}

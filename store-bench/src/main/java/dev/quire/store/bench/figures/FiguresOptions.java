package dev.quire.store.bench.figures;

import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.work.Workload;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the command line asks for.
///
/// @param entries how many entries each store holds (1,000 and up)
/// @param workloads what is measured
/// @param peers which stores, as far as a workload has them
/// @param rounds how often everything is measured (1 and up)
/// @param warmupMillis time of the same work before anything is measured
/// @param measureMillis least time of what is measured
/// @param directory on the medium to be measured, or null for a temporary one
/// @param memoryDirectory in a file system that lies in memory
/// @param results where results are kept, or null if they are not
/// @param minutes after this no further trial begins; 0 for no such limit
/// @param markdown where the tables go, or null for the standard output
/// @param charts where the charts go, or null for none
public record FiguresOptions(
    int entries,
    List<Workload> workloads,
    List<PeerKind> peers,
    int rounds,
    int warmupMillis,
    int measureMillis,
    @Nullable Path directory,
    Path memoryDirectory,
    @Nullable Path results,
    int minutes,
    @Nullable Path markdown,
    @Nullable Path charts) {

  /// Shown for `--help`.
  public static final String USAGE =
      """
      usage: java -jar store-bench.jar figures [options]      one process
             java -jar store-bench.jar processes [options]    some that share a store
             java -jar store-bench.jar report --results R [options]   of what was measured

        --entries N        entries of each store [1000000]
        --only NAME,...    measure only these: for figures
                           %s;
                           for processes
                           %s
        --peers NAME,...   only these stores:
                           %s
        --rounds R         measure everything R times, the stores in turns [3; processes: 1]
        --warmup MILLIS    the same work before anything is measured [3000; processes: 6000]
        --measure MILLIS   least time of what is measured [3000; processes: 2000]
        --dir D            on the disk to be measured [a temporary directory]
        --memory-dir D     in a file system that lies in memory [/dev/shm]
        --results R        keep each result there, and measure only what is not there yet
        --minutes M        begin nothing after M minutes [no limit]
        --markdown FILE    write the tables there [standard output]
        --charts D         write charts there [none]
      """
          .formatted(
              names(Workload.SINGLE, Workload::commandName),
              names(Workload.SHARED, Workload::commandName),
              names(List.of(PeerKind.values()), PeerKind::commandName));

  private static final int LEAST_ENTRIES = 1000;

  private static <E> String names(List<E> all, Function<E, String> name) {
    return all.stream().map(name).collect(Collectors.joining(", "));
  }

  /// What is measured if nothing else is asked for.
  public static FiguresOptions defaults() {
    return new FiguresOptions(
        1_000_000,
        Workload.SINGLE,
        List.of(PeerKind.values()),
        3,
        3000,
        3000,
        null,
        Path.of("/dev/shm"),
        null,
        0,
        null,
        null);
  }

  /// What is measured of several processes if nothing else is asked for: some minutes in all.
  public static FiguresOptions processDefaults() {
    FiguresOptions options = defaults();
    return new FiguresOptions(
        options.entries,
        Workload.SHARED,
        options.peers,
        1,
        6000,
        2000,
        options.directory,
        options.memoryDirectory,
        options.results,
        options.minutes,
        options.markdown,
        options.charts);
  }

  /// What is reported if nothing else is asked for: everything.
  public static FiguresOptions reportDefaults() {
    FiguresOptions options = defaults();
    return new FiguresOptions(
        options.entries,
        List.of(Workload.values()),
        options.peers,
        options.rounds,
        options.warmupMillis,
        options.measureMillis,
        options.directory,
        options.memoryDirectory,
        options.results,
        options.minutes,
        options.markdown,
        options.charts);
  }

  /// Reads the words after the command.
  ///
  /// @param defaults what is taken if the words do not say it
  /// @throws UsageException if a word is not known or not allowed
  public static FiguresOptions parse(FiguresOptions defaults, List<String> words)
      throws UsageException {
    FiguresOptions options = defaults;
    for (Iterator<String> each = words.iterator(); each.hasNext(); ) {
      String option = each.next();
      if (!each.hasNext()) {
        throw new UsageException(option + ": not known, or its value is missing");
      }
      options = options.with(option, each.next());
    }
    return options;
  }

  private FiguresOptions with(String option, String value) throws UsageException {
    int entries = this.entries;
    List<Workload> workloads = this.workloads;
    List<PeerKind> peers = this.peers;
    int rounds = this.rounds;
    int warmupMillis = this.warmupMillis;
    int measureMillis = this.measureMillis;
    Path directory = this.directory;
    Path memoryDirectory = this.memoryDirectory;
    Path results = this.results;
    int minutes = this.minutes;
    Path markdown = this.markdown;
    Path charts = this.charts;
    switch (option) {
      case "--entries" -> entries = number(option, value, LEAST_ENTRIES);
      case "--only" -> workloads = chosen(option, value, Workload.values(), Workload::commandName);
      case "--peers" -> peers = chosen(option, value, PeerKind.values(), PeerKind::commandName);
      case "--rounds" -> rounds = number(option, value, 1);
      case "--warmup" -> warmupMillis = number(option, value, 0);
      case "--measure" -> measureMillis = number(option, value, 1);
      case "--dir" -> directory = Path.of(value);
      case "--memory-dir" -> memoryDirectory = Path.of(value);
      case "--results" -> results = Path.of(value);
      case "--minutes" -> minutes = number(option, value, 1);
      case "--charts" -> charts = Path.of(value);
      case "--markdown" -> markdown = Path.of(value);
      default -> throw new UsageException(option + ": not known");
    }
    return new FiguresOptions(
        entries,
        workloads,
        peers,
        rounds,
        warmupMillis,
        measureMillis,
        directory,
        memoryDirectory,
        results,
        minutes,
        markdown,
        charts);
  }

  private static int number(String option, String value, int least) throws UsageException {
    try {
      int number = Integer.parseInt(value.replace("_", ""));
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new UsageException(option + " " + value + ": must be a number, " + least + " or more");
  }

  private static <E> List<E> chosen(String option, String value, E[] all, Function<E, String> name)
      throws UsageException {
    List<String> wanted = List.of(value.split(","));
    List<E> chosen = Arrays.stream(all).filter(e -> wanted.contains(name.apply(e))).toList();
    if (chosen.size() != wanted.size()) {
      throw new UsageException(option + " " + value + ": there are " + names(List.of(all), name));
    }
    return chosen;
  }
}

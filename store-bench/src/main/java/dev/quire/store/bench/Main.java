package dev.quire.store.bench;

import dev.quire.store.bench.cache.CacheRun;
import dev.quire.store.bench.figures.Children;
import dev.quire.store.bench.figures.FiguresOptions;
import dev.quire.store.bench.figures.Openings;
import dev.quire.store.bench.work.Trial;
import dev.quire.store.bench.work.Workload;
import dev.quire.store.bench.work.Works;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The command line of the benchmarks.
public final class Main {

  /// The word for one trial, which [Children] uses.
  public static final String TRIAL = "trial";

  private static final String USAGE =
      """
      usage: java -jar store-bench.jar figures [options]   measure and write a table; see --help
             java -jar store-bench.jar processes [options]  the same of processes that share a store
             java -jar store-bench.jar report --results R [options]  tables of what was measured
             java -jar store-bench.jar opening [directory [GiB]]  opening after a loss of power
             java -jar store-bench.jar caches [options]    as a cache, beside others; JMH's options
             java -jar store-bench.jar jmh [options]       micro benchmarks, with JMH's options
      """;

  private static final int MISUSED = 2;

  private Main() {}

  /// Exit codes: 0, 1 if a trial failed, 2 for a command line that cannot be understood.
  public static void main(String[] args) throws Exception {
    List<String> words = Arrays.asList(args);
    String command = args.length == 0 ? "" : args[0];
    switch (command) {
      case "figures" -> System.exit(Measuring.run(FiguresOptions.defaults(), words));
      case "processes" -> System.exit(Measuring.run(FiguresOptions.processDefaults(), words));
      case "report" -> System.exit(Measuring.report(FiguresOptions.reportDefaults(), words));
      case "opening" -> Openings.measure(words.subList(1, words.size()));
      case Openings.FILL ->
          Openings.fill(Path.of(args[1]), Integer.parseInt(args[2]), Long.parseLong(args[3]));
      case Openings.OPEN -> Openings.open(Path.of(args[1]));
      case TRIAL -> trial(words.subList(1, words.size()));
      case "caches" -> CacheRun.run(words.subList(1, words.size()));
      case "jmh" -> org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
      case "--help", "-h" -> System.out.print(USAGE);
      default -> {
        System.err.print(USAGE);
        System.exit(MISUSED);
      }
    }
  }

  private static void trial(List<String> words) {
    Workload workload = Workload.valueOf(words.getFirst());
    Children.print(Works.run(workload, Trial.parse(words.subList(1, words.size()))));
  }
}

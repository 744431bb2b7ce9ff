package dev.quire.store.bench;

import dev.quire.store.bench.figures.ChildJvm;
import dev.quire.store.bench.figures.Figures;
import dev.quire.store.bench.figures.FiguresOptions;
import dev.quire.store.bench.figures.Openings;
import dev.quire.store.bench.figures.UsageException;
import dev.quire.store.bench.work.Trial;
import dev.quire.store.bench.work.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The command line of the benchmarks.
public final class Main {

  /// The word for one trial, which [ChildJvm] uses.
  public static final String TRIAL = "trial";

  private static final String USAGE =
      """
      usage: java -jar store-bench.jar figures [options]   measure and write a table; see --help
             java -jar store-bench.jar processes [options]  the same of processes that share a store
             java -jar store-bench.jar opening [directory [GiB]]  opening after a loss of power
             java -jar store-bench.jar jmh [options]       micro benchmarks, with JMH's options
      """;

  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private Main() {}

  /// Exit codes: 0, 1 if a trial failed, 2 for a command line that cannot be understood.
  public static void main(String[] args) throws Exception {
    List<String> words = Arrays.asList(args);
    String command = args.length == 0 ? "" : args[0];
    switch (command) {
      case "figures" -> System.exit(figures(FiguresOptions.defaults(), words));
      case "processes" -> System.exit(figures(FiguresOptions.processDefaults(), words));
      case "opening" -> Openings.measure(words.subList(1, words.size()));
      case Openings.FILL ->
          Openings.fill(Path.of(args[1]), Integer.parseInt(args[2]), Long.parseLong(args[3]));
      case Openings.OPEN -> Openings.open(Path.of(args[1]));
      case TRIAL -> trial(words.subList(1, words.size()));
      case "jmh" -> org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
      case "--help", "-h" -> System.out.print(USAGE);
      default -> {
        System.err.print(USAGE);
        System.exit(MISUSED);
      }
    }
  }

  /// Measures what the words after the first ask for.
  ///
  /// @return exit code
  static int figures(FiguresOptions defaults, List<String> words) throws Exception {
    if (words.contains("--help") || words.contains("-h")) {
      System.out.print(FiguresOptions.USAGE);
      return 0;
    }
    FiguresOptions options;
    try {
      options = FiguresOptions.parse(defaults, words.subList(1, words.size()));
    } catch (UsageException e) {
      System.err.println(e.getMessage());
      return MISUSED;
    }
    Figures figures = new Figures(options, words, System.err);
    String table = figures.run();
    if (options.markdown() == null) {
      System.out.print(table);
    } else {
      Files.writeString(options.markdown(), table);
    }
    return figures.failures() == 0 ? 0 : FAILED;
  }

  private static void trial(List<String> words) {
    Workload workload = Workload.valueOf(words.getFirst());
    ChildJvm.print(workload.run(Trial.parse(words.subList(1, words.size()))));
  }
}

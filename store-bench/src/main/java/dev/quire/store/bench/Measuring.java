package dev.quire.store.bench;

import dev.quire.store.bench.figures.Figures;
import dev.quire.store.bench.figures.FiguresOptions;
import dev.quire.store.bench.figures.UsageException;
import dev.quire.store.bench.report.Report;
import dev.quire.store.bench.report.Result;
import dev.quire.store.bench.report.Results;
import dev.quire.store.bench.report.Subject;
import dev.quire.store.bench.work.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The commands that measure, and the one that reports what was measured.
final class Measuring {

  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private Measuring() {}

  /// Measures what the words after the first ask for, and reports it.
  ///
  /// @return exit code
  static int run(FiguresOptions defaults, List<String> words)
      throws IOException, InterruptedException {
    FiguresOptions options = options(defaults, words);
    if (options == null) {
      return isHelp(words) ? DONE : MISUSED;
    }
    Path kept = options.results();
    Path directory = kept == null ? Files.createTempDirectory("quire-bench-results") : kept;
    try {
      Results results = new Results(directory);
      Figures figures = new Figures(options, results, System.err);
      figures.run();
      if (figures.postponed() > 0) {
        System.err.println(figures.postponed() + " trials are left for another run");
      }
      write(options, results.all().stream().filter(result -> isOf(options, result)).toList());
      return figures.failures() == 0 ? DONE : FAILED;
    } finally {
      if (kept == null) {
        Directories.delete(directory);
      }
    }
  }

  /// Whether a result belongs to what is measured now.
  private static boolean isOf(FiguresOptions options, Result result) {
    Subject subject = result.subject();
    return subject.entries() == options.entries() && isWanted(options, subject);
  }

  private static boolean isWanted(FiguresOptions options, Subject subject) {
    return options.workloads().contains(subject.workload())
        && options.peers().contains(subject.kind());
  }

  /// Reports results of any size.
  ///
  /// @return exit code
  static int report(FiguresOptions defaults, List<String> words) throws IOException {
    FiguresOptions options = options(defaults, words);
    if (options == null) {
      return isHelp(words) ? DONE : MISUSED;
    }
    Path directory = options.results();
    if (directory == null || !Files.isDirectory(directory)) {
      System.err.println("--results: must be a directory with results");
      return MISUSED;
    }
    List<Result> results = new Results(directory).all();
    write(options, results.stream().filter(result -> isWanted(options, result.subject())).toList());
    return DONE;
  }

  private static boolean isHelp(List<String> words) {
    return words.contains("--help") || words.contains("-h");
  }

  /// The options, or null if help was asked for, or the words cannot be understood; which is said.
  private static @Nullable FiguresOptions options(FiguresOptions defaults, List<String> words) {
    if (isHelp(words)) {
      System.out.print(FiguresOptions.USAGE);
      return null;
    }
    try {
      return FiguresOptions.parse(defaults, words.subList(1, words.size()));
    } catch (UsageException e) {
      System.err.println(e.getMessage());
      return null;
    }
  }

  private static void write(FiguresOptions options, List<Result> results) throws IOException {
    Report report = new Report(results);
    Path charts = options.charts();
    Path markdown = options.markdown();
    if (charts != null) {
      report.writeCharts(charts);
    }
    if (markdown == null) {
      System.out.print(report.markdown(charts == null ? null : charts.toString()));
      return;
    }
    String link = null;
    if (charts != null) {
      Path from = markdown.toAbsolutePath().resolveSibling("").normalize();
      link = from.relativize(charts.toAbsolutePath().normalize()).toString();
    }
    Files.writeString(markdown, report.markdown(link));
  }
}

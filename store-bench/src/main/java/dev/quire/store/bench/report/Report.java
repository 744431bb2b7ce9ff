package dev.quire.store.bench.report;

import dev.quire.store.bench.work.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a reader gets of results: what machine they come from, a table for each size and section,
/// and a chart beside it.
public final class Report {

  /// The charts have more than these to compare, or are left out.
  private static final int FEWEST_BARS = 2;

  private final Map<Integer, List<Result>> bySize;
  private final List<Result> results;

  /// @param results of any sizes and rounds
  public Report(List<Result> results) {
    this.results = List.copyOf(results);
    bySize =
        this.results.stream()
            .collect(
                Collectors.groupingBy(
                    result -> result.subject().entries(), TreeMap::new, Collectors.toList()));
  }

  /// The tables, with their head.
  ///
  /// @param charts how the directory of the charts is written in a link, or null for no links
  public String markdown(@Nullable String charts) {
    StringBuilder text = new StringBuilder(head());
    bySize.forEach(
        (entries, ofSize) -> {
          text.append(String.format(Locale.ROOT, "\n## %,d entries\n", entries));
          Summary summary = new Summary(ofSize);
          for (Section section : Section.values()) {
            if (summary.metrics(section).isEmpty()) {
              continue;
            }
            text.append("\n### ").append(section.title()).append("\n\n");
            if (charts != null && isDrawn(summary, section)) {
              String file = charts + "/" + chartName(section, entries);
              text.append("![").append(section.title()).append("](").append(file).append(")\n\n");
            }
            text.append(Tables.of(summary, section));
          }
        });
    return text.toString();
  }

  /// Writes a chart for each size and section into a directory.
  public void writeCharts(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<Integer, List<Result>> size : bySize.entrySet()) {
      Summary summary = new Summary(size.getValue());
      for (Section section : Section.values()) {
        if (isDrawn(summary, section)) {
          Path file = directory.resolve(chartName(section, size.getKey()));
          Files.writeString(file, Chart.of(summary, section));
        }
      }
    }
  }

  private static boolean isDrawn(Summary summary, Section section) {
    return section != Section.ALLOCATION
        && !summary.metrics(section).isEmpty()
        && summary.kinds(section).size() >= FEWEST_BARS;
  }

  private static String chartName(Section section, int entries) {
    return section.fileName() + "-" + Numbers.entries(entries) + ".svg";
  }

  /// A line for each fact, with all that the results say of it.
  private String head() {
    Map<String, TreeSet<String>> facts = new TreeMap<>();
    for (Result result : results) {
      result
          .facts()
          .forEach((name, value) -> facts.computeIfAbsent(name, n -> new TreeSet<>()).add(value));
    }
    StringBuilder text = new StringBuilder();
    facts.forEach(
        (name, values) -> {
          String shown =
              name.equals(Facts.DATE)
                  ? values.first() + " to " + values.last()
                  : String.join("; ", values);
          text.append("- ").append(name.replace('-', ' ')).append(": ").append(shown).append('\n');
        });
    long rounds = results.stream().map(result -> result.subject().round()).distinct().count();
    text.append("- rounds: ").append(rounds);
    text.append("; median (least-greatest) **ratio to ").append(Summary.BASELINE.title());
    return text.append("**\n").toString();
  }
}

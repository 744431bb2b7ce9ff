package dev.quire.store.bench.report;

import dev.quire.store.bench.work.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one trial found, or why it found nothing.
///
/// As text, a line `figure METRIC NUMBER` for each figure, `none REASON` if there are none, and
/// `fact NAME VALUE` for what a reader must know about them.
///
/// @param subject what was measured
/// @param figures what was found; empty if it was nothing
/// @param reason a few words, which a table shows, if nothing was found; else empty
/// @param facts machine, date and the like
public record Result(
    Subject subject, Map<Metric, Double> figures, String reason, Map<String, String> facts) {

  private static final String FIGURE = "figure";
  private static final String NONE = "none";
  private static final String FACT = "fact";

  /// Copies the maps.
  public Result {
    figures = Map.copyOf(figures);
    facts = Map.copyOf(facts);
  }

  /// The text.
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    new TreeMap<>(facts).forEach((name, value) -> lines.add(FACT + " " + name + " " + value));
    new TreeMap<>(figures).forEach((metric, value) -> lines.add(figureLine(metric, value)));
    if (!reason.isEmpty()) {
      lines.add(NONE + " " + reason);
    }
    return lines;
  }

  /// The line of one figure, which a process that does a trial prints.
  public static String figureLine(Metric metric, double figure) {
    return FIGURE + " " + metric + " " + figure;
  }

  /// The figures in lines that a process printed; other lines are passed over.
  public static Map<Metric, Double> figures(List<String> lines) {
    Map<Metric, Double> figures = new EnumMap<>(Metric.class);
    for (String line : lines) {
      String[] words = line.split(" ", 3);
      if (words.length == 3 && words[0].equals(FIGURE)) {
        figures.put(Metric.valueOf(words[1]), Double.valueOf(words[2]));
      }
    }
    return figures;
  }

  /// The result that [#lines] was called on.
  static Result parse(Subject subject, List<String> lines) {
    Map<String, String> facts = new TreeMap<>();
    String reason = "";
    for (String line : lines) {
      if (line.startsWith(NONE + " ")) {
        reason = line.substring(NONE.length() + 1);
      }
      String[] words = line.split(" ", 3);
      if (words.length == 3 && words[0].equals(FACT)) {
        facts.put(words[1], words[2]);
      }
    }
    return new Result(subject, figures(lines), reason, facts);
  }
}

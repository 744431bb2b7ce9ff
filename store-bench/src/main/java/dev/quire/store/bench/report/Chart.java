package dev.quire.store.bench.report;

import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.work.Metric;
import dev.quire.store.bench.work.Section;
import java.util.List;
import java.util.Locale;

/// The chart of one section, as SVG: for each metric a bar for each store, with a thin line from
/// the least figure to the greatest. Its colours follow the reader's choice of light or dark.
final class Chart {

  private static final int WIDTH = 860;
  private static final int LABELS_END = 180;
  private static final int BARS_START = 190;
  private static final int BARS_WIDTH = 430;
  private static final int ROW = 20;
  private static final int BAR = 13;
  private static final int HEAD = 34;
  private static final int MARGIN = 10;
  private static final int GAP = 8;

  private static final String STYLE =
      """
      <style>
      text { font: 12px system-ui, sans-serif; fill: #1f2328 }
      .head { font-weight: 600; font-size: 13px }
      .label { text-anchor: end }
      .other { fill: #afb8c1 }
      .base { fill: #6e7781 }
      .quire { fill: #0969da }
      .range { stroke: #1f2328; stroke-width: 1 }
      @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .other { fill: #484f58 }
      .base { fill: #8b949e }
      .quire { fill: #4493f8 }
      .range { stroke: #e6edf3 }
      }
      </style>
      """;

  private final Summary summary;
  private final StringBuilder text = new StringBuilder();
  private int y = MARGIN;

  private Chart(Summary summary) {
    this.summary = summary;
  }

  /// The chart.
  static String of(Summary summary, Section section) {
    Chart chart = new Chart(summary);
    summary.metrics(section).forEach(chart::block);
    int height = chart.y + MARGIN;
    return """
    <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">
    <title>%s</title>
    %s%s</svg>
    """
        .formatted(WIDTH, height, WIDTH, height, section.title(), STYLE, chart.text);
  }

  private void block(Metric metric) {
    String better = metric.unit().isMoreBetter() ? "longer is better" : "shorter is better";
    y += HEAD - MARGIN;
    text(MARGIN, "head", metric.title() + ", " + metric.unit().symbol() + " (" + better + ")");
    y += MARGIN;
    List<PeerKind> kinds =
        summary.kinds(metric.section()).stream()
            .filter(kind -> !summary.of(metric, kind).isEmpty())
            .toList();
    double most =
        kinds.stream().mapToDouble(kind -> summary.of(metric, kind).max()).max().orElse(1);
    double scale = most == 0 ? 0 : BARS_WIDTH / most;
    kinds.forEach(kind -> bar(metric, kind, scale));
  }

  private void bar(Metric metric, PeerKind kind, double scale) {
    Samples samples = summary.of(metric, kind);
    double end = BARS_START + samples.median() * scale;
    double least = BARS_START + samples.min() * scale;
    double greatest = BARS_START + samples.max() * scale;
    text.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
            colour(kind),
            BARS_START,
            y,
            Math.max(1, end - BARS_START),
            BAR));
    if (greatest - least >= 1) {
      double middle = y + BAR / 2.0;
      text.append(
          String.format(
              Locale.ROOT,
              "<line class=\"range\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
              least,
              middle,
              greatest,
              middle));
    }
    y += BAR - 2;
    text(LABELS_END, "label", kind.title());
    String figure = Numbers.text(metric.unit(), samples.median());
    if (summary.hasRatio(metric, kind)) {
      figure += "   " + Numbers.ratio(summary.ratio(metric, kind));
    }
    text((int) Math.max(end, greatest) + GAP, "figure", figure);
    y += ROW - BAR + 2;
  }

  private static String colour(PeerKind kind) {
    return switch (kind) {
      case QUIRE, QUIRE_MEMORY -> "quire";
      case LMDBJAVA -> "base";
      default -> "other";
    };
  }

  private void text(int x, String kind, String words) {
    text.append(
        String.format(
            Locale.ROOT, "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n", kind, x, y, words));
  }
}

package dev.quire.store.bench.report;

import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.work.Metric;
import dev.quire.store.bench.work.Section;
import java.util.List;
import java.util.stream.Collectors;

/// The Markdown table of one section: a row for each store, a column for each metric.
final class Tables {

  private static final String ABSENT = "-";

  private Tables() {}

  /// The table; what a store cannot do is a dash.
  static String of(Summary summary, Section section) {
    List<Metric> metrics = summary.metrics(section);
    StringBuilder text = new StringBuilder("| store |");
    for (Metric metric : metrics) {
      text.append(' ').append(metric.title()).append(", ").append(metric.unit().symbol());
      text.append(" |");
    }
    text.append("\n|---|").append("---:|".repeat(metrics.size())).append('\n');
    for (PeerKind kind : summary.kinds(section)) {
      text.append("| ").append(kind.title()).append(" |");
      for (Metric metric : metrics) {
        text.append(' ').append(cell(summary, metric, kind)).append(" |");
      }
      text.append('\n');
    }
    List<PeerKind> others = summary.others(section);
    if (!others.isEmpty()) {
      String names = others.stream().map(PeerKind::title).collect(Collectors.joining(", "));
      text.append("\nNothing of it: ").append(names).append(".\n");
    }
    return text.toString();
  }

  /// Median, least and greatest, and the median's ratio to the baseline's.
  private static String cell(Summary summary, Metric metric, PeerKind kind) {
    Samples samples = summary.of(metric, kind);
    if (samples.isEmpty()) {
      String reason = summary.reason(metric, kind);
      return reason.isEmpty() ? ABSENT : reason;
    }
    String cell = Numbers.text(metric.unit(), samples);
    if (summary.hasRatio(metric, kind)) {
      cell += " **" + Numbers.ratio(summary.ratio(metric, kind)) + "**";
    }
    return cell;
  }
}

package dev.quire.store.bench.figures;

import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.work.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// All figures of a run, and the Markdown table of them: a row for each metric that was measured, a
/// column for each store.
final class FigureTable {

  /// What the others are compared with.
  private static final PeerKind BASELINE = PeerKind.LMDBJAVA;

  private static final double KILO = 1e3;
  private static final double MEGA = 1e6;
  private static final String ABSENT = "-";

  private final Map<Metric, Map<PeerKind, Samples>> rows = new EnumMap<>(Metric.class);

  /// Adds a figure of one round.
  void add(Metric metric, PeerKind kind, double figure) {
    rows.computeIfAbsent(metric, m -> new EnumMap<>(PeerKind.class))
        .merge(kind, Samples.NONE.with(figure), (old, one) -> old.with(figure));
  }

  /// The table.
  String markdown() {
    List<PeerKind> columns = columns();
    StringBuilder text = new StringBuilder("| work | unit |");
    columns.forEach(kind -> text.append(' ').append(kind.title()).append(" |"));
    text.append("\n|---|---|").append("---:|".repeat(columns.size())).append('\n');
    rows.forEach(
        (metric, row) -> {
          text.append("| ").append(metric.title());
          text.append(" | ").append(metric.unit().symbol()).append(" |");
          columns.forEach(kind -> text.append(' ').append(cell(metric, row, kind)).append(" |"));
          text.append('\n');
        });
    return text.toString();
  }

  private List<PeerKind> columns() {
    List<PeerKind> columns = new ArrayList<>();
    for (PeerKind kind : PeerKind.values()) {
      if (rows.values().stream().anyMatch(row -> row.containsKey(kind))) {
        columns.add(kind);
      }
    }
    return columns;
  }

  /// Median, least and greatest, and the median's ratio to the baseline's.
  private static String cell(Metric metric, Map<PeerKind, Samples> row, PeerKind kind) {
    Samples samples = row.getOrDefault(kind, Samples.NONE);
    if (samples.isEmpty()) {
      return ABSENT;
    }
    String cell = number(metric, samples.median());
    String min = number(metric, samples.min());
    String max = number(metric, samples.max());
    if (!min.equals(max)) {
      cell += " (" + min + "-" + max + ")";
    }
    Samples baseline = row.getOrDefault(BASELINE, Samples.NONE);
    if (metric.unit().isCompared() && !baseline.isEmpty()) {
      double ratio = samples.median() / baseline.median();
      cell += String.format(Locale.ROOT, " **%.2fx**", ratio);
    }
    return cell;
  }

  /// Large figures with three digits and a letter for the rest.
  private static String number(Metric metric, double figure) {
    if (figure >= MEGA) {
      return threeDigits(figure / MEGA) + "M";
    }
    if (figure >= 10 * KILO) {
      return threeDigits(figure / KILO) + "k";
    }
    return String.format(Locale.ROOT, "%,." + metric.unit().decimals() + "f", figure);
  }

  private static String threeDigits(double figure) {
    String digits = figure < 10 ? "%.2f" : figure < 100 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, digits, figure);
  }
}

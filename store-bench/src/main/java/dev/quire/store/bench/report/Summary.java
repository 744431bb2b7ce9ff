package dev.quire.store.bench.report;

import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.work.Metric;
import dev.quire.store.bench.work.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The figures of stores of one size, those of all rounds together.
final class Summary {

  /// What the others are compared with.
  static final PeerKind BASELINE = PeerKind.LMDBJAVA;

  private final Map<Metric, Map<PeerKind, Samples>> samples = new EnumMap<>(Metric.class);
  private final Map<Metric, Map<PeerKind, String>> reasons = new EnumMap<>(Metric.class);
  private final Map<PeerKind, Boolean> present = new EnumMap<>(PeerKind.class);

  Summary(List<Result> results) {
    results.forEach(this::add);
  }

  private void add(Result result) {
    PeerKind kind = result.subject().kind();
    present.put(kind, true);
    result
        .figures()
        .forEach(
            (metric, figure) ->
                samples
                    .computeIfAbsent(metric, m -> new EnumMap<>(PeerKind.class))
                    .merge(kind, Samples.NONE.with(figure), (old, one) -> old.with(figure)));
    if (!result.reason().isEmpty()) {
      for (Metric metric : result.subject().workload().metrics()) {
        reasons
            .computeIfAbsent(metric, m -> new EnumMap<>(PeerKind.class))
            .putIfAbsent(kind, result.reason());
      }
    }
  }

  /// The stores of which there is a figure in the section, or a reason why there is none.
  List<PeerKind> kinds(Section section) {
    List<Metric> metrics = metrics(section);
    List<PeerKind> kinds = new ArrayList<>();
    for (PeerKind kind : present.keySet()) {
      if (metrics.stream().anyMatch(metric -> says(metric, kind))) {
        kinds.add(kind);
      }
    }
    return kinds;
  }

  private boolean says(Metric metric, PeerKind kind) {
    return !of(metric, kind).isEmpty() || !reason(metric, kind).isEmpty();
  }

  /// The stores that were measured, but have no figure in the section.
  List<PeerKind> others(Section section) {
    List<PeerKind> others = new ArrayList<>(present.keySet());
    others.removeAll(kinds(section));
    return others;
  }

  /// The metrics of a section of which there is a figure.
  List<Metric> metrics(Section section) {
    return Arrays.stream(Metric.values())
        .filter(metric -> metric.section() == section && samples.containsKey(metric))
        .toList();
  }

  /// Why a store has no figure that it should have, or empty.
  String reason(Metric metric, PeerKind kind) {
    return reasons.getOrDefault(metric, Map.of()).getOrDefault(kind, "");
  }

  /// The figures of a store.
  Samples of(Metric metric, PeerKind kind) {
    return samples.getOrDefault(metric, Map.of()).getOrDefault(kind, Samples.NONE);
  }

  /// Whether the store can be compared with the baseline.
  boolean hasRatio(Metric metric, PeerKind kind) {
    return metric.unit().isCompared()
        && !of(metric, kind).isEmpty()
        && !of(metric, BASELINE).isEmpty();
  }

  /// The median, as a multiple of the baseline's.
  double ratio(Metric metric, PeerKind kind) {
    return of(metric, kind).median() / of(metric, BASELINE).median();
  }
}

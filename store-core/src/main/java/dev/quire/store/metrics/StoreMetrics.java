package dev.quire.store.metrics;

import com.codahale.metrics.MetricSet;
import dev.quire.store.Store;

/// The metrics of an open store, for a `MetricRegistry` of Dropwizard Metrics.
///
/// ```java
/// MetricRegistry registry = new MetricRegistry();
/// registry.register("sessions", StoreMetrics.of(store));
/// ```
///
/// Each metric is a gauge with a number; `docs/METRICS.md` has their names, units and meaning. They
/// tell what all processes do that have the store open, so one process that reports is enough. The
/// store is looked at once a second at most, however many gauges are read. When it is closed, the
/// gauges keep what they said last.
public final class StoreMetrics {

  private StoreMetrics() {}

  /// The metrics of a store.
  ///
  /// @throws IllegalStateException if metrics-core is missing, or the store is closed
  /// @throws UnsupportedOperationException if the store's backend does not count
  @SuppressWarnings("exports") // who names the result has the library
  public static MetricSet of(Store store) {
    requireLibrary();
    return StoreMetricSet.of(store);
  }

  private static void requireLibrary() {
    try {
      Class<?> _ =
          Class.forName(
              "com.codahale.metrics.MetricSet", false, StoreMetrics.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "metrics need Dropwizard Metrics, which is not on the class path: add the dependency"
              + " io.dropwizard.metrics:metrics-core:4.2.40",
          e);
    }
  }
}

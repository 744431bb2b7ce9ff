package dev.quire.store.metrics;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricSet;
import dev.quire.store.Store;
import dev.quire.store.metrics.StoreMetric.Moment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The gauges of one store.
///
/// What the store said last is kept for the gauges that are read next. Threads may see that field
/// in any order and any age: what it refers to is immutable and says when it was read.
final class StoreMetricSet implements MetricSet {

  private static final long KEPT_NANOS = 1_000_000_000;

  private record Look(Moment moment, long nanos) {}

  private final Store store;
  private final Map<String, Metric> gauges = new LinkedHashMap<>();
  private Look last;

  private StoreMetricSet(Store store) {
    this.store = store;
    this.last = look(store);
    for (StoreMetric metric : StoreMetric.all()) {
      Gauge<Long> gauge = () -> metric.value().applyAsLong(moment());
      gauges.put(metric.name(), gauge);
    }
  }

  /// Returns the interface, so that who calls this is no user of the library before it does.
  static MetricSet of(Store store) {
    return new StoreMetricSet(store);
  }

  @Override
  public Map<String, Metric> getMetrics() {
    return Collections.unmodifiableMap(gauges);
  }

  private Moment moment() {
    Look known = last;
    if (System.nanoTime() - known.nanos >= KEPT_NANOS) {
      try {
        known = look(store);
        last = known;
      } catch (IllegalStateException e) {
        if (store.isOpen()) {
          throw e;
        }
      }
    }
    return known.moment;
  }

  private static Look look(Store store) {
    Moment moment = new Moment(store.stats(), store.activity(), System.currentTimeMillis());
    return new Look(moment, System.nanoTime());
  }
}

package dev.quire.store.metrics;

import dev.quire.store.StoreActivity;
import dev.quire.store.StoreStats;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// One metric: its name, its unit, and how it is read from what a store says about itself.
///
/// @param name what a registry calls it, below the name of the store
/// @param unit of the number
/// @param value the number at one moment
record StoreMetric(String name, String unit, ToLongFunction<Moment> value) {

  private static final String EVENTS = "count";
  private static final String PAGES = "pages";
  private static final String BYTES = "bytes";
  private static final String NANOS = "ns";

  /// What a store says about itself at one moment.
  ///
  /// @param nowMillis when, epoch milliseconds
  record Moment(StoreStats stats, StoreActivity activity, long nowMillis) {

    StoreActivity.Counts totals() {
      return activity.totals();
    }

    long oldestReaderAgeMillis() {
      StoreActivity.Reader reader = activity.oldestReader();
      return reader == null || reader.since() == null
          ? 0
          : Math.max(0, nowMillis - reader.since().toEpochMilli());
    }

    long oldestReaderLag() {
      StoreActivity.Reader reader = activity.oldestReader();
      return reader == null ? 0 : Math.max(0, stats.txnId() - reader.txnId());
    }

    long oldestReaderPid() {
      StoreActivity.Reader reader = activity.oldestReader();
      return reader == null ? 0 : reader.pid();
    }
  }

  /// All metrics, in the order of the document.
  static List<StoreMetric> all() {
    List<StoreMetric> all = new ArrayList<>();
    all.add(new StoreMetric("commits", EVENTS, m -> m.totals().commits()));
    all.add(new StoreMetric("syncs", EVENTS, m -> m.totals().syncs()));
    all.add(new StoreMetric("checkpoints", EVENTS, m -> m.totals().checkpoints()));
    all.add(new StoreMetric("ring-full-waits", EVENTS, m -> m.totals().ringFullWaits()));
    all.add(new StoreMetric("growths", EVENTS, m -> m.totals().growths()));
    all.add(new StoreMetric("hits", EVENTS, m -> m.totals().hits()));
    all.add(new StoreMetric("misses", EVENTS, m -> m.totals().misses()));
    all.add(new StoreMetric("evictions", EVENTS, m -> m.totals().evictions()));
    all.add(new StoreMetric("expirations", EVENTS, m -> m.totals().expirations()));
    all.add(new StoreMetric("pages.written", PAGES, m -> m.totals().pagesWritten()));
    all.add(new StoreMetric("pages.used", PAGES, m -> m.stats().usedPages()));
    all.add(new StoreMetric("pages.live", PAGES, m -> m.stats().livePages()));
    all.add(new StoreMetric("pages.free", PAGES, m -> m.stats().freePages()));
    all.add(new StoreMetric("pages.pending", PAGES, m -> m.stats().pendingPages()));
    all.add(new StoreMetric("bytes.file", BYTES, m -> m.stats().fileSizeBytes()));
    all.add(new StoreMetric("bytes.pinned", BYTES, m -> m.activity().pinnedBytes()));
    all.add(new StoreMetric("ring.size", BYTES, m -> m.stats().ringSizeBytes()));
    all.add(new StoreMetric("ring.used", BYTES, m -> m.stats().ringUsedBytes()));
    all.add(new StoreMetric("ring.unsynced", BYTES, m -> m.activity().unsyncedBytes()));
    all.add(
        new StoreMetric(
            "checkpoint.lag",
            "transactions",
            m -> Math.max(0, m.stats().txnId() - m.stats().durableTxnId())));
    all.add(new StoreMetric("processes", "processes", m -> m.activity().processes().size()));
    all.add(new StoreMetric("readers", "snapshots", m -> m.stats().readers()));
    all.add(new StoreMetric("readers.oldest.age", "ms", Moment::oldestReaderAgeMillis));
    all.add(new StoreMetric("readers.oldest.lag", "transactions", Moment::oldestReaderLag));
    all.add(new StoreMetric("readers.oldest.pid", "process id", Moment::oldestReaderPid));
    all.add(new StoreMetric("failed", "0 or 1", m -> m.stats().failed() ? 1 : 0));
    addLatency(all, "commit", StoreActivity::commit);
    addLatency(all, "sync", StoreActivity::sync);
    addLatency(all, "checkpoint", StoreActivity::checkpoint);
    addLatency(all, "turn-wait", StoreActivity::turnWait);
    return List.copyOf(all);
  }

  private static void addLatency(
      List<StoreMetric> all, String name, Function<StoreActivity, StoreActivity.Latency> of) {
    all.add(new StoreMetric(name + ".count", EVENTS, m -> of.apply(m.activity()).count()));
    all.add(new StoreMetric(name + ".sum", NANOS, m -> of.apply(m.activity()).sumNanos()));
    all.add(new StoreMetric(name + ".p50", NANOS, m -> of.apply(m.activity()).p50Nanos()));
    all.add(new StoreMetric(name + ".p90", NANOS, m -> of.apply(m.activity()).p90Nanos()));
    all.add(new StoreMetric(name + ".p99", NANOS, m -> of.apply(m.activity()).p99Nanos()));
    all.add(new StoreMetric(name + ".p999", NANOS, m -> of.apply(m.activity()).p999Nanos()));
    all.add(new StoreMetric(name + ".max", NANOS, m -> of.apply(m.activity()).maxNanos()));
  }
}

package dev.quire.store;

import dev.quire.store.internal.txn.Counter;
import dev.quire.store.internal.txn.EngineActivity;
import dev.quire.store.internal.txn.Latency;
import dev.quire.store.internal.txn.LatencySample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the engine knows of its activity, in the words of the API.
final class ActivityReport {

  private ActivityReport() {}

  static StoreActivity of(EngineActivity activity, int pageSizeBytes) {
    List<StoreActivity.Member> processes = new ArrayList<>();
    for (EngineActivity.Member member : activity.members()) {
      EngineActivity.Name name = member.name();
      Instant started = Instant.ofEpochMilli(member.startMillis());
      processes.add(
          new StoreActivity.Member(
              name.slot(), name.pid(), name.host(), started, counts(member.counts())));
    }
    return new StoreActivity(
        counts(activity.totals()),
        List.copyOf(processes),
        latency(activity.latency(Latency.COMMIT)),
        latency(activity.latency(Latency.SYNC)),
        latency(activity.latency(Latency.CHECKPOINT)),
        latency(activity.latency(Latency.TURN_WAIT)),
        reader(activity.oldest()),
        activity.pinnedPages() * pageSizeBytes,
        activity.unsyncedBytes());
  }

  private static StoreActivity.Counts counts(EngineActivity.Counts counts) {
    return new StoreActivity.Counts(
        counts.get(Counter.COMMITS),
        counts.get(Counter.CHECKPOINTS),
        counts.get(Counter.LOG_SYNCS),
        counts.get(Counter.RING_FULL_WAITS),
        counts.get(Counter.PAGES_WRITTEN),
        counts.get(Counter.GROWTHS),
        counts.get(Counter.HITS),
        counts.get(Counter.MISSES),
        counts.get(Counter.EVICTIONS),
        counts.get(Counter.EXPIRATIONS));
  }

  private static StoreActivity.Latency latency(LatencySample sample) {
    return new StoreActivity.Latency(
        sample.count(),
        sample.sumNanos(),
        sample.percentileNanos(0.5),
        sample.percentileNanos(0.9),
        sample.percentileNanos(0.99),
        sample.percentileNanos(0.999),
        sample.maxNanos());
  }

  private static StoreActivity.@Nullable Reader reader(
      EngineActivity.@Nullable OldestReader oldest) {
    if (oldest == null) {
      return null;
    }
    Instant since = oldest.sinceMillis() == 0 ? null : Instant.ofEpochMilli(oldest.sinceMillis());
    EngineActivity.Name process = oldest.process();
    return process == null
        ? new StoreActivity.Reader(oldest.txnId(), since, -1, 0, "")
        : new StoreActivity.Reader(
            oldest.txnId(), since, process.slot(), process.pid(), process.host());
  }
}

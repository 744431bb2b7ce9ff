package dev.quire.store.internal.txn;

import dev.quire.store.internal.txn.Edit.Kind;
import dev.quire.store.options.Durability;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.ManualClock;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Goal: what a transaction has evicted and purged is gone after a crash if the transaction is
/// there, and nothing else is; the queue and the index fit the entries.
///
/// Method: as [CrashTest].
class EvictionCrashTest {

  /// Puts into a table that holds 4 entries, each of which lives for a second.
  private static Consumer<ModelSession> cached(ManualClock clock, int from, int to) {
    TableSettings settings = new TableSettings(false, 1000, 4, 0);
    return session -> {
      for (int key = from; key < to; key++) {
        Edit put = new Edit(Kind.PUT, 0, key, 40, from);
        long expiry = clock.millis() + 1000;
        session.putBounded("cache", settings, put.keyBytes(), put.valueBytes(), expiry);
      }
    };
  }

  @Test
  void crash_evictionsAndPurges_areKept() {
    ManualClock clock = new ManualClock();
    CrashTest.verify(
        "evictions and purges",
        CrashTest.OPTIONS.withClock(clock),
        run -> {
          run.commit(Durability.SYNC, cached(clock, 0, 6));
          run.commit(Durability.SYNC, cached(clock, 5, 7));
          if (Campaign.isLong()) {
            run.checkpoint();
            run.commit(Durability.SYNC, cached(clock, 6, 9));
            run.rollback(cached(clock, 20, 22));
          }
          clock.move(Duration.ofSeconds(1));
          // All of them: the commit itself purges no more.
          run.commit(Durability.SYNC, session -> session.purge("cache"));
        });
  }
}

package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.quire.store.internal.txn.Edit.Kind;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.ManualClock;
import dev.quire.store.testing.SimulatedRegion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  /// The log has a put, whose key comes first, and the delete of another entry than the one which a
  /// replay would evict if it did: the use that saved that one was forgotten.
  @Test
  void replay_thatPassesTheBoundForAMoment_evictsNothing() {
    ManualClock clock = new ManualClock();
    StoreOptions options = CrashTest.OPTIONS.withClock(clock);
    List<StoreModel> history = new ArrayList<>(List.of(new StoreModel()));
    SimulatedRegion disk = new SimulatedRegion(16 << 20);
    Engine engine = Opening.onRegion(disk, options);
    try {
      commit(engine, history, cached(clock, 10, 14));
      commit(engine, history, cached(clock, 10, 11));
      engine.checkpoint();
      commit(engine, history, cached(clock, 1, 2));
      CrashOracle oracle = new CrashOracle(options, history);
      assertNull(oracle.findingIn(disk.cachedImage(), 3, 3));
    } finally {
      CrashOracle.closeQuietly(engine);
    }
  }

  private static void commit(
      Engine engine, List<StoreModel> history, Consumer<ModelSession> changes) {
    ModelSession session =
        new ModelSession(engine.beginWrite(Durability.SYNC, Duration.ZERO), history.getLast());
    session.session.userWords(0, history.size());
    changes.accept(session);
    session.session.commit();
    history.add(session.model());
  }
}

package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreException;
import dev.quire.store.internal.region.Region;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.CrashPolicy;
import dev.quire.store.testing.RegionOperation;
import dev.quire.store.testing.SimulatedRegion;
import dev.quire.store.testing.WatchedRegion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What INTERVAL promises: a timer syncs the log within the period, a machine crash loses only what
/// came after the last sync, and what a dead process has written the next opener makes durable.
class IntervalTest {

  private static final long PATIENCE_NANOS = 10_000_000_000L;

  /// A slow machine may be late.
  private static final long SLACK_NANOS = 3_000_000_000L;

  private static final long CAPACITY = 64 << 20;

  private static StoreOptions options(Duration period) {
    return StoreOptions.defaults()
        .withDurability(Durability.interval(period))
        .withRingSizeBytes(256 << 10)
        .withCheckpointPeriod(Duration.ofHours(1));
  }

  private static final StoreOptions NEVER = options(Duration.ofHours(1));

  private static void commit(Engine engine, long from, long to) {
    for (long number = from; number <= to; number++) {
      WriteSession session =
          engine.beginWrite(engine.options().durability(), Duration.ofSeconds(10));
      try {
        session.createTable(new byte[] {'t'}, false);
        session.userWords(7, number);
        session.commit();
      } finally {
        session.rollback();
      }
    }
  }

  private static long newest(byte[] image) {
    Engine engine = Engine.onRegion(new SimulatedRegion(image, CAPACITY), NEVER);
    try {
      return engine.parts().state.head().userIndex();
    } finally {
      engine.close();
    }
  }

  private static void awaitSynced(Engine engine) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (engine.parts().state.syncedLsn() < engine.parts().state.newestLsn()) {
      assertTrue(System.nanoTime() < deadline, "nobody synced the log");
      Thread.onSpinWait();
    }
  }

  /// Nobody has synced what nobody has published: a word that says so would spare a commit its
  /// sync.
  @Test
  void commit_syncedFurtherThanTheLog_isRefused() {
    SimulatedRegion region = new SimulatedRegion(CAPACITY);
    Engine engine = Engine.onRegion(region, StoreOptions.defaults());
    commit(engine, 1, 1);
    engine.parts().state.setSyncedLsn(Long.MAX_VALUE / 2);
    assertThrows(StoreException.class, () -> commit(engine, 2, 2));
    assertTrue(engine.stats().poisoned());
    engine.close();
    assertEquals(1, newest(region.crashImage(CrashPolicy.NONE, 1)));
  }

  @Test
  void crash_afterThePeriod_losesNothingFromBeforeIt() {
    SimulatedRegion region = new SimulatedRegion(CAPACITY);
    Engine engine = Engine.onRegion(region, options(Duration.ofMillis(20)));
    long checkpoints = engine.stats().checkpoints();
    for (long round = 0; round < 5; round++) {
      commit(engine, 10 * round + 1, 10 * round + 10);
      awaitSynced(engine);
      assertEquals(10 * round + 10, newest(region.crashImage(CrashPolicy.NONE, round)));
    }
    assertEquals(checkpoints, engine.stats().checkpoints());
    engine.close();
  }

  @Test
  void crash_betweenSyncs_goesBackToTheLastOneAtMost() {
    SimulatedRegion region = new SimulatedRegion(CAPACITY);
    Engine engine = Engine.onRegion(region, NEVER);
    commit(engine, 1, 10);
    engine.syncLog();
    commit(engine, 11, 20);
    assertEquals(10, newest(region.crashImage(CrashPolicy.NONE, 0)));
    assertEquals(20, newest(region.crashImage(CrashPolicy.ALL, 0)));
    for (CrashPolicy policy : CrashPolicy.values()) {
      for (long seed = 0; seed < 10; seed++) {
        long found = newest(region.crashImage(policy, seed));
        assertTrue(found >= 10 && found <= 20, policy + " " + seed + ": transaction " + found);
      }
    }
    engine.close();
  }

  @Test
  void syncCommit_afterIntervalCommits_makesThemDurable() {
    SimulatedRegion region = new SimulatedRegion(CAPACITY);
    Engine engine = Engine.onRegion(region, NEVER);
    commit(engine, 1, 10);
    WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ofSeconds(10));
    session.userWords(7, 11);
    session.commit();
    assertEquals(11, newest(region.crashImage(CrashPolicy.NONE, 0)));
    engine.close();
  }

  @Test
  void death_ofTheProcess_leavesALogThatTheNextOpenerMakesDurable() {
    SimulatedRegion region = new SimulatedRegion(CAPACITY);
    Engine engine = Engine.onRegion(region, NEVER);
    commit(engine, 1, 10);
    SimulatedRegion next = region.successor();
    assertEquals(0, newest(next.crashImage(CrashPolicy.NONE, 0)));
    Engine opened = Engine.onRegion(next, NEVER);
    assertEquals(10, opened.parts().state.head().userIndex());
    assertEquals(10, newest(next.crashImage(CrashPolicy.NONE, 0)));
    opened.close();
  }

  /// Where the log ended when this process synced it.
  private static final class SyncWatch {
    private final AtomicLong syncs = new AtomicLong();

    void operated(RegionOperation operation, boolean done) {
      if (done && operation.kind().isSync() && operation.role() == Region.SyncRole.COMMIT) {
        syncs.incrementAndGet();
      }
    }
  }

  /// The process that committed is killed before its own timer comes; another one that has the
  /// store open keeps the promise, without being asked to do anything.
  @Test
  void kill_ofTheWriter_anotherProcessSyncsWithinThePeriod(@TempDir Path directory) {
    Duration period = Duration.ofSeconds(2);
    SyncWatch watch = new SyncWatch();
    Opening.Seams seams =
        new Opening.Seams(region -> new WatchedRegion(region, watch::operated), Steps.NONE);
    Engine engine = Opening.open(directory, options(period), StoreKind.DURABLE, seams);
    try (ChildJvm writer = StoreRole.start(directory, "SLOW_INTERVAL")) {
      awaitSynced(engine);
      writer.ask("add k 5");
      writer.kill();
      long killed = System.nanoTime();
      long before = watch.syncs.get();
      assertTrue(engine.parts().state.syncedLsn() < engine.parts().state.newestLsn());
      awaitSynced(engine);
      long waited = System.nanoTime() - killed;
      assertTrue(watch.syncs.get() > before, "nobody synced the file");
      assertTrue(waited < period.toNanos() + SLACK_NANOS, waited + " ns");
      assertEquals(5, StoreRole.counter(engine, "k"));
    } finally {
      engine.close();
    }
  }
}

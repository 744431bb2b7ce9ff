package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.tree.TreeReader;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.CrashPoint;
import dev.quire.store.testing.CrashPoint.Moment;
import dev.quire.store.testing.CrashPolicy;
import dev.quire.store.testing.SimulatedCrash;
import dev.quire.store.testing.SimulatedRegion;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Goal: what several threads were told is durable survives a crash of the machine, and the rest
/// ends at one moment of their common order.
///
/// Method: threads commit while the store's own thread runs checkpoints, until the disk crashes at
/// some operation; images of it are opened. Each transaction adds one to its thread's counter, so
/// the counters' sum is the number of transactions that are there. The order of the threads is not
/// repeatable, the images are.
@Timeout(300)
class ConcurrentCrashTest {

  private static final int THREADS = 4;
  private static final byte[] TABLE = "counters".getBytes(StandardCharsets.UTF_8);
  private static final StoreOptions OPTIONS =
      StoreOptions.defaults()
          .withRingSizeBytes(StoreOptions.MIN_RING_SIZE_BYTES)
          .withCheckpointPeriod(Duration.ofMillis(5));

  private final Thread.@Nullable UncaughtExceptionHandler handlerBefore =
      Thread.getDefaultUncaughtExceptionHandler();

  /// The store's own thread dies of the crash as well; that is no news.
  @BeforeEach
  void ignoreCrashes() {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> {
          if (!(e instanceof SimulatedCrash)) {
            e.printStackTrace();
          }
        });
  }

  @AfterEach
  void restoreHandler() {
    Thread.setDefaultUncaughtExceptionHandler(handlerBefore);
  }

  /// What the threads were told.
  private static final class Told {
    final AtomicLongArray durable = new AtomicLongArray(THREADS);
    final AtomicLongArray attempted = new AtomicLongArray(THREADS);
  }

  private static byte[] counterKey(int thread) {
    return new byte[] {(byte) thread};
  }

  private static void commitUntilCrash(Engine engine, int thread, Told told) {
    SplittableRandom random = new SplittableRandom(thread);
    byte[] filler = new byte[700];
    try {
      for (long number = 1; ; number++) {
        boolean sync = random.nextInt(4) > 0;
        Durability durability = sync ? Durability.SYNC : CrashTest.INTERVAL;
        WriteSession session = engine.beginWrite(durability, Duration.ofSeconds(60));
        try {
          TableTree table = session.createTable(TABLE, false);
          byte[] count = ByteBuffer.allocate(8).putLong(number).array();
          byte[] key = counterKey(thread);
          session.put(table, key, 1, MemorySegment.ofArray(count), 0, 8, 0);
          byte[] other = {9, (byte) random.nextInt(120)};
          int length = random.nextInt(filler.length);
          session.put(table, other, 2, MemorySegment.ofArray(filler), 0, length, 0);
          told.attempted.set(thread, number);
          session.commit();
        } finally {
          session.rollback();
        }
        if (sync) {
          told.durable.set(thread, number);
        }
      }
    } catch (RuntimeException | Error e) {
      // The disk is gone, in whatever words.
    }
  }

  private static SimulatedRegion newStore() {
    SimulatedRegion disk = new SimulatedRegion(24 << 20);
    Opening.onRegion(disk, OPTIONS).close();
    return disk.successor();
  }

  /// Runs the threads up to the crash.
  private static Told run(SimulatedRegion disk, CrashPoint point) throws InterruptedException {
    Told told = new Told();
    Engine engine = Engine.onRegion(disk, OPTIONS);
    disk.crashAt(point);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      threads.add(Thread.ofPlatform().daemon().start(() -> commitUntilCrash(engine, thread, told)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(disk.isCrashed(), "the threads ended without a crash");
    CrashOracle.closeQuietly(engine);
    return told;
  }

  private static void check(byte[] image, Told told, long firstTxnId, String when) {
    SimulatedRegion disk = new SimulatedRegion(image, image.length + CrashOracle.HEADROOM_BYTES);
    Engine engine = Opening.onRegion(disk, OPTIONS);
    try {
      Snapshot snapshot = engine.beginRead();
      TableRecord table = snapshot.findTable(TABLE);
      long sum = 0;
      for (int thread = 0; thread < THREADS; thread++) {
        long count = table == null ? 0 : count(snapshot, table, thread);
        String who = when + ", thread " + thread + ": " + count + ", " + told.durable;
        assertTrue(count >= told.durable.get(thread), who);
        assertTrue(count <= told.attempted.get(thread), who);
        sum += count;
      }
      assertEquals(snapshot.txnId() - firstTxnId, sum, when + ": transactions");
      snapshot.end();
      assertNull(CrashOracle.violationsOf(engine), when);
    } finally {
      engine.close();
    }
  }

  private static long count(Snapshot snapshot, TableRecord table, int thread) {
    ValueSlot slot = new ValueSlot();
    if (!TreeReader.find(snapshot, table.rootRef(), counterKey(thread), 1, slot)) {
      return 0;
    }
    return slot.segment.asSlice(slot.offset, 8).asByteBuffer().getLong();
  }

  @Test
  void crash_whileThreadsCommit_nothingDurableIsLost() throws InterruptedException {
    long deadline = Campaign.deadlineNanos(4);
    SplittableRandom random = new SplittableRandom(Campaign.seed());
    long runs = 0;
    long states = 0;
    while (runs < 5 || System.nanoTime() < deadline) {
      SimulatedRegion disk = newStore();
      long firstTxnId = 1;
      Moment moment = Moment.values()[random.nextInt(3)];
      Told told = run(disk, new CrashPoint(30 + random.nextInt(2000), moment));
      for (CrashPolicy policy : CrashPolicy.values()) {
        long seed = random.nextLong();
        String when = "run " + runs + ", " + policy + " " + seed;
        check(disk.crashImage(policy, seed), told, firstTxnId, when);
        states++;
      }
      check(disk.cachedImage(), told, firstTxnId, "run " + runs + ", a kill");
      runs++;
    }
    Campaign.note("threads and a crash: " + runs + " runs, " + states + " crash states");
  }
}

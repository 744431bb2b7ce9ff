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
import dev.quire.store.testing.FaultyRegion;
import dev.quire.store.testing.RegionOperation.Kind;
import dev.quire.store.testing.SimulatedRegion;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Readers and writers of one process at the same time.
@Timeout(120)
class ConcurrencyTest {

  private static final byte[] TABLE = "numbers".getBytes(StandardCharsets.UTF_8);
  private static final StoreOptions OPTIONS = StoreOptions.defaults();
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int KEYS = 400;

  /// Threads that end with the first failure of one of them.
  private static final class Crew {
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    void start(ThreadFactory factory, Runnable work) {
      Thread thread =
          factory.newThread(
              () -> {
                try {
                  work.run();
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                }
              });
      threads.add(thread);
      thread.start();
    }

    boolean isWell() {
      return failure.get() == null;
    }

    void join() throws InterruptedException {
      for (Thread thread : threads) {
        thread.join();
      }
      if (failure.get() != null) {
        throw new AssertionError(failure.get());
      }
    }
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  /// A value of which every word is the same: another page's bytes would show.
  private static MemorySegment pattern(long number) {
    long[] words = new long[12];
    Arrays.fill(words, number);
    return MemorySegment.ofArray(words);
  }

  private static long putAll(Engine engine, Durability durability, int from, int to) {
    WriteSession session = engine.beginWrite(durability, LONG);
    try {
      long number = session.txnId();
      MemorySegment value = pattern(number);
      TableTree table = session.createTable(TABLE, false);
      for (int i = from; i < to; i++) {
        session.put(table, key(i), 4, value, 0, value.byteSize(), 0);
      }
      session.commit();
      return number;
    } finally {
      session.rollback();
    }
  }

  /// Reads all keys of a snapshot: each value is whole, none is younger than the snapshot, and key
  /// 0, which every transaction writes, is exactly the snapshot's.
  private static void read(Snapshot snapshot, ValueSlot slot) {
    TableRecord table = snapshot.findTable(TABLE);
    if (table == null) {
      throw new AssertionError("no table in transaction " + snapshot.txnId());
    }
    for (int i = 0; i < KEYS; i++) {
      if (!TreeReader.find(snapshot, table.rootRef(), key(i), 4, slot)) {
        throw new AssertionError("key " + i + " is missing in " + snapshot.txnId());
      }
      long first = word(slot, 0);
      for (int w = 1; w < 12; w++) {
        if (word(slot, w) != first) {
          throw new AssertionError("key " + i + ": " + first + " and " + word(slot, w));
        }
      }
      if (first > snapshot.txnId() || i == 0 && first != snapshot.txnId()) {
        throw new AssertionError(
            "transaction " + snapshot.txnId() + " shows key " + i + " of " + first);
      }
    }
  }

  private static long word(ValueSlot slot, int index) {
    return slot.segment.get(ValueLayout.JAVA_LONG_UNALIGNED, slot.offset + 8L * index);
  }

  private static void readWhileWritten(ThreadFactory factory, int readers) throws Exception {
    Engine engine =
        Opening.onRegion(
            new SimulatedRegion(64 << 20), OPTIONS.withDurability(Durability.CHECKPOINT));
    putAll(engine, Durability.CHECKPOINT, 0, KEYS);
    long deadline = Campaign.deadlineNanos(3);
    AtomicBoolean writing = new AtomicBoolean(true);
    AtomicLong reads = new AtomicLong();
    Crew crew = new Crew();
    for (int i = 0; i < readers; i++) {
      crew.start(
          factory,
          () -> {
            ValueSlot slot = new ValueSlot();
            while (writing.get() && crew.isWell()) {
              Snapshot snapshot = engine.beginRead();
              read(snapshot, slot);
              Thread.yield();
              read(snapshot, slot);
              snapshot.end();
              reads.incrementAndGet();
            }
          });
    }
    long transactions = 0;
    while (System.nanoTime() < deadline && crew.isWell()) {
      int from = (int) (transactions * 13 % KEYS);
      WriteSession session = engine.beginWrite(Durability.CHECKPOINT, LONG);
      MemorySegment value = pattern(session.txnId());
      TableTree table = session.createTable(TABLE, false);
      session.put(table, key(0), 4, value, 0, value.byteSize(), 0);
      for (int i = from; i < Math.min(KEYS, from + 3); i++) {
        session.put(table, key(i), 4, value, 0, value.byteSize(), 0);
      }
      session.commit();
      transactions++;
      if (transactions % 500 == 0) {
        engine.checkpoint();
      }
    }
    writing.set(false);
    crew.join();
    Campaign.note(reads + " snapshots were read beside " + transactions + " transactions");
    assertEquals(0, engine.stats().readers());
    assertTrue(engine.stats().highWaterPages() < 4000, engine.stats().toString());
    assertNull(CrashOracle.violationsOf(engine));
    engine.close();
  }

  @Test
  void snapshots_platformThreadsBesideAWriter_showTheirTransaction() throws Exception {
    readWhileWritten(Thread.ofPlatform().factory(), 4);
  }

  @Test
  void snapshots_virtualThreadsBesideAWriter_showTheirTransaction() throws Exception {
    readWhileWritten(Thread.ofVirtual().factory(), 50);
  }

  @Test
  void snapshots_tenThousandAtOnce_eachHasItsSlot() throws Exception {
    Engine engine = Engine.inMemory(OPTIONS);
    putAll(engine, OPTIONS.durability(), 0, KEYS);
    int count = 10_000;
    CountDownLatch begun = new CountDownLatch(count);
    CountDownLatch ending = new CountDownLatch(1);
    Snapshot[] snapshots = new Snapshot[count];
    Crew crew = new Crew();
    for (int i = 0; i < count; i++) {
      int number = i;
      crew.start(
          Thread.ofVirtual().factory(),
          () -> {
            try {
              snapshots[number] = engine.beginRead();
              begun.countDown();
              ending.await();
              read(snapshots[number], new ValueSlot());
              snapshots[number].end();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
    }
    for (int i = 0; i < 200; i++) {
      putAll(engine, OPTIONS.durability(), 0, 1 + i);
    }
    begun.await();
    assertEquals(count, engine.stats().readers());
    Set<Snapshot> different = new HashSet<>(List.of(snapshots));
    assertEquals(count, different.size(), "slots");
    ending.countDown();
    crew.join();
    assertEquals(0, engine.stats().readers());
    assertNull(CrashOracle.violationsOf(engine));
    engine.close();
  }

  @Test
  void commit_syncFromEightThreads_sharesSyncsInOrder() throws Exception {
    FaultyRegion region = new FaultyRegion(new SimulatedRegion(32 << 20));
    Engine engine = Opening.onRegion(region, OPTIONS);
    putAll(engine, Durability.SYNC, 0, KEYS);
    region.resetOperations();
    int threads = 8;
    int commitsEach = 300;
    AtomicLong published = new AtomicLong();
    Crew crew = new Crew();
    for (int i = 0; i < threads; i++) {
      crew.start(
          Thread.ofPlatform().factory(),
          () -> {
            for (int c = 0; c < commitsEach && crew.isWell(); c++) {
              long mine = putAll(engine, Durability.SYNC, 0, 2);
              long earlier = published.get();
              Snapshot after = engine.beginRead();
              if (after.txnId() < mine || after.txnId() < earlier) {
                throw new AssertionError(after.txnId() + " is published after " + mine);
              }
              read(after, new ValueSlot());
              published.accumulateAndGet(after.txnId(), Math::max);
              after.end();
            }
          });
    }
    crew.join();
    long commits = threads * commitsEach;
    long syncs = region.count(Kind.SYNC_RANGE);
    Campaign.note(commits + " commits took " + syncs + " syncs");
    assertTrue(syncs < commits, syncs + " syncs of " + commits + " commits");
    assertEquals(commits + 1, engine.stats().commits());
    assertNull(CrashOracle.violationsOf(engine));
    engine.close();
  }
}

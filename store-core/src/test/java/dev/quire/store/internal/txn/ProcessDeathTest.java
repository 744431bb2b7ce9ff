package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.region.Region;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.RegionOperation;
import dev.quire.store.testing.WatchedRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a process that dies at any step of a commit, a checkpoint or a takeover hurts nobody.
///
/// Method: a victim process halts at the step while a survivor has the store open. The survivor
/// goes on at once, nothing that the victim acknowledged is lost, no page leaks; and a copy of
/// `data` alone, which is what a crash of the machine would leave if all was written, recovers to
/// the same.
@Timeout(180)
class ProcessDeathTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path directory;

  private Path store;
  private ChildJvm survivor;
  private long value;
  private int copies;

  @BeforeEach
  void prepare() {
    store = directory.resolve("store");
  }

  @AfterEach
  void close() {
    if (survivor != null) {
      survivor.close();
    }
  }

  private void start(String mode) {
    survivor = StoreRole.start(store, mode);
    value = Long.parseLong(survivor.ask("add k 20"));
  }

  /// A process that counts until it comes to a step for the n-th time.
  private void dieCounting(String mode, String step, int times) {
    try (ChildJvm victim = StoreRole.start(store, mode)) {
      victim.ask("die " + step + " " + times);
      victim.ask("adding k");
      long acknowledged = value;
      Optional<String> said = victim.findNext();
      while (said.isPresent()) {
        acknowledged = Long.parseLong(said.get());
        said = victim.findNext();
      }
      assertEquals(9, victim.awaitEnd(), step);
      requireSound(step, acknowledged, acknowledged + 1);
    }
  }

  /// A process that is asked for one thing, and dies at a step of it.
  private void dieDoing(String mode, String command, String step, int least, int most) {
    try (ChildJvm victim = StoreRole.start(store, mode)) {
      value = Long.parseLong(victim.ask("add k 5"));
      victim.ask("die " + step + " 1");
      victim.tell(command);
      assertTrue(victim.findNext().isEmpty(), step);
      assertEquals(9, victim.awaitEnd(), step);
      requireSound(step, value + least, value + most);
    }
  }

  private void requireSound(String step, long least, long most) {
    long seen = Long.parseLong(survivor.ask("get k"));
    assertTrue(seen <= most, step + ": " + seen + " of " + most + " before the takeover");
    long next = Long.parseLong(survivor.ask("add k 1")) - 1;
    assertTrue(
        next >= least && next <= most, step + ": " + next + ", not " + least + " to " + most);
    assertEquals("null", survivor.ask("check"), step);
    value = Long.parseLong(survivor.ask("add k 30"));
    survivor.ask("checkpoint");
    assertEquals("null", survivor.ask("check"), step);
  }

  /// What a crash of the machine would leave: the data file alone.
  private void requireCopyRecovers(String step) {
    try {
      Path copy = directory.resolve("copy-" + copies++);
      Files.createDirectory(copy);
      Files.copy(store.resolve(StoreFiles.DATA), copy.resolve(StoreFiles.DATA));
      Engine engine = Engine.open(copy, StoreRole.options("SYNC"));
      try {
        assertEquals(value, StoreRole.counter(engine, "k"), step);
        assertNull(CrashOracle.violationsOf(engine), step);
      } finally {
        engine.close();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void requireLastCloseIsClean() {
    assertEquals(0, survivor.finish());
    Engine engine = Engine.open(store, StoreRole.options("SYNC"));
    try {
      assertEquals(value, StoreRole.counter(engine, "k"));
      assertNull(CrashOracle.violationsOf(engine));
    } finally {
      engine.close();
    }
  }

  @Test
  void death_inALoggedCommit_isFinishedOrForgotten() {
    start("SYNC");
    String[] steps = {
      "AFTER_PAGES",
      "BEFORE_RING",
      "AFTER_RING",
      "AFTER_SYNC_RANGE_COMMIT",
      "NOTE_WRITTEN",
      "NOTE_APPLIED",
      "HEAD_STORED"
    };
    int times = 3;
    for (String step : steps) {
      dieCounting("SYNC", step, times++);
      requireCopyRecovers(step);
    }
    requireLastCloseIsClean();
  }

  @Test
  void death_inAnUnloggedCommit_isFinishedOrForgotten() {
    start("CHECKPOINT");
    for (String step : new String[] {"NOTE_WRITTEN", "NOTE_APPLIED", "HEAD_STORED"}) {
      dieCounting("CHECKPOINT", step, 4);
    }
    requireLastCloseIsClean();
  }

  @Test
  void death_inACheckpoint_isFinishedOrForgotten() {
    start("CHECKPOINT");
    String[] steps = {
      "PLAN_WRITTEN",
      "BEFORE_SYNC_CHECKPOINT",
      "CANDIDATE_SET",
      "AFTER_SUPERBLOCK",
      "AFTER_SYNC_RANGE_CHECKPOINT",
      "DURABLE_SET"
    };
    for (String step : steps) {
      dieDoing("CHECKPOINT", "checkpoint", step, 0, 0);
      requireCopyRecovers(step);
    }
    requireLastCloseIsClean();
  }

  @Test
  void death_inACommitThroughACheckpoint_isFinishedOrForgotten() {
    start("CHECKPOINT");
    for (String step : new String[] {"NOTE_WRITTEN", "PLAN_WRITTEN", "CANDIDATE_SET"}) {
      dieDoing("CHECKPOINT", "addsync k", step, 0, 0);
    }
    for (String step : new String[] {"AFTER_SUPERBLOCK", "DURABLE_SET", "NOTE_APPLIED"}) {
      dieDoing("CHECKPOINT", "addsync k", step, 1, 1);
      requireCopyRecovers(step);
    }
    requireLastCloseIsClean();
  }

  @Test
  void death_ofTheSuccessor_isFinishedByTheNext() {
    start("SYNC");
    String[] steps = {
      "TAKEOVER_BEGUN", "TAKEOVER_NOTE_DONE", "BEFORE_RING", "AFTER_RING", "NOTE_WRITTEN"
    };
    for (String step : steps) {
      try (ChildJvm heir = StoreRole.start(store, "SYNC")) {
        heir.ask("die " + step + " 1");
        try (ChildJvm victim = StoreRole.start(store, "SYNC")) {
          victim.ask("die NOTE_APPLIED 1");
          victim.tell("add k 1");
          assertEquals(9, victim.awaitEnd(), step);
        }
        heir.tell("add k 1");
        assertEquals(9, heir.awaitEnd(), step);
      }
      requireSound(step, value + 1, value + 1);
      requireCopyRecovers(step);
    }
    requireLastCloseIsClean();
  }

  /// The dead process may have synced more than it published; the void record that takes its place
  /// must reach the medium all the same, and what it wrote must not come back.
  @Test
  void death_betweenSyncAndPublish_nothingComesBack() {
    start("SYNC");
    dieCounting("SYNC", "AFTER_SYNC_RANGE_COMMIT", 3);
    requireCopyRecovers("unpublished");
    requireLastCloseIsClean();
  }

  /// The dead process has left no room for the void record that ends its log: who takes the turn
  /// from it brings the head to rest before it writes one.
  @Test
  void death_withAFullRing_isTakenOver() {
    List<RegionOperation> writes = Collections.synchronizedList(new ArrayList<>());
    Engine engine = openWatched(writes);
    try {
      SharedState state = engine.parts().state;
      increment(engine);
      try (ChildJvm victim = StoreRole.start(store, "SYNC")) {
        // Nobody can run a checkpoint meanwhile.
        assertTrue(engine.parts().locks.tryTake(ProcessLocks.CHECKPOINT));
        victim.ask("fillring");
        long deadline = System.nanoTime() + LONG.toNanos();
        while (MetricsTable.total(state, Counter.RING_FULL_WAITS) == 0) {
          assertTrue(System.nanoTime() < deadline && victim.isAlive(), "the ring gets not full");
          Thread.onSpinWait();
        }
        victim.kill();
      }
      assertFalse(state.isTurnClean());
      assertFalse(new Successor(engine.parts()).hasRoomForVoid());
      writes.clear();
      engine.parts().locks.release(ProcessLocks.CHECKPOINT);
      assertEquals(2, increment(engine));
      List<String> order = writes.stream().map(ProcessDeathTest::place).toList();
      int superblock = order.indexOf("superblock");
      assertTrue(superblock >= 0 && superblock < order.indexOf("ring"), order.toString());
      value = 2;
      requireCopyRecovers("full ring");
      assertNull(CrashOracle.violationsOf(engine));
    } finally {
      engine.close();
    }
  }

  /// Where a write goes.
  private static String place(RegionOperation write) {
    long pages = 4L * 4096;
    long ring = pages + StoreRole.options("SYNC").ringSizeBytes();
    return write.offset() < pages ? "superblock" : write.offset() < ring ? "ring" : "page";
  }

  /// Opens the store, and notes what is written to its data and which syncs are done.
  private Engine openWatched(List<RegionOperation> done) {
    return openWatched(
        (operation, isDone) -> {
          if (isDone) {
            done.add(operation);
          }
        });
  }

  private Engine openWatched(WatchedRegion.Watcher watcher) {
    Opening.Seams seams =
        new Opening.Seams(region -> new WatchedRegion(region, watcher), Steps.NONE);
    return Opening.open(store, StoreRole.options("SYNC"), StoreKind.DURABLE, seams);
  }

  /// Only the page cache may have the superblock that the dead process wrote: it is synced before
  /// anything relies on it.
  @Test
  void death_afterTheSuperblockIsWritten_itIsSyncedByTheTaker() {
    List<RegionOperation> operations = Collections.synchronizedList(new ArrayList<>());
    Engine engine = openWatched(operations);
    try {
      increment(engine);
      long durable = engine.parts().state.durableSequence();
      try (ChildJvm victim = StoreRole.start(store, "SYNC")) {
        victim.ask("add k 3");
        victim.ask("hold k");
        victim.ask("die AFTER_SUPERBLOCK 1");
        victim.tell("checkpoint");
        assertEquals(9, victim.awaitEnd());
      }
      assertEquals(durable, engine.parts().state.durableSequence());
      operations.clear();
      assertEquals(5, increment(engine));
      assertEquals(durable + 1, engine.parts().state.durableSequence());
      assertEquals(RegionOperation.sync(Region.SyncRole.CHECKPOINT), operations.getFirst());
    } finally {
      engine.close();
    }
  }

  /// A process dies with the turn while a living one is in the middle of a checkpoint: the pages of
  /// the map that is being written are not given out by who takes over.
  @Test
  void death_besideACheckpointOfAnotherProcess_harmsNeither() throws InterruptedException {
    CountDownLatch planned = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean stops = new AtomicBoolean();
    Engine engine =
        openWatched(
            (operation, isDone) -> {
              boolean syncs = operation.role() == Region.SyncRole.CHECKPOINT;
              if (syncs && !isDone && stops.getAndSet(false)) {
                planned.countDown();
                awaitCalmly(goOn);
              }
            });
    try {
      increment(engine);
      stops.set(true);
      Thread checkpoint = new Thread(engine::checkpoint);
      checkpoint.start();
      assertTrue(planned.await(LONG.toSeconds(), TimeUnit.SECONDS));
      start("SYNC");
      try (ChildJvm victim = StoreRole.start(store, "SYNC")) {
        victim.ask("die NOTE_WRITTEN 2");
        victim.tell("add k 2");
        assertEquals(9, victim.awaitEnd());
      }
      value = Long.parseLong(survivor.ask("add k 40"));
      goOn.countDown();
      checkpoint.join();
      assertEquals("null", survivor.ask("check"));
      assertNull(CrashOracle.violationsOf(engine));
      requireCopyRecovers("beside a checkpoint");
      assertEquals(value + 1, increment(engine));
    } finally {
      goOn.countDown();
      engine.close();
    }
  }

  private static void awaitCalmly(CountDownLatch latch) {
    try {
      assertTrue(latch.await(LONG.toSeconds(), TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// A process dies with several commits synced of which the first is published, and the next one
  /// commits a record that is equal to the second. The third must not come back behind it, and the
  /// void record must reach the medium although the log counts as synced there.
  @Test
  void death_withAGroupSynced_endsItsLogForGood() {
    List<RegionOperation> operations = Collections.synchronizedList(new ArrayList<>());
    Engine engine = openWatched(operations);
    try {
      SharedState state = engine.parts().state;
      increment(engine);
      long before = state.newestLsn();
      increment(engine);
      long twoRecords = 2 * (state.newestLsn() - before);
      do {
        increment(engine);
        killInAGroup();
      } while (state.syncedLsn() - engine.parts().note.head().lsn() < twoRecords);
      long voidPlace = engine.parts().ring.placeOf(engine.parts().note.head().lsn());
      operations.clear();
      value = increment(engine);
      assertTrue(
          operations.stream().anyMatch(operation -> syncs(operation, voidPlace)),
          operations + ", not " + voidPlace);
      requireCopyRecovers("a group");
      assertNull(CrashOracle.violationsOf(engine));
    } finally {
      engine.close();
    }
  }

  private static boolean syncs(RegionOperation operation, long place) {
    return operation.role() == Region.SyncRole.COMMIT
        && operation.offset() <= place
        && place < operation.offset() + operation.length();
  }

  private static long increment(Engine engine) {
    return StoreRole.increment(engine, "k", engine.options().durability(), LONG);
  }

  /// A process whose threads commit together dies when the first of them is published.
  private void killInAGroup() {
    try (ChildJvm victim = StoreRole.start(store, "SYNC")) {
      victim.ask("die NOTE_WRITTEN 100");
      victim.tell("addmany k 1000 6");
      assertEquals(9, victim.awaitEnd());
    }
  }
}

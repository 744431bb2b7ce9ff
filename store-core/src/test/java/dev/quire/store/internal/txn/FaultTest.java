package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.CommitInDoubtException;
import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.internal.txn.Edit.Kind;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.CrashPoint.Moment;
import dev.quire.store.testing.FaultyRegion;
import dev.quire.store.testing.FaultyRegion.Fault;
import dev.quire.store.testing.ProbedRegion;
import dev.quire.store.testing.RegionOperation;
import dev.quire.store.testing.SimulatedRegion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Goal: a disk that fails or fills costs no acknowledged transaction, and what the caller is told
/// is true.
///
/// Method: a workload with every kind of commit and checkpoints; the n-th write, sync or growth
/// fails, for n = 1, 2, ... until none does. A disk that is full stays so: what comes after the
/// n-th fails too.
class FaultTest {

  private static final long CAPACITY_BYTES = 16 << 20;

  /// In `verify` all operations fail in turn up to this one, behind it every third one.
  private static final long ALL_UP_TO = 24;

  private static final long STEP_BEHIND = 3;
  private static final List<StoreOptions> MODES =
      List.of(CrashTest.OPTIONS, CrashTest.INTERVAL_OPTIONS, CrashTest.CHECKPOINT_OPTIONS);

  /// A store on a disk that fails once.
  private static final class Run {
    final StoreOptions options;
    final SimulatedRegion disk;
    final FaultyRegion region;
    final Engine engine;
    final List<StoreModel> history = new ArrayList<>(List.of(new StoreModel()));
    int acknowledged;
    StoreException failure;
    boolean wasInDoubt;

    Run(StoreOptions options) {
      this.options = options;
      SimulatedRegion first = new SimulatedRegion(CAPACITY_BYTES);
      Opening.onRegion(first, options).close();
      disk = first.successor();
      region = new FaultyRegion(disk);
      engine = Opening.onRegion(region, options);
      region.resetOperations();
    }

    StoreModel model() {
      return history.getLast();
    }

    /// The steps of the workload; ends with the first failure.
    void work() {
      try {
        for (int i = 0; i < 3; i++) {
          commit(options.durability(), CrashTest.puts(0, i, i + 4, 300));
          commit(Durability.SYNC, CrashTest.puts(1, 0, 30, 100 + i));
          commit(Durability.SYNC, CrashTest.puts(0, i, i + 9, 1900));
          checkpoint();
          commit(options.durability(), CrashTest.puts(2, 0, 2, 6000 + i));
          commit(options.durability(), CrashTest.puts(1, 0, 420 * i, 1900));
          commit(options.durability(), CrashTest.edit(Kind.DELETE_RANGE, 1, 0, 400));
        }
        checkpoint();
      } catch (StoreException e) {
        failure = e;
      }
    }

    void commit(Durability durability, Consumer<ModelSession> edits) {
      WriteSession session = engine.beginWrite(durability, Duration.ZERO);
      try {
        ModelSession both = new ModelSession(session, model());
        edits.accept(both);
        session.userWords(7, history.size());
        try {
          session.commit();
        } catch (CommitInDoubtException e) {
          wasInDoubt = true;
          history.add(both.model());
          throw e;
        }
        history.add(both.model());
      } finally {
        session.rollback();
      }
      if (durability instanceof Durability.Sync) {
        acknowledged = history.size() - 1;
      }
    }

    void checkpoint() {
      engine.checkpoint();
      acknowledged = history.size() - 1;
    }

    /// What readers see: of a transaction in doubt nothing is said.
    void requireReadable(String when) {
      Snapshot snapshot = engine.beginRead();
      try {
        String difference = model().differenceTo(snapshot);
        if (difference != null && wasInDoubt) {
          difference = history.get(history.size() - 2).differenceTo(snapshot);
        }
        assertNull(difference, when);
      } finally {
        snapshot.end();
      }
    }

    /// Opening again, after the process is gone, and after the machine crashed.
    void requireRecoverable(String when) {
      CrashOracle oracle = new CrashOracle(options, history);
      int attempted = history.size() - 1;
      for (byte[] image : List.of(disk.cachedImage(), disk.durableImage())) {
        assertNull(oracle.findingIn(image, acknowledged, attempted), when);
      }
    }
  }

  /// Lets the n-th operation of a kind fail, for all n; for some of the later ones in `verify`.
  private static void forEachFailure(
      StoreOptions options, RegionOperation.Kind kind, Fault fault, Consumer<Run> check) {
    long number = 1;
    boolean failed = true;
    while (failed) {
      Run run = new Run(options);
      try {
        if (fault == Fault.FULL) {
          // A disk stays full, and a store that finds other room need not fail.
          run.region.failFrom(kind, number, fault);
        } else {
          run.region.fail(kind, number, fault);
        }
        run.work();
        failed = run.region.failures() > 0;
        String when = kind + " " + number + " fails: " + fault + ", " + options.durability();
        if (failed) {
          boolean goesOn = kind == RegionOperation.Kind.GROW && fault == Fault.FULL;
          assertTrue(run.failure != null || goesOn, when + ", and nobody is told");
          run.requireReadable(when);
          check.accept(run);
        } else {
          assertNull(run.failure, when);
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(kind + " " + number + " fails with " + fault, e);
      } finally {
        CrashOracle.closeQuietly(run.engine);
      }
      number += Campaign.isLong() || number < ALL_UP_TO ? 1 : STEP_BEHIND;
    }
    assertTrue(number > 2, "nothing ever failed");
  }

  /// After a clean failure everything goes on.
  private static void requireGoesOn(Run run) {
    run.region.heal();
    run.requireRecoverable("before it goes on");
    assertNull(CrashOracle.difference(run.engine, run.model()));
    run.failure = null;
    run.commit(Durability.SYNC, CrashTest.puts(0, 0, 5, 77));
    run.work();
    assertNull(run.failure, "after the disk was healed");
    assertNull(CrashOracle.difference(run.engine, run.model()));
    run.engine.close();
    run.acknowledged = run.history.size() - 1;
    run.requireRecoverable("after it went on");
  }

  /// After a failure that leaves the disk in doubt nothing is written any more.
  private static void requirePoisoned(Run run) {
    run.region.heal();
    assertTrue(run.engine.stats().poisoned(), "poisoned");
    assertThrows(
        StoreFailedException.class, () -> run.engine.beginWrite(Durability.SYNC, Duration.ZERO));
    if (run.engine.stats().durableTxnId() != run.engine.stats().txnId()) {
      assertThrows(StoreFailedException.class, run.engine::checkpoint);
    }
    run.requireReadable("poisoned");
    int operations = run.region.operations().size();
    run.engine.close();
    assertEquals(operations, run.region.operations().size(), "a poisoned store writes nothing");
    run.requireRecoverable("poisoned");
  }

  @Test
  void grow_diskIsFull_storeGoesOn() {
    for (StoreOptions options : MODES) {
      forEachFailure(
          options,
          RegionOperation.Kind.GROW,
          Fault.FULL,
          run -> {
            if (run.failure != null) {
              assertEquals(StoreFullException.class, run.failure.getClass());
            }
            requireGoesOn(run);
          });
    }
  }

  @Test
  void write_diskIsFull_storeGoesOnUnlessRingOrSuperblock() {
    for (StoreOptions options : MODES) {
      forEachFailure(
          options,
          RegionOperation.Kind.WRITE,
          Fault.FULL,
          run -> {
            if (isBeforePages(lastWrite(run))) {
              requirePoisoned(run);
            } else {
              assertEquals(StoreFullException.class, run.failure.getClass());
              requireGoesOn(run);
            }
          });
    }
  }

  @Test
  void write_ioError_nothingAcknowledgedIsLost() {
    for (StoreOptions options : MODES) {
      forEachFailure(
          options,
          RegionOperation.Kind.WRITE,
          Fault.IO,
          run -> {
            if (isBeforePages(lastWrite(run))) {
              requirePoisoned(run);
            } else {
              run.requireRecoverable("a page could not be written");
            }
          });
    }
  }

  @Test
  void sync_ioError_poisons() {
    for (StoreOptions options : MODES) {
      forEachFailure(options, RegionOperation.Kind.SYNC, Fault.IO, FaultTest::requirePoisoned);
      forEachFailure(
          options, RegionOperation.Kind.SYNC_RANGE, Fault.IO, FaultTest::requirePoisoned);
    }
  }

  @Test
  void sync_noSpace_poisonsLikeAnyOtherFailure() {
    forEachFailure(
        CrashTest.OPTIONS, RegionOperation.Kind.SYNC, Fault.FULL, FaultTest::requirePoisoned);
    forEachFailure(
        CrashTest.OPTIONS, RegionOperation.Kind.SYNC_RANGE, Fault.FULL, FaultTest::requirePoisoned);
  }

  @Test
  void syncOfTheLog_fails_commitIsInDoubt() {
    Run run = new Run(CrashTest.OPTIONS);
    run.region.fail(RegionOperation.Kind.SYNC_RANGE, 2, Fault.IO);
    run.commit(Durability.SYNC, CrashTest.puts(0, 0, 2, 10));
    assertThrows(
        CommitInDoubtException.class,
        () -> run.commit(Durability.SYNC, CrashTest.puts(0, 0, 2, 20)));
    requirePoisoned(run);
  }

  /// The kernel reports a failed writeback once and calls the pages clean: the failed sync leaves a
  /// disk without them, whatever later syncs say.
  @Test
  void sync_failsAndDropsThePages_reopenedStoreIsDurable() {
    boolean failed = true;
    for (int number = 1; failed; number++) {
      Run run = new Run(CrashTest.OPTIONS);
      long before = run.disk.operations().stream().filter(op -> op.kind().isSync()).count();
      run.disk.failSync(before + number);
      run.work();
      failed = run.failure != null;
      assertTrue(failed || number > 20, "syncs of the workload");
      CrashOracle.closeQuietly(run.engine);
      SimulatedRegion next = run.disk.successor();
      Engine engine = Opening.onRegion(next, run.options);
      long found = engine.parts().state.head().userIndex();
      String when = "sync " + number + " failed and dropped its pages";
      CrashOracle oracle = new CrashOracle(run.options, run.history);
      assertNull(oracle.findingIn(next.durableImage(), found, found), when);
      assertTrue(found >= run.acknowledged, when);
      CrashOracle.closeQuietly(engine);
    }
  }

  /// A superblock that only the page cache has is made certain before recovery writes over the one
  /// before it: a crash may lose the whole slot that is being written.
  @Test
  void superblockNotSynced_slotLostInRecovery_nothingIsLost() {
    Run run = new Run(CrashTest.OPTIONS);
    run.commit(Durability.SYNC, CrashTest.puts(0, 0, 60, 200));
    run.checkpoint();
    run.commit(Durability.SYNC, CrashTest.puts(0, 0, 60, 210));
    run.region.resetOperations();
    run.region.fail(RegionOperation.Kind.SYNC_RANGE, 1, Fault.IO);
    assertThrows(StoreIoException.class, run.engine::checkpoint);
    CrashOracle.closeQuietly(run.engine);
    CrashOracle oracle = new CrashOracle(run.options, run.history);
    List<RegionOperation> seen = new ArrayList<>();
    ProbedRegion recovering =
        new ProbedRegion(
            run.disk.successor(),
            (now, next, moment) -> {
              boolean writes = next.kind() == RegionOperation.Kind.WRITE;
              if (writes && moment == Moment.BEFORE && next.offset() < 16 << 10) {
                byte[] image = now.durableImage();
                int from = (int) next.offset();
                Arrays.fill(image, from, from + (int) next.length(), (byte) 0x5a);
                int last = run.history.size() - 1;
                seen.add(next);
                assertNull(oracle.findingIn(image, last, last), "superblock write " + seen.size());
              }
            });
    Opening.onRegion(recovering, run.options).close();
    assertTrue(seen.size() >= 3, "superblocks of recovery: " + seen);
  }

  private static RegionOperation lastWrite(Run run) {
    return run.region.operations().stream()
        .filter(operation -> operation.kind() == RegionOperation.Kind.WRITE)
        .toList()
        .getLast();
  }

  private static boolean isBeforePages(RegionOperation write) {
    return write.offset() < (16 << 10) + StoreOptions.MIN_RING_SIZE_BYTES;
  }

  @Test
  void commit_sync_isPageRunsOneRingWriteOneRangeSync() {
    Run run = new Run(CrashTest.OPTIONS.withRingSizeBytes(4 << 20));
    for (int i = 0; i < 40; i++) {
      run.commit(Durability.SYNC, CrashTest.puts(0, 0, 40, 60));
    }
    for (int i = 0; i < 20; i++) {
      run.region.resetOperations();
      run.commit(Durability.SYNC, CrashTest.puts(0, i, i + 1, 60));
      List<RegionOperation> operations = run.region.operations();
      int last = operations.size() - 1;
      assertEquals(RegionOperation.Kind.SYNC_RANGE, operations.get(last).kind());
      assertEquals(SyncRole.COMMIT, operations.get(last).role());
      RegionOperation ring = operations.get(last - 1);
      assertEquals(RegionOperation.Kind.WRITE, ring.kind());
      assertTrue(ring.offset() < (16 << 10) + run.engine.stats().ringSizeBytes(), "the ring");
      assertEquals(ring.offset(), operations.get(last).offset(), "exactly the new bytes");
      assertEquals(ring.length(), operations.get(last).length(), "exactly the new bytes");
      for (RegionOperation pages : operations.subList(0, last - 1)) {
        assertEquals(RegionOperation.Kind.WRITE, pages.kind());
        assertEquals(0, pages.offset() % 4096, "whole pages");
        assertEquals(0, pages.length() % 4096, "whole pages");
      }
      assertTrue(operations.size() <= 5, operations.toString());
    }
    run.engine.close();
  }

  /// The sync that a timer wants has no caller who could be told.
  @Test
  void sync_failsForATimer_isKnownToAllThatCommit() {
    Run run = new Run(CrashTest.INTERVAL_OPTIONS);
    run.commit(CrashTest.INTERVAL, CrashTest.puts(0, 0, 3, 40));
    run.region.resetOperations();
    run.region.fail(RegionOperation.Kind.SYNC_RANGE, 1, Fault.IO);
    run.engine.syncLog();
    assertTrue(run.engine.parts().state.isPoisoned());
    assertThrows(
        StoreFailedException.class,
        () -> run.commit(CrashTest.INTERVAL, CrashTest.puts(0, 0, 3, 50)));
  }
}

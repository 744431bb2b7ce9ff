package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.internal.txn.CrashRun.Effort;
import dev.quire.store.internal.txn.Edit.Kind;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.RegionOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: after a crash at any moment the store is one of its transactions, none acknowledged is
/// lost, and it goes on from there.
///
/// Method: [CrashRun]. Scripted workloads for each thing that a commit, a checkpoint and a recovery
/// do, seeded ones for their mixtures.
@Order(1)
class CrashTest {

  static final StoreOptions OPTIONS =
      StoreOptions.defaults()
          .withRingSizeBytes(StoreOptions.MIN_RING_SIZE_BYTES)
          .withWriterMemoryBytes(StoreOptions.MIN_WRITER_MEMORY_BYTES);
  static final Durability INTERVAL = Durability.interval(Duration.ofHours(1));
  static final StoreOptions INTERVAL_OPTIONS = OPTIONS.withDurability(INTERVAL);
  static final StoreOptions CHECKPOINT_OPTIONS = OPTIONS.withDurability(Durability.CHECKPOINT);

  private static final AtomicLong STATES = new AtomicLong();
  private static final AtomicLong FAILURES = new AtomicLong();

  /// Steps of a checkpoint: map page, sync, superblock, its sync.
  static final List<Predicate<RegionOperation>> CHECKPOINT_MOMENTS =
      List.of(
          op -> op.kind() == RegionOperation.Kind.WRITE,
          op -> op.kind() == RegionOperation.Kind.SYNC,
          op -> op.kind() == RegionOperation.Kind.WRITE && op.offset() < 16 << 10,
          op -> op.role() == SyncRole.CHECKPOINT && op.kind() == RegionOperation.Kind.SYNC_RANGE);

  static Consumer<ModelSession> puts(int table, int from, int to, int size) {
    return session -> {
      for (int key = from; key < to; key++) {
        new Edit(Kind.PUT, table, key, size, from + size).applyTo(session);
      }
    };
  }

  static Consumer<ModelSession> edit(Kind kind, int table, int key, int size) {
    return session -> new Edit(kind, table, key, size, 3).applyTo(session);
  }

  static void verify(String name, StoreOptions options, Consumer<CrashRun> workload) {
    Effort effort = Campaign.isLong() ? Effort.CAMPAIGN : Effort.SAMPLE;
    long start = System.nanoTime();
    try (CrashRun run = new CrashRun(name, Campaign.seed(), options, effort)) {
      workload.accept(run);
      run.closeAndReopen();
      long millis = (System.nanoTime() - start) / 1_000_000;
      Campaign.note(name + ": " + run.states() + " crash states in " + millis + " ms");
      count(run);
      assertEquals(List.of(), run.findings());
    }
  }

  private static void count(CrashRun run) {
    STATES.addAndGet(run.states());
    FAILURES.addAndGet(run.findings().size());
  }

  @AfterAll
  static void sayWhatWasTried() {
    Campaign.note(
        "power cuts so far: " + STATES.get() + " crash states, " + FAILURES.get() + " failures");
  }

  @Test
  void crash_smallCommits_areKept() {
    verify(
        "small SYNC commits",
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(0, 0, 3, 10));
          run.commit(Durability.SYNC, edit(Kind.PUT, 0, 1, 20));
          run.commit(Durability.SYNC, edit(Kind.DELETE, 0, 2, 0));
          run.rollback(puts(0, 7, 9, 4));
          run.commit(Durability.SYNC, puts(3, 0, 2, 30));
          run.checkpoint();
          run.commit(Durability.SYNC, edit(Kind.DROP, 0, 0, 0));
          run.commit(Durability.SYNC, puts(0, 5, 6, 9));
        });
  }

  @Test
  void crash_splitsMergesAndRanges_areKept() {
    verify(
        "splits, merges, ranges",
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(1, 0, 60, 150));
          run.commit(Durability.SYNC, puts(2, 0, 50, 100));
          run.checkpoint();
          run.commit(Durability.SYNC, edit(Kind.DELETE_RANGE, 1, 10, 25));
          run.commit(Durability.SYNC, puts(1, 20, 26, 1200));
          run.commit(Durability.SYNC, edit(Kind.CLEAR, 2, 0, 0));
          run.commit(Durability.SYNC, edit(Kind.DELETE_RANGE, 1, 0, 60));
        });
  }

  @Test
  void crash_overflowValues_areKept() {
    verify(
        "overflow values",
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(0, 0, 2, 5000));
          run.commit(Durability.SYNC, edit(Kind.STREAM, 0, 3, 9000));
          run.commit(Durability.SYNC, puts(0, 1, 2, 6000));
          run.checkpoint();
          run.commit(Durability.SYNC, puts(2, 7, 8, 4100));
          run.commit(Durability.SYNC, edit(Kind.DELETE, 0, 3, 0));
        });
  }

  @Test
  void crash_ringGoesRound_logIsRight() {
    verify(
        "ring goes round",
        OPTIONS,
        run -> {
          for (int i = 0; i < 11; i++) {
            run.commit(Durability.SYNC, puts(0, 0, 4, 1800 + 300 * (i % 3)));
          }
        });
  }

  @Test
  void crash_transactionsTooLongForTheRing_areKept() {
    verify(
        "oversized transactions",
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(0, 0, 2, 40));
          run.commit(Durability.SYNC, puts(1, 0, 12, 1700));
          run.commit(Durability.SYNC, puts(0, 1, 3, 50));
          run.commit(INTERVAL, puts(1, 5, 17, 1600));
          run.commit(INTERVAL, puts(0, 1, 2, 60));
          run.syncLog();
        });
  }

  @Test
  void crash_spilledTransactions_areKept() {
    verify(
        "spilled transactions",
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(0, 0, 2, 40));
          run.commit(Durability.SYNC, puts(1, 0, 560, 1900));
          run.rollback(puts(1, 100, 660, 1800));
          run.commit(Durability.SYNC, puts(0, 1, 3, 50));
        });
  }

  /// Few pages that live behind many free ones.
  private static void emptyBeginning(CrashRun run, Durability durability) {
    run.commit(durability, puts(0, 0, 90, 1700));
    run.commit(durability, puts(1, 0, 20, 900));
    run.commit(durability, puts(3, 0, 9, 300));
    run.commit(durability, edit(Kind.CLEAR, 0, 0, 0));
    run.commit(durability, puts(3, 2, 4, 310));
  }

  @Test
  void crash_compaction_losesNothing() {
    verify(
        "compaction",
        OPTIONS,
        run -> {
          emptyBeginning(run, INTERVAL);
          long before = run.engine().stats().highWaterPages();
          run.compact();
          run.commit(Durability.SYNC, puts(3, 5, 6, 320));
          run.closeAndReopen();
          long after = run.engine().stats().highWaterPages();
          assertTrue(after <= before - 16, before + " pages are now " + after);
          run.commit(Durability.SYNC, puts(3, 5, 6, 330));
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void crash_killInCompaction_losesNothing(boolean keepShared) {
    verify(
        "kills in compactions" + suffix(keepShared),
        CHECKPOINT_OPTIONS,
        run -> {
          for (Predicate<RegionOperation> moment : CHECKPOINT_MOMENTS) {
            emptyBeginning(run, Durability.CHECKPOINT);
            run.checkpoint();
            run.killBefore(moment, keepShared, run::compact);
          }
        });
  }

  @Test
  void crash_intervalStore_losesNothingSynced() {
    verify(
        "INTERVAL store",
        INTERVAL_OPTIONS,
        run -> {
          run.commit(INTERVAL, puts(0, 0, 3, 40));
          run.commit(INTERVAL, puts(0, 1, 3, 50));
          run.syncLog();
          run.commit(INTERVAL, puts(1, 1, 3, 50));
          run.commit(Durability.SYNC, puts(0, 2, 4, 60));
          run.commit(INTERVAL, puts(1, 1, 3, 70));
          run.checkpoint();
          run.commit(INTERVAL, edit(Kind.DROP, 0, 0, 0));
        });
  }

  @Test
  void crash_checkpointStore_losesNothingBeforeTheCheckpoint() {
    verify(
        "CHECKPOINT store",
        CHECKPOINT_OPTIONS,
        run -> {
          run.commit(Durability.CHECKPOINT, puts(0, 0, 3, 40));
          run.commit(Durability.CHECKPOINT, puts(0, 1, 9, 500));
          run.checkpoint();
          run.commit(Durability.CHECKPOINT, puts(1, 1, 3, 50));
          run.commit(Durability.SYNC, puts(0, 2, 4, 60));
          run.commit(Durability.CHECKPOINT, edit(Kind.CLEAR, 0, 0, 0));
          run.commit(Durability.CHECKPOINT, puts(1, 1, 3, 70));
        });
  }

  @Test
  void crash_storeOpenedInOtherModes_losesNothing() {
    verify(
        "modes change",
        CHECKPOINT_OPTIONS,
        run -> {
          run.commit(Durability.CHECKPOINT, puts(0, 0, 3, 40));
          run.closeAndReopen(OPTIONS);
          run.commit(Durability.SYNC, puts(0, 1, 3, 50));
          run.killAndReopen(CHECKPOINT_OPTIONS, false);
          run.commit(Durability.CHECKPOINT, puts(1, 1, 3, 50));
          run.commit(Durability.SYNC, puts(0, 0, 2, 30));
          run.closeAndReopen(INTERVAL_OPTIONS);
          run.commit(INTERVAL, puts(0, 0, 2, 70));
          run.syncLog();
        });
  }

  @Test
  void crash_unloggedStoreTakenOverByALoggingOne_losesNothing() {
    verify(
        "logged after unlogged",
        CHECKPOINT_OPTIONS,
        run -> {
          run.commit(Durability.CHECKPOINT, puts(0, 0, 3, 40));
          run.commit(Durability.CHECKPOINT, puts(0, 3, 5, 40));
          run.killAndReopen(OPTIONS, true);
          run.commit(Durability.SYNC, puts(0, 1, 3, 50));
          run.commit(Durability.SYNC, puts(0, 2, 4, 60));
          run.killAndReopen(CHECKPOINT_OPTIONS, true);
          run.commit(Durability.CHECKPOINT, puts(0, 0, 3, 70));
          run.killAndReopen(INTERVAL_OPTIONS, true);
          run.commit(INTERVAL, puts(0, 1, 3, 80));
          run.syncLog();
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void crash_afterAKill_nothingAcknowledgedIsLost(boolean keepShared) {
    verify(
        "kills" + suffix(keepShared),
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(0, 0, 3, 40));
          run.killAndReopen(OPTIONS, keepShared);
          run.commit(INTERVAL, puts(0, 1, 5, 50));
          run.killAndReopen(OPTIONS, keepShared);
          run.commit(Durability.SYNC, puts(1, 1, 9, 900));
          run.checkpoint();
          run.killAndReopen(OPTIONS, keepShared);
          run.commit(Durability.SYNC, puts(1, 4, 6, 800));
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void crash_afterAKillInACheckpoint_nothingAcknowledgedIsLost(boolean keepShared) {
    verify(
        "kills in checkpoints" + suffix(keepShared),
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(0, 0, 9, 400));
          for (Predicate<RegionOperation> moment : CHECKPOINT_MOMENTS) {
            for (int i = 0; i < 2; i++) {
              run.commit(Durability.SYNC, puts(0, i, 9, 350 + i));
              run.commit(Durability.SYNC, puts(1, i, 5, 850 + i));
            }
            run.killBefore(moment, keepShared, run::checkpoint);
            run.commit(Durability.SYNC, puts(0, 1, 3, 300));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void crash_afterAKillInACommit_nothingAcknowledgedIsLost(boolean keepShared) {
    verify(
        "kills in commits" + suffix(keepShared),
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(0, 0, 9, 400));
          for (int size : new int[] {100, 1900}) {
            for (Predicate<RegionOperation> moment : CHECKPOINT_MOMENTS) {
              run.killBefore(
                  moment, keepShared, () -> run.commit(Durability.SYNC, puts(0, 0, 9, size)));
            }
            run.killBefore(
                op -> op.role() == SyncRole.COMMIT,
                keepShared,
                () -> run.commit(Durability.SYNC, puts(0, 1, 3, size)));
          }
        });
  }

  private static String suffix(boolean keepShared) {
    return keepShared ? " and takeovers" : "";
  }

  /// What a store without a log has published survives its process, with the pages alone.
  @Test
  void crash_afterATakeoverOfACheckpointStore_nothingReturnedIsLost() {
    verify(
        "takeovers without a log",
        CHECKPOINT_OPTIONS,
        run -> {
          run.commit(Durability.CHECKPOINT, puts(0, 0, 9, 400));
          run.killAndReopen(CHECKPOINT_OPTIONS, true);
          run.commit(Durability.CHECKPOINT, puts(0, 0, 5, 410));
          run.killBefore(
              op -> op.kind() == RegionOperation.Kind.SYNC,
              true,
              () -> run.commit(Durability.SYNC, puts(1, 0, 9, 420)));
          run.commit(Durability.CHECKPOINT, puts(1, 0, 5, 430));
          run.killBefore(CHECKPOINT_MOMENTS.get(3), true, run::checkpoint);
          run.commit(Durability.CHECKPOINT, puts(0, 3, 5, 440));
          run.checkpoint();
        });
  }

  @Test
  void crash_afterAKillInATakeover_nothingAcknowledgedIsLost() {
    verify(
        "kills in takeovers",
        INTERVAL_OPTIONS,
        run -> {
          run.commit(INTERVAL, puts(0, 0, 9, 400));
          for (Predicate<RegionOperation> moment : CHECKPOINT_MOMENTS) {
            run.commit(INTERVAL, puts(0, 0, 5, 410));
            run.killBefore(
                op -> op.kind() == RegionOperation.Kind.WRITE && op.offset() >= 16 << 10,
                true,
                () -> run.commit(Durability.SYNC, puts(0, 1, 6, 420)));
            run.killBefore(
                op -> op.role() == SyncRole.COMMIT,
                true,
                () -> run.killBefore(moment, true, run::checkpoint));
            run.commit(Durability.SYNC, puts(0, 2, 3, 430));
          }
        });
  }

  /// A takeover ends the log of the dead process: what it appended and did not publish must not
  /// come back behind transactions of the same length.
  @Test
  void crash_deadWritersRecordsOfTheSameLength_neverComeBack() {
    verify(
        "dead records",
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(0, 0, 1, 100));
          for (int i = 0; i < 4; i++) {
            int salt = i;
            run.killBefore(
                op -> op.role() == SyncRole.COMMIT,
                true,
                () -> run.commit(Durability.SYNC, puts(0, salt, salt + 1, 100)));
            run.commit(Durability.SYNC, puts(0, salt + 1, salt + 2, 100));
          }
        });
  }

  @Test
  void crash_commitsDuringACheckpoint_areKept() {
    verify(
        "commits during a checkpoint",
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(0, 0, 9, 300));
          for (Predicate<RegionOperation> moment : CHECKPOINT_MOMENTS) {
            run.before(
                moment,
                () -> {
                  run.commit(Durability.SYNC, puts(0, 0, 3, 350));
                  run.commit(Durability.SYNC, puts(0, 2, 9, 330));
                });
            run.checkpoint();
            run.commit(Durability.SYNC, puts(0, 1, 2, 340));
          }
        });
  }

  /// The superblock that is being written pins its pages before anybody knows whether it arrives.
  @Test
  void crash_whileASuperblockIsWritten_itsPagesAreNotReused() {
    Effort effort = Campaign.isLong() ? Effort.CAMPAIGN : Effort.LITTLE;
    verify(
        "reuse during a checkpoint",
        OPTIONS,
        run -> {
          run.effort(Effort.NONE);
          run.commit(Durability.SYNC, puts(0, 0, 60, 200));
          run.checkpoint();
          for (int i = 0; i < 40; i++) {
            run.commit(Durability.SYNC, puts(0, i, i + 1, 190));
          }
          run.before(
              CHECKPOINT_MOMENTS.get(3),
              () -> {
                for (int i = 0; i < 24; i++) {
                  run.effort(i < 14 ? Effort.NONE : effort);
                  run.commit(Durability.SYNC, puts(0, i, i + 1, 100));
                }
              });
          run.checkpoint();
        });
  }

  /// Recovery may find a superblock that only the page cache has: until it is certain, the pages of
  /// the one before are needed.
  @Test
  void crash_inTheRecoveryFromAnUncertainSuperblock_nothingIsLost() {
    verify(
        "uncertain superblock",
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(0, 0, 60, 200));
          run.checkpoint();
          run.commit(Durability.SYNC, puts(0, 0, 60, 210));
          run.killBefore(
              CHECKPOINT_MOMENTS.get(3),
              false,
              run::checkpoint,
              () -> run.commit(Durability.SYNC, puts(0, 0, 60, 190)));
          run.commit(Durability.SYNC, puts(0, 3, 5, 40));
        });
  }

  @Test
  void crash_checkpointCommitsDuringACheckpoint_areNotMixedUp() {
    verify(
        "unlogged commits during a checkpoint",
        CHECKPOINT_OPTIONS,
        run -> {
          run.commit(Durability.CHECKPOINT, puts(0, 0, 9, 300));
          run.before(
              op -> op.kind() == RegionOperation.Kind.SYNC,
              () -> {
                run.commit(Durability.CHECKPOINT, puts(0, 0, 3, 350));
                run.commit(Durability.CHECKPOINT, puts(0, 2, 9, 330));
              });
          run.checkpoint();
          run.commit(Durability.CHECKPOINT, puts(0, 1, 2, 340));
          run.checkpoint();
        });
  }

  @Test
  void crash_largeTableDropped_storeIsRight() {
    verify(
        "large table dropped",
        CHECKPOINT_OPTIONS,
        run -> {
          run.commit(Durability.CHECKPOINT, puts(1, 0, 700, 1900));
          run.checkpoint();
          run.commit(Durability.CHECKPOINT, edit(Kind.DROP, 1, 0, 0));
          run.commit(Durability.SYNC, puts(0, 0, 3, 40));
          run.commit(Durability.SYNC, puts(0, 0, 3, 50));
        });
  }

  /// A workload of any steps.
  private static void random(CrashRun run, SplittableRandom random, StoreOptions options) {
    for (int step = 0; step < 12; step++) {
      switch (random.nextInt(16)) {
        case 0, 1 -> run.checkpoint();
        case 2 -> run.closeAndReopen(options);
        case 3 -> run.killAndReopen(options, random.nextBoolean());
        case 4 -> run.rollback(randomEdits(random));
        case 7 -> {
          Consumer<ModelSession> edits = randomEdits(random);
          int operations = 1 + random.nextInt(8);
          int[] count = {0};
          run.killBefore(
              _ -> ++count[0] == operations,
              random.nextBoolean(),
              () -> {
                run.commit(options.durability(), edits);
                run.checkpoint();
              });
        }
        case 5 -> {
          if (!(options.durability() instanceof Durability.Checkpoint)) {
            run.syncLog();
          }
        }
        case 6 -> {
          // Small ones: a large transaction would commit through a checkpoint inside the running
          // one, in the same thread, which no program can do.
          Consumer<ModelSession> inside = randomEdits(random, 200);
          run.before(
              op -> op.role() == SyncRole.CHECKPOINT,
              () -> run.commit(options.durability(), inside));
          run.checkpoint();
          run.before(_ -> false, () -> {});
        }
        default -> {
          Durability durability = random.nextInt(3) == 0 ? Durability.SYNC : options.durability();
          run.commit(durability, randomEdits(random));
        }
      }
    }
  }

  private static Consumer<ModelSession> randomEdits(SplittableRandom random) {
    return randomEdits(random, Integer.MAX_VALUE);
  }

  private static Consumer<ModelSession> randomEdits(SplittableRandom random, int sizeLimit) {
    List<Edit> edits = new ArrayList<>();
    int count = random.nextInt(10) == 0 ? 60 : 1 + random.nextInt(12);
    for (int i = 0; i < count; i++) {
      Edit edit = Edit.random(random, 60);
      if (edit.size() < sizeLimit && (edit.kind() != Kind.STREAM || sizeLimit > 200)) {
        edits.add(edit);
      }
    }
    return session -> edits.forEach(edit -> edit.applyTo(session));
  }

  @Test
  void crash_randomWorkloads_areKept() {
    List<StoreOptions> all = List.of(OPTIONS, INTERVAL_OPTIONS, CHECKPOINT_OPTIONS);
    long deadline = Campaign.deadlineNanos(4);
    long states = 0;
    long runs = 0;
    while (runs == 0 || System.nanoTime() < deadline) {
      long seed = Campaign.seed() + runs++;
      SplittableRandom random = new SplittableRandom(seed);
      StoreOptions options = all.get(random.nextInt(all.size()));
      Effort effort = Campaign.isLong() ? Effort.CAMPAIGN : Effort.SAMPLE;
      try (CrashRun run = new CrashRun("random workload", seed, options, effort)) {
        random(run, random, options);
        run.closeAndReopen();
        states += run.states();
        count(run);
        assertEquals(List.of(), run.findings());
      } catch (RuntimeException e) {
        throw new AssertionError("random workload, -Dquire.seed=" + seed, e);
      }
    }
    Campaign.note("random workloads: " + runs + ", " + states + " crash states, no failure");
  }
}

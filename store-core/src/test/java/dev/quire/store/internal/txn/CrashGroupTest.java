package dev.quire.store.internal.txn;

import static dev.quire.store.internal.txn.CrashTest.CHECKPOINT_MOMENTS;
import static dev.quire.store.internal.txn.CrashTest.CHECKPOINT_OPTIONS;
import static dev.quire.store.internal.txn.CrashTest.INTERVAL;
import static dev.quire.store.internal.txn.CrashTest.INTERVAL_OPTIONS;
import static dev.quire.store.internal.txn.CrashTest.OPTIONS;
import static dev.quire.store.internal.txn.CrashTest.edit;
import static dev.quire.store.internal.txn.CrashTest.puts;
import static dev.quire.store.internal.txn.CrashTest.verify;

import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.internal.txn.CrashRun.Effort;
import dev.quire.store.internal.txn.Edit.Kind;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.RegionOperation;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What [CrashTest] does, for commits that share a sync, for stores that change their mode, and for
/// syncs that fail.
class CrashGroupTest {

  private static final Predicate<RegionOperation> SYNC_OF_THE_LOG =
      op -> op.role() == SyncRole.COMMIT;

  @AfterAll
  static void sayWhatWasTried() {
    CrashTest.sayWhatWasTried();
  }

  /// How a process ends, and how the next one begins.
  private enum Ending {
    CLOSED,
    KILLED,
    KILLED_AND_TAKEN_OVER
  }

  private static void end(CrashRun run, Ending ending, StoreOptions next) {
    switch (ending) {
      case CLOSED -> run.closeAndReopen(next);
      case KILLED -> run.killAndReopen(next, false);
      case KILLED_AND_TAKEN_OVER -> run.killAndReopen(next, true);
    }
  }

  /// A transaction of each durability that the mode allows.
  private static void commitAll(CrashRun run, StoreOptions options, int salt) {
    run.commit(options.durability(), puts(0, 0, 3, 40 + salt));
    run.commit(Durability.SYNC, puts(1, 1, 3, 50 + salt));
    run.commit(INTERVAL, puts(0, 2, 4, 60 + salt));
    run.commit(options.durability(), edit(Kind.DELETE, 0, 0, 0));
  }

  /// Every mode behind every mode.
  @ParameterizedTest
  @EnumSource(Ending.class)
  void crash_everyPairOfModes_losesNothing(Ending ending) {
    List<StoreOptions> modes = List.of(OPTIONS, INTERVAL_OPTIONS, CHECKPOINT_OPTIONS);
    verify(
        "pairs of modes, " + ending,
        OPTIONS,
        run -> {
          run.effort(Campaign.isLong() ? Effort.CAMPAIGN : Effort.LITTLE);
          int salt = 0;
          for (StoreOptions first : modes) {
            for (StoreOptions second : modes) {
              end(run, ending, first);
              commitAll(run, first, ++salt);
              end(run, ending, second);
              commitAll(run, second, ++salt);
            }
          }
        });
  }

  @Test
  void crash_commitsThatShareASync_areKept() {
    verify(
        "group commit",
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(0, 0, 9, 300));
          for (int i = 0; i < 3; i++) {
            int size = 100 + i;
            run.commitTogether(
                puts(0, 0, 2, size),
                List.of(puts(0, 1, 3, size), puts(1, 0, 2, 900), puts(0, 5, 6, size)));
          }
          run.checkpoint();
          run.commitTogether(puts(0, 0, 1, 1500), List.of(puts(0, 1, 2, 1500)));
          run.commit(Durability.SYNC, puts(0, 0, 9, 50));
        });
  }

  /// The ring's end lies between the commits of a group.
  @Test
  void crash_groupsAndARingThatGoesRound_areKept() {
    verify(
        "groups around the ring",
        OPTIONS,
        run -> {
          for (int i = 0; i < 5; i++) {
            int size = 1800 + 50 * i;
            run.commitTogether(puts(0, 0, 4, size), List.of(puts(0, 2, 6, size)));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void crash_groupsOfDeadWriters_neverComeBack(boolean keepShared) {
    verify(
        keepShared ? "dead groups and takeovers" : "dead groups",
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(0, 0, 1, 100));
          for (int i = 0; i < 3; i++) {
            if (keepShared) {
              deadGroup(run, i);
            } else {
              dieInAGroup(run, false, i);
              run.commit(Durability.SYNC, puts(0, i + 1, i + 2, 200));
            }
          }
        });
  }

  private static void dieInAGroup(CrashRun run, boolean keepShared, int salt) {
    run.killBefore(
        SYNC_OF_THE_LOG,
        keepShared,
        () -> run.commit(Durability.SYNC, puts(0, salt, salt + 1, 200)),
        () -> {
          run.follow(puts(0, salt + 4, salt + 5, 200));
          run.follow(puts(0, salt + 5, salt + 6, 200));
        });
  }

  /// A writer dies with three records in the ring; its successor's void record and first commit are
  /// together as long as the first of them.
  static void deadGroup(CrashRun run, int salt) {
    dieInAGroup(run, true, salt);
    run.commit(Durability.SYNC, puts(0, salt + 1, salt + 2, 128));
  }

  /// A sync of any kind fails in any mode; what was acknowledged is there afterwards.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void crash_afterAFailedSync_nothingAcknowledgedIsLost(int mode) {
    StoreOptions options = List.of(OPTIONS, INTERVAL_OPTIONS, CHECKPOINT_OPTIONS).get(mode);
    verify(
        "failed syncs, " + options.durability(),
        options,
        run -> {
          run.commit(options.durability(), puts(0, 0, 30, 200));
          run.checkpoint();
          for (Predicate<RegionOperation> moment :
              List.of(CHECKPOINT_MOMENTS.get(1), CHECKPOINT_MOMENTS.get(3), SYNC_OF_THE_LOG)) {
            run.commit(options.durability(), puts(0, 0, 9, 210));
            run.commit(Durability.SYNC, puts(0, 2, 4, 220));
            run.failSync(
                moment,
                () -> {
                  run.commit(options.durability(), puts(1, 0, 3, 230));
                  run.commit(Durability.SYNC, puts(0, 3, 5, 230));
                  run.checkpoint();
                });
            run.commit(Durability.SYNC, puts(0, 4, 6, 240));
          }
        });
  }

  /// The sync that fails is one that several wait for.
  @Test
  void crash_afterAFailedSyncOfAGroup_nothingAcknowledgedIsLost() {
    verify(
        "failed sync of a group",
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(0, 0, 9, 200));
          run.failSync(
              SYNC_OF_THE_LOG,
              () -> {
                run.follow(puts(0, 1, 3, 210));
                run.joinFollowers();
              });
          run.commit(Durability.SYNC, puts(0, 4, 6, 240));
        });
  }
}

package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.internal.txn.CrashRun.Effort;
import dev.quire.store.options.Durability;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.RegionOperation;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Goal: whatever is used again beside a checkpoint, the superblock that a crash leaves as the
/// newest one names pages that are whole.
///
/// Method: at a moment of a checkpoint, everything that the reclaimer calls free is used again, by
/// commits that replace all there is; then the machine crashes, there or at any later operation.
class CheckpointPinsTest {

  private static final int KEYS = 60;

  /// Of each moment, what a disk has that wrote nothing or everything.
  private static final Effort EXTREMES = new Effort(2, 0, Integer.MAX_VALUE, 0, 1);

  private static final long SUPERBLOCKS_END = 16 << 10;

  /// Moments of a checkpoint.
  private enum Moment {
    /// Planned: a snapshot pins what the superblock will name.
    BEFORE_THE_SYNC(operation -> operation.kind() == RegionOperation.Kind.SYNC),
    /// The candidate is set, and the durable superblock is the newest one still.
    BEFORE_THE_SUPERBLOCK(
        operation ->
            operation.kind() == RegionOperation.Kind.WRITE && operation.offset() < SUPERBLOCKS_END),
    /// Either of the two may be the newest one after a crash.
    BEFORE_ITS_SYNC(
        operation ->
            operation.kind() == RegionOperation.Kind.SYNC_RANGE
                && operation.role() == SyncRole.CHECKPOINT);

    private final Predicate<RegionOperation> operation;

    Moment(Predicate<RegionOperation> operation) {
      this.operation = operation;
    }
  }

  /// The next commit takes the lowest pages that are free.
  static void useAgain(CrashRun run, boolean packs) {
    EngineParts parts = run.engine().parts();
    parts.spaceLock.lock();
    try {
      if (packs) {
        parts.allocator.pack();
      } else {
        parts.allocator.spread();
      }
    } finally {
      parts.spaceLock.unlock();
    }
  }

  @ParameterizedTest
  @EnumSource(Moment.class)
  void crash_pagesUsedAgainBesideACheckpoint_isRecoveredFrom(Moment moment) {
    String name = "pages used again " + moment;
    boolean[] used = {false};
    try (CrashRun run = new CrashRun(name, Campaign.seed(), CrashTest.OPTIONS, Effort.NONE)) {
      run.commit(Durability.SYNC, CrashTest.puts(0, 0, KEYS, 200));
      run.checkpoint();
      run.commit(Durability.SYNC, CrashTest.puts(0, 0, KEYS, 190));
      useAgain(run, true);
      run.before(
          moment.operation,
          () -> {
            for (int i = 0; i < 4; i++) {
              run.commit(Durability.SYNC, CrashTest.puts(0, 0, KEYS, 180 - i));
              useAgain(run, true);
            }
            useAgain(run, false);
            used[0] = true;
            run.effort(EXTREMES);
          });
      run.checkpoint();
      run.effort(Effort.NONE);
      assertTrue(used[0], "the checkpoint never came there");
      run.commit(Durability.SYNC, CrashTest.puts(0, 0, 2, 50));
      assertEquals(List.of(), run.findings());
    }
  }
}

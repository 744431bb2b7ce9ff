package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.txn.CrashRun.Effort;
import dev.quire.store.internal.txn.Edit.Kind;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.RegionOperation;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: a crash at any operation of a compaction beside writers, the cut of the file included,
/// loses nothing; neither does a kill.
///
/// Method: that of [CrashTest].
class CompactionCrashTest {

  private static final int MANY = 1_000;

  private static void verify(String name, StoreOptions options, Consumer<CrashRun> workload) {
    try (CrashRun run = new CrashRun(name, Campaign.seed(), options, Effort.NONE)) {
      workload.accept(run);
      run.closeAndReopen();
      Campaign.note(name + ": " + run.states() + " crash states");
      assertEquals(List.of(), run.findings());
    }
  }

  /// Few pages and runs that live behind many free ones. Crashes are looked at from then on.
  private static void emptyBeginning(CrashRun run, Durability durability) {
    run.effort(Effort.NONE);
    run.commit(durability, CrashTest.puts(0, 0, 90, 1700));
    run.commit(durability, CrashTest.puts(1, 0, 20, 900));
    run.commit(durability, CrashTest.puts(2, 0, 3, 9_000));
    run.commit(durability, CrashTest.puts(3, 0, 9, 300));
    run.commit(durability, CrashTest.edit(Kind.CLEAR, 0, 0, 0));
    run.effort(Campaign.isLong() ? Effort.CAMPAIGN : Effort.LITTLE);
  }

  private static void compact(CrashRun run, Runnable between) {
    for (int steps = 0; steps < MANY; steps++) {
      if (run.compactStep(10)) {
        return;
      }
      between.run();
    }
    throw new AssertionError("a compaction without an end");
  }

  @Test
  void crash_compactionBesideWriters_losesNothing() {
    verify(
        "compaction in steps",
        CrashTest.OPTIONS,
        run -> {
          emptyBeginning(run, Durability.SYNC);
          long before = run.engine().view().fileSizeBytes();
          int[] step = {5};
          compact(run, () -> run.commit(Durability.SYNC, CrashTest.puts(3, 2, 4, 300 + step[0]++)));
          compact(run, () -> {});
          long after = run.engine().view().fileSizeBytes();
          assertTrue(after < before - (64 << 12), before + " bytes are now " + after);
          run.commit(Durability.SYNC, CrashTest.puts(1, 5, 9, 800));
          run.checkpoint();
          run.commit(Durability.SYNC, CrashTest.puts(0, 0, 60, 1800));
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void crash_killInCompactionBesideWriters_losesNothing(boolean keepShared) {
    verify(
        "kills in compactions in steps, " + keepShared,
        CrashTest.OPTIONS.withDurability(Durability.CHECKPOINT),
        run -> {
          for (Predicate<RegionOperation> moment : moments()) {
            emptyBeginning(run, Durability.CHECKPOINT);
            run.checkpoint();
            run.killBefore(moment, keepShared, () -> compact(run, () -> {}));
            run.commit(Durability.CHECKPOINT, CrashTest.puts(3, 5, 6, 320));
          }
          emptyBeginning(run, Durability.CHECKPOINT);
          compact(run, () -> {});
          run.killAndReopen(CrashTest.OPTIONS.withDurability(Durability.CHECKPOINT), keepShared);
          run.commit(Durability.CHECKPOINT, CrashTest.puts(0, 0, 60, 1800));
        });
  }

  private static List<Predicate<RegionOperation>> moments() {
    return List.of(
        op -> op.kind() == RegionOperation.Kind.WRITE,
        op -> op.kind() == RegionOperation.Kind.WRITE && op.offset() < 16 << 10,
        op -> op.kind() == RegionOperation.Kind.TRUNCATE);
  }
}

package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.CheckpointRecord;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.internal.txn.CrashRun.Effort;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ProbedRegion;
import dev.quire.store.testing.RegionOperation;
import dev.quire.store.testing.RegionOperation.Kind;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Goal: what [CrashTest] does would find a store that does not keep its promises.
///
/// Method: a fault is planted between engine and disk, or in the words that the engine relies on;
/// then some crash must leave a store that is wrong.
class CrashCanaryTest {

  private static boolean isSuperblockSync(RegionOperation op) {
    return op.kind() == Kind.SYNC_RANGE && op.role() == SyncRole.CHECKPOINT;
  }

  private static CrashRun run(Consumer<ProbedRegion> fault, Consumer<CrashRun> workload) {
    CrashRun run = new CrashRun("planted fault", 5, CrashTest.OPTIONS, Effort.LITTLE);
    run.plant(fault);
    workload.accept(run);
    run.close();
    return run;
  }

  private static void commits(CrashRun run) {
    for (int i = 0; i < 6 && !run.isFaulty(); i++) {
      run.commit(Durability.SYNC, CrashTest.puts(0, i, i + 6, 300 + i));
      run.commit(Durability.SYNC, CrashTest.puts(0, 0, 2, 400 + i));
      if (i % 2 == 1) {
        run.checkpoint();
      }
    }
  }

  @Test
  void noFault_isNotFound() {
    assertEquals(List.of(), run(_ -> {}, CrashCanaryTest::commits).findings());
  }

  @Test
  void syncOfTheCheckpointLeftOut_isFound() {
    assertTrue(
        run(region -> region.leaveOut(op -> op.kind() == Kind.SYNC), CrashCanaryTest::commits)
            .isFaulty());
  }

  @Test
  void syncOfTheRingLeftOut_isFound() {
    assertTrue(
        run(region -> region.leaveOut(op -> op.role() == SyncRole.COMMIT), CrashCanaryTest::commits)
            .isFaulty());
  }

  @Test
  void syncOfTheSuperblockLeftOut_isFound() {
    CrashRun run =
        run(
            region -> region.leaveOut(CrashCanaryTest::isSuperblockSync),
            started -> {
              for (int i = 0; i < 12 && !started.isFaulty(); i++) {
                // Too long for the ring: durable by the superblock alone.
                started.commit(Durability.SYNC, CrashTest.puts(0, i % 3, 9 + i % 3, 1900));
              }
            });
    assertTrue(run.isFaulty());
  }

  @Test
  void spaceMapWrittenAfterTheSuperblock_isFound() {
    CrashRun run =
        run(
            region -> region.delay(CrashCanaryTest::isMapPage, CrashCanaryTest::isSuperblockSync),
            CrashCanaryTest::commits);
    assertTrue(run.isFaulty());
  }

  private static boolean isMapPage(MemorySegment bytes) {
    return bytes.byteSize() >= PageHeader.SIZE_BYTES
        && PageHeader.typeCode(PageHeader.shape(bytes, 0)) == PageType.MAP_LEAF.code();
  }

  @Test
  void pagesOfTheDurableStateReused_isFound() {
    StoreOptions options = CrashTest.OPTIONS;
    try (CrashRun run = new CrashRun("planted fault", 5, options, Effort.NONE)) {
      for (int key = 0; key < 300; key += 10) {
        run.commit(Durability.SYNC, CrashTest.puts(0, key, key + 10, 1000));
      }
      run.checkpoint();
      // Each transaction replaces some dozens of leaves, so that the next ones want their places.
      for (int i = 0; i < 12 && !run.isFaulty(); i++) {
        run.effort(i < 1 ? Effort.NONE : Effort.LITTLE);
        run.commit(Durability.SYNC, everyTenth(i));
        forgetDurable(run.engine().parts().state);
      }
      assertTrue(run.isFaulty());
    }
  }

  private static Consumer<ModelSession> everyTenth(int from) {
    return session -> {
      for (int key = from % 10; key < 300; key += 10) {
        CrashTest.puts(0, key, key + 1, 150).accept(session);
      }
    };
  }

  /// Makes the words that pin the durable snapshot say the newest transaction.
  private static void forgetDurable(SharedState state) {
    for (long place = 0; place < 2; place++) {
      long at = SharedHeader.CHECKPOINTS + place * CheckpointRecord.SIZE_BYTES;
      Word.set(state.segment(), at + CheckpointRecord.TXN_ID, state.headTxnId());
    }
  }
}

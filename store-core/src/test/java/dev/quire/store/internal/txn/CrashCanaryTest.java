package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.CheckpointRecord;
import dev.quire.store.internal.format.Head;
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
import java.util.function.UnaryOperator;
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

  /// Makes the words that pin the durable snapshot, and the candidate's, say the newest
  /// transaction.
  private static void forgetDurable(SharedState state) {
    for (long place = 0; place < 2; place++) {
      forget(state, place);
    }
  }

  private static void forget(SharedState state, long place) {
    long at = SharedHeader.CHECKPOINTS + place * CheckpointRecord.SIZE_BYTES;
    Word.set(state.segment(), at + CheckpointRecord.TXN_ID, state.headTxnId());
  }

  @Test
  void pagesOfTheCandidateReused_isFound() {
    StoreOptions options = CrashTest.OPTIONS;
    try (CrashRun run = new CrashRun("planted fault", 5, options, Effort.NONE)) {
      run.commit(Durability.SYNC, CrashTest.puts(0, 0, 60, 200));
      run.checkpoint();
      run.commit(Durability.SYNC, CrashTest.puts(0, 0, 60, 190));
      CheckpointPinsTest.useAgain(run, true);
      run.before(
          CrashCanaryTest::isSuperblockSync,
          () -> {
            for (int i = 0; i < 4; i++) {
              SharedState state = run.engine().parts().state;
              forget(state, state.candidateSequence() & 1);
              run.commit(Durability.SYNC, CrashTest.puts(0, 0, 60, 180 - i));
              CheckpointPinsTest.useAgain(run, true);
            }
            run.effort(Effort.LITTLE);
          });
      run.checkpoint();
      assertTrue(run.isFaulty());
    }
  }

  private static CrashRun runWithLens(UnaryOperator<byte[]> lens, Consumer<CrashRun> workload) {
    CrashRun run = new CrashRun("planted fault", 5, CrashTest.OPTIONS, Effort.LITTLE);
    run.plantInRecovery(lens);
    workload.accept(run);
    run.close();
    return run;
  }

  /// Two transactions of a dead writer: the second one stands where the log goes on behind the
  /// successor's first one.
  private static void deadGroups(CrashRun run) {
    CrashGroupTest.deadGroup(run, 0);
  }

  @Test
  void chainOfRecordsIgnored_isFound() {
    assertEquals(
        List.of(), runWithLens(UnaryOperator.identity(), CrashCanaryTest::deadGroups).findings());
    assertTrue(runWithLens(RingLens.withoutTheChain(), CrashCanaryTest::deadGroups).isFaulty());
  }

  /// Records of an earlier lap of the ring have the length of those that are there now.
  @Test
  void recordsOfAnEarlierLapAccepted_isFound() {
    CrashRun faulty =
        runWithLens(
            RingLens.withoutTheChain(),
            run -> {
              for (int i = 0; i < 60 && !run.isFaulty(); i++) {
                run.effort(i < 45 ? Effort.NONE : Effort.LITTLE);
                run.commit(Durability.SYNC, CrashTest.puts(0, i % 7, 1 + i % 7, 1800));
              }
            });
    assertTrue(faulty.isFaulty());
  }

  @Test
  void checksumsOfRecordsIgnored_isFound() {
    CrashRun faulty =
        runWithLens(
            RingLens.withoutChecksums(),
            run -> {
              for (int i = 0; i < 20 && !run.isFaulty(); i++) {
                run.commit(Durability.SYNC, CrashTest.puts(0, 0, 3, 700 + i));
              }
            });
    assertTrue(faulty.isFaulty());
  }

  /// The value's pages are not synced with the log: a crash loses them.
  @Test
  void recordRefersToAPage_isFound() {
    byte[] value = new Edit(Edit.Kind.PUT, 0, 1, 5000, 5000).valueBytes();
    CrashRun run = new CrashRun("planted fault", 5, CrashTest.OPTIONS, Effort.NONE);
    run.commit(Durability.SYNC, CrashTest.puts(0, 0, 1, 5000));
    run.commit(Durability.SYNC, CrashTest.puts(0, 1, 2, 4999));
    run.checkpoint();
    run.commit(
        Durability.SYNC, session -> new Edit(Edit.Kind.PUT, 0, 1, 5000, 5000).applyTo(session));
    MemorySegment cache = MemorySegment.ofArray(run.cachedImage());
    long ringEnd = (16 << 10) + StoreOptions.MIN_RING_SIZE_BYTES;
    long place = RingLens.find(cache, value, ringEnd, cache.byteSize());
    assertTrue(place > 0, "the value's pages");
    run.plantInRecovery(RingLens.withValuesFromPages(value, place));
    run.effort(Effort.LITTLE);
    run.commit(Durability.SYNC, CrashTest.puts(0, 2, 3, 10));
    run.close();
    assertTrue(run.isFaulty());
  }

  /// A transaction without a record counts as one that has: the next record continues a log that
  /// lacks it.
  @Test
  void loggedCommitBehindAnUnloggedOne_isFound() {
    StoreOptions unlogged = CrashTest.OPTIONS.withDurability(Durability.CHECKPOINT);
    for (boolean lies : new boolean[] {false, true}) {
      CrashRun run = new CrashRun("planted fault", 5, unlogged, Effort.LITTLE);
      run.commit(Durability.CHECKPOINT, CrashTest.puts(0, 0, 3, 40));
      if (lies) {
        callLogged(run.engine().parts().state);
      }
      run.killAndReopen(CrashTest.OPTIONS, true);
      run.commit(Durability.SYNC, CrashTest.puts(0, 1, 3, 50));
      run.commit(Durability.SYNC, CrashTest.puts(0, 2, 4, 60));
      run.close();
      assertEquals(lies, run.isFaulty());
    }
  }

  private static void callLogged(SharedState state) {
    Head head = state.head();
    state.fillPlace(
        new Head(
            head.txnId(),
            head.catalogueRef(),
            head.highWaterPage(),
            head.fileSizeBytes(),
            head.lsn(),
            head.chainCrc(),
            head.epoch(),
            head.txnId(),
            head.nextTableId(),
            head.userTerm(),
            head.userIndex()));
  }
}

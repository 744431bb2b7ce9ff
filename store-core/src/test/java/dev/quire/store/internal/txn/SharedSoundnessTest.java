package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.CheckpointRecord;
import dev.quire.store.internal.format.HeadRecord;
import dev.quire.store.internal.format.NoteRecord;
import dev.quire.store.internal.format.PlanRecord;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.SharedAreas.Area;
import dev.quire.store.internal.region.SharedRegion;
import dev.quire.store.options.Durability;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Words that no process leaves in `shm` are noticed, each alone.
class SharedSoundnessTest {

  @TempDir private Path directory;

  @Test
  void holds_eachWordDamaged_isFalse() {
    Path store = directory.resolve("store");
    Engine engine = Engine.open(store, CrashTest.OPTIONS);
    try (SharedRegion shared = SharedRegion.open(store.resolve(StoreFiles.SHM))) {
      for (int i = 0; i < 5; i++) {
        StoreRole.increment(engine, "k", Durability.SYNC, Duration.ofSeconds(20));
      }
      SharedState state = engine.parts().state;
      Superblock newest = SuperblockFile.readNewest(engine.parts().region, engine.parts().buffers);
      assertTrue(SharedSoundness.holds(state, shared, newest), "as it is");
      state.areas().require(Area.USED, 2 * state.areas().capacityBytes(Area.USED));
      assertTrue(SharedSoundness.holds(state, shared, newest), "died between two bitmaps");
      long durable = state.durableSequence();
      long record = SharedHeader.CHECKPOINTS + (durable & 1) * CheckpointRecord.SIZE_BYTES;
      long head = state.areas().offset(Area.HEAD_RING, 0) + HeadRecord.place(state.headTxnId());
      long pending = state.areas().offset(Area.PENDING_EVEN, 0);
      long[] words = {
        SharedHeader.HEAD,
        SharedHeader.DURABLE,
        SharedHeader.CANDIDATE,
        SharedHeader.STAMP_NEXT,
        SharedHeader.HIGH_WATER,
        SharedHeader.NOTE_STATE,
        SharedHeader.PLAN_STATE,
        SharedHeader.PENDING_EPOCH,
        SharedHeader.areaWord(Area.LIVE.code()),
        SharedHeader.areaWord(Area.HEAD_RING.code()),
        record,
        record + CheckpointRecord.TXN_ID,
        record + CheckpointRecord.LSN,
        record + CheckpointRecord.STAMP_LIMIT,
        head + HeadRecord.TXN_ID,
        head + HeadRecord.CATALOGUE,
        head + HeadRecord.HIGH_WATER,
        head + HeadRecord.LSN,
        head + HeadRecord.LOGGED_TXN,
        pending,
        pending + 8,
      };
      requireEachNoticed(state, shared, newest, words);
      long stamp = Word.get(state.segment(), SharedHeader.STAMP_NEXT);
      Word.set(state.segment(), SharedHeader.STAMP_NEXT, 1);
      assertFalse(SharedSoundness.holds(state, shared, newest), "a stamp that was given out");
      Word.set(state.segment(), SharedHeader.STAMP_NEXT, stamp);
    } finally {
      engine.close();
    }
  }

  private static void requireEachNoticed(
      SharedState state, SharedRegion shared, Superblock newest, long... words) {
    for (long at : words) {
      long before = Word.get(state.segment(), at);
      Word.set(state.segment(), at, 0x3fff_ffff_ffff_fff7L);
      boolean holds = SharedSoundness.holds(state, shared, newest);
      Word.set(state.segment(), at, before);
      assertFalse(holds, "the word at " + at);
    }
  }

  /// A note that was done and is still in force, and a plan that is not settled.
  @Test
  void holds_eachWordOfANoteAndAPlanDamaged_isFalse() {
    Path store = directory.resolve("store");
    Engine engine = Engine.open(store, CrashTest.OPTIONS);
    try (SharedRegion shared = SharedRegion.open(store.resolve(StoreFiles.SHM))) {
      for (int i = 0; i < 5; i++) {
        StoreRole.increment(engine, "k", Durability.SYNC, Duration.ofSeconds(20));
        engine.checkpoint();
      }
      SharedState state = engine.parts().state;
      Superblock newest = SuperblockFile.readNewest(engine.parts().region, engine.parts().buffers);
      MemorySegment shm = state.segment();
      long note = state.areas().offset(Area.NOTE, 0);
      int births = NoteRecord.births(shm, note);
      assertTrue(births > 0 && NoteRecord.frees(shm, note) > 0);
      Word.set(shm, SharedHeader.NOTE_STATE, NoteRecord.PUBLISH);
      assertTrue(SharedSoundness.holds(state, shared, newest), "the note is done, and in force");
      long head = note + NoteRecord.HEAD;
      long runs = head + HeadRecord.SIZE_BYTES;
      long free = runs + 8L * births;
      long end = note + 16;
      requireEachNoticed(
          state,
          shared,
          newest,
          note,
          end,
          head,
          head + HeadRecord.CATALOGUE,
          runs,
          free,
          free + 8);
      Word.set(shm, end, Word.get(shm, end) + 1);
      assertFalse(SharedSoundness.holds(state, shared, newest), "entries where there are none");
      Word.set(shm, SharedHeader.NOTE_STATE, NoteRecord.NONE);
      long plan = state.areas().offset(Area.PLAN, 0);
      assertTrue(PlanRecord.taken(shm, plan) > 0);
      Word.set(shm, SharedHeader.PLAN_STATE, PlanRecord.PLANNED);
      assertTrue(SharedSoundness.holds(state, shared, newest), "the plan is not settled");
      requireEachNoticed(state, shared, newest, plan + 8, plan + 16);
      Word.set(shm, plan + 8, 0x7fff_ffff_7fff_ffffL);
      assertFalse(SharedSoundness.holds(state, shared, newest), "counts whose sum is negative");
      Word.set(shm, SharedHeader.PLAN_STATE, PlanRecord.NONE);
    } finally {
      engine.close();
    }
  }
}

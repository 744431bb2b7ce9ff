package dev.quire.store.internal.txn;

import dev.quire.store.internal.txn.EngineModel.Step;
import dev.quire.store.options.Checksums;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: every snapshot shows exactly its transaction for as long as it lives, whatever is written,
/// undone, brought to rest and opened again meanwhile, and whatever expires or is evicted.
///
/// Method: seeded random steps on a store and on sorted maps. All open snapshots are compared with
/// their maps at random moments, the integrity checker looks at the whole. One table is bounded: it
/// is never above its bound, and has only what was put. The clock stands but for some steps. A
/// failing run is shortened by leaving out halves, quarters, ... of its steps.
class EngineModelTest {

  private static final int STEPS = 6000;

  private static final StoreOptions OPTIONS =
      StoreOptions.defaults()
          .withRingSizeBytes(256 << 10)
          .withWriterMemoryBytes(StoreOptions.MIN_WRITER_MEMORY_BYTES);

  @Test
  void steps_syncStore_agreeWithModels() {
    runMany("SYNC", OPTIONS, false, 3);
  }

  @Test
  void steps_intervalStoreThatVerifies_agreeWithModels() {
    StoreOptions options =
        OPTIONS.withDurability(CrashTest.INTERVAL).withChecksums(Checksums.VERIFY);
    runMany("INTERVAL", options, false, 3);
  }

  @Test
  void steps_checkpointStoreOfLargePages_agreeWithModels() {
    StoreOptions options =
        OPTIONS.withDurability(Durability.CHECKPOINT).withPageSizeBytes(16 << 10);
    runMany("CHECKPOINT", options, false, 3);
  }

  @Test
  void steps_storeInMemory_agreeWithModels() {
    runMany("in memory", OPTIONS, true, 3);
  }

  private static void runMany(
      String name, StoreOptions options, boolean isInMemory, long secondsInVerify) {
    long deadline = Campaign.deadlineNanos(secondsInVerify);
    long runs = 0;
    while (runs == 0 || System.nanoTime() < deadline) {
      long seed = Campaign.seed() + runs++;
      List<Step> steps = EngineModel.steps(seed, STEPS);
      Throwable failure = failure(options, isInMemory, steps);
      if (failure != null) {
        List<Step> shortest = shorten(options, isInMemory, steps);
        Throwable last = failure(options, isInMemory, shortest);
        throw new AssertionError(
            name + ", -Dquire.seed=" + seed + ", " + shortest.size() + " steps: " + shortest,
            last == null ? failure : last);
      }
    }
    Campaign.note("model of a store, " + name + ": " + runs * STEPS + " steps");
  }

  private static Throwable failure(StoreOptions options, boolean isInMemory, List<Step> steps) {
    try (EngineModel model = new EngineModel(options, isInMemory)) {
      model.run(steps);
      return null;
    } catch (RuntimeException | AssertionError e) {
      return e;
    }
  }

  private static List<Step> shorten(StoreOptions options, boolean isInMemory, List<Step> steps) {
    List<Step> shortest = steps;
    for (int part = shortest.size() / 2; part > 0; part /= 2) {
      for (int from = 0; from + part <= shortest.size(); ) {
        List<Step> shorter = new ArrayList<>(shortest.subList(0, from));
        shorter.addAll(shortest.subList(from + part, shortest.size()));
        if (failure(options, isInMemory, shorter) != null) {
          shortest = shorter;
        } else {
          from += part;
        }
      }
    }
    return shortest;
  }
}

package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.options.Durability;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A commit that finds the ring full waits for a checkpoint, and is counted.
@Timeout(60)
class FullRingTest {

  @TempDir private Path directory;

  @Test
  void commit_ringIsFull_waitsForACheckpointAndIsCounted() {
    try (Neighbours store = new Neighbours(directory, Neighbours.OPTIONS)) {
      Engine engine = store.open();
      SharedState state = engine.parts().state;
      long ringBytes = engine.parts().ring.sizeBytes();
      long durable = state.durableSequence();
      long begin = state.newestLsn();
      // Nobody runs a checkpoint before one is needed.
      while (state.newestLsn() - begin < 3 * ringBytes) {
        store.commit(engine, Durability.SYNC, CrashTest.puts(0, 0, 20, 300));
        assertTrue(state.newestLsn() - state.durableLsn() <= ringBytes, "the ring is overtaken");
      }
      long checkpoints = state.durableSequence() - durable;
      assertTrue(checkpoints >= 2, checkpoints + " checkpoints");
      assertEquals(checkpoints, MetricsTable.total(state, Counter.RING_FULL_WAITS));
      assertNull(CrashOracle.difference(engine, store.model()));
    }
  }
}

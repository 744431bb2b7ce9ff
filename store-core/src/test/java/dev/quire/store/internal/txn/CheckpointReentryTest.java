package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.SimulatedRegion;
import org.junit.jupiter.api.Test;

/// A checkpoint inside a checkpoint of the same thread is a mistake of the engine, and found.
class CheckpointReentryTest {

  @Test
  void checkpoint_insideOne_isAnAssertion() {
    Engine engine = Engine.onRegion(new SimulatedRegion(64 << 20), StoreOptions.defaults());
    try {
      engine
          .checkpoints()
          .whileStill(
              _ -> {
                assertThrows(AssertionError.class, () -> engine.checkpoints().run());
                assertThrows(AssertionError.class, () -> engine.checkpoints().renew());
                assertThrows(AssertionError.class, () -> engine.checkpoints().runLast());
              });
      long sequence = engine.parts().state.durableSequence();
      engine.checkpoints().renew();
      assertEquals(sequence + 1, engine.parts().state.durableSequence());
    } finally {
      engine.close();
    }
  }
}

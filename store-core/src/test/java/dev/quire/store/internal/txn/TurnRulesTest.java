package dev.quire.store.internal.txn;

import static dev.quire.store.internal.txn.Neighbours.ask;
import static dev.quire.store.internal.txn.Neighbours.askNoMore;
import static dev.quire.store.internal.txn.Neighbours.ticket;
import static dev.quire.store.internal.txn.Neighbours.tryTurn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.RegionOperation;
import dev.quire.store.testing.WatchedRegion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: the turn is given away when its rules say so, and not before; in the order of the tickets;
/// with nothing unpublished; and who has it does the checkpoints.
@Timeout(60)
class TurnRulesTest {

  private static final long SLICE_NANOS = 500_000;
  private static final long RESERVED_NANOS = 5_000_000;
  private static final long SOON_NANOS = 5_000_000_000L;
  private static final StoreOptions UNLOGGED =
      Neighbours.OPTIONS
          .withDurability(Durability.CHECKPOINT)
          .withCheckpointPeriod(Duration.ofMillis(10));

  @TempDir private Path directory;

  private static void await(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - start < SOON_NANOS, "waited in vain");
      Thread.onSpinWait();
    }
  }

  private static long increment(Engine engine) {
    return StoreRole.increment(engine, "k", engine.options().durability(), Duration.ZERO);
  }

  private static boolean isBehind(Engine engine) {
    SharedState state = engine.parts().state;
    return state.durableTxnId() != state.headTxnId();
  }

  @Test
  void isWanted_somebodyWaits_atTheEndOfTheSlice() {
    try (Neighbours store = new Neighbours(directory, UNLOGGED)) {
      Engine holder = store.open();
      Engine waiter = store.open();
      SharedTurn turn = holder.parts().turn;
      for (int round = 0; round < 20; round++) {
        long start = System.nanoTime();
        assertTrue(tryTurn(holder));
        ask(waiter);
        await(turn::isWanted);
        assertTrue(System.nanoTime() - start >= SLICE_NANOS, "before the slice was over");
        askNoMore(waiter);
        assertFalse(turn.isWanted());
        turn.handOver();
      }
    }
  }

  @Test
  void isWanted_nobodyWaitsAtTheEndOfTheSlice_beginsAnother() {
    try (Neighbours store = new Neighbours(directory, UNLOGGED)) {
      Engine holder = store.open();
      Engine waiter = store.open();
      SharedTurn turn = holder.parts().turn;
      for (int round = 0; round < 20; round++) {
        assertTrue(tryTurn(holder));
        long taken = System.nanoTime();
        await(() -> System.nanoTime() - taken > 2 * SLICE_NANOS);
        long start = System.nanoTime();
        assertFalse(turn.isWanted());
        ask(waiter);
        await(turn::isWanted);
        assertTrue(System.nanoTime() - start >= SLICE_NANOS, "in the middle of a slice");
        askNoMore(waiter);
        turn.handOver();
      }
    }
  }

  @Test
  void write_onAndOn_handsOverAtTheEndOfTheSlice() {
    try (Neighbours store = new Neighbours(directory, UNLOGGED)) {
      Engine writer = store.open();
      Engine waiter = store.open();
      long start = System.nanoTime();
      assertTrue(tryTurn(writer));
      ask(waiter);
      int[] written = {0};
      await(
          () -> {
            increment(writer);
            written[0]++;
            return !writer.parts().turn.isHeld();
          });
      assertTrue(System.nanoTime() - start >= SLICE_NANOS, "before the slice was over");
      askNoMore(waiter);
      assertEquals(written[0] + 1, increment(waiter));
    }
  }

  @Test
  void handOver_toWhoDoesNotCome_isKeptForItsTime() {
    try (Neighbours store = new Neighbours(directory, UNLOGGED)) {
      Engine holder = store.open();
      Engine stopped = store.open();
      Engine other = store.open();
      assertTrue(tryTurn(holder));
      ask(stopped);
      ask(other);
      long start = System.nanoTime();
      holder.parts().turn.handOver();
      await(() -> tryTurn(other));
      assertTrue(System.nanoTime() - start >= RESERVED_NANOS, "it was kept for another");
      assertEquals(0, ticket(stopped));
      askNoMore(other);
      other.parts().turn.handOver();
      assertEquals(-1, other.parts().state.turnNext());
      assertTrue(tryTurn(stopped));
    }
  }

  @Test
  void handOver_severalWait_goesByTheirTickets() {
    try (Neighbours store = new Neighbours(directory, UNLOGGED)) {
      Engine holder = store.open();
      Engine second = store.open();
      Engine first = store.open();
      assertTrue(tryTurn(holder));
      ask(first);
      ask(second);
      holder.parts().turn.handOver();
      assertEquals(first.parts().locks.slot(), holder.parts().state.turnNext());
      assertFalse(tryTurn(second));
      assertFalse(tryTurn(holder));
      assertTrue(tryTurn(first));
      askNoMore(first);
      first.parts().turn.handOver();
      assertEquals(second.parts().locks.slot(), holder.parts().state.turnNext());
      assertFalse(tryTurn(holder));
      assertTrue(tryTurn(second));
    }
  }

  @Test
  void idle_withoutATransaction_letsGoUnasked() {
    try (Neighbours store = new Neighbours(directory, Neighbours.OPTIONS)) {
      Engine engine = store.open();
      engine.start();
      increment(engine);
      await(() -> engine.parts().state.isTurnClean());
      WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ZERO);
      long start = System.nanoTime();
      while (System.nanoTime() - start < RESERVED_NANOS) {
        assertTrue(engine.parts().turn.isHeld(), "let go in a transaction");
      }
      session.rollback();
      await(() -> !engine.parts().turn.isHeld());
    }
  }

  /// Another process that wants to write at every sync of a commit.
  private static WatchedRegion.Watcher intruder(
      Engine other, int[] tries, BooleanSupplier waitsUntil) {
    return (operation, done) -> {
      if (!done && operation.role() == SyncRole.COMMIT) {
        long start = System.nanoTime();
        while (!waitsUntil.getAsBoolean() && System.nanoTime() - start < 4 * RESERVED_NANOS) {
          Thread.onSpinWait();
        }
        tries[0]++;
        try {
          increment(other);
          tries[1]++;
        } catch (StoreLockedException e) {
          // As it should be.
        }
      }
    };
  }

  @Test
  void release_withACommitUnpublished_publishesItFirst() {
    try (Neighbours store = new Neighbours(directory, Neighbours.OPTIONS)) {
      Engine waiter = store.open();
      assertEquals(1, increment(waiter));
      waiter.parts().turn.handOver();
      int[] tries = new int[2];
      Engine writer = store.open(intruder(waiter, tries, () -> true), Steps.NONE);
      WriteSession session = writer.beginWrite(Durability.SYNC, Duration.ZERO);
      ask(waiter);
      await(writer.parts().turn::isWanted);
      session.userWords(1, 1);
      session.commit();
      assertFalse(writer.parts().turn.isHeld());
      assertEquals(1, tries[0]);
      assertEquals(0, tries[1], "the turn was given away before the commit was published");
      assertEquals(2, increment(waiter));
      assertEquals(1, waiter.parts().state.head().userIndex());
    }
  }

  @Test
  void idle_withACommitUnpublished_publishesItFirst() {
    try (Neighbours store = new Neighbours(directory, Neighbours.OPTIONS)) {
      Engine waiter = store.open();
      assertEquals(1, increment(waiter));
      waiter.parts().turn.handOver();
      int[] tries = new int[2];
      SharedTurn[] turn = new SharedTurn[1];
      Engine writer = store.open(intruder(waiter, tries, () -> !turn[0].isHeld()), Steps.NONE);
      turn[0] = writer.parts().turn;
      writer.start();
      assertEquals(2, increment(writer));
      assertEquals(1, tries[0]);
      assertEquals(0, tries[1], "the turn was given away before the commit was published");
      await(() -> !turn[0].isHeld());
      assertEquals(3, increment(waiter));
    }
  }

  @Test
  void checkpoint_underAnOpenTransaction_isRunByTheProcessThatHasTheTurn() {
    try (Neighbours store = new Neighbours(directory, UNLOGGED)) {
      Engine holder = store.open();
      increment(holder);
      WriteSession session = holder.beginWrite(Durability.CHECKPOINT, Duration.ZERO);
      assertTrue(isBehind(holder));
      holder.start();
      await(() -> !isBehind(holder));
      session.userWords(1, 2);
      session.commit();
      assertEquals(2, holder.parts().state.head().userIndex());
    }
  }

  @Test
  void checkpoint_anotherProcessHasTheTurn_isLeftToIt() {
    int[] syncs = {0};
    try (Neighbours store = new Neighbours(directory, UNLOGGED)) {
      Engine holder = store.open();
      Engine other =
          store.open(
              (operation, done) ->
                  syncs[0] += RegionOperation.Kind.SYNC == operation.kind() ? 1 : 0,
              Steps.NONE);
      increment(holder);
      assertFalse(other.checkpoints().tryRun());
      other.start();
      long start = System.nanoTime();
      while (System.nanoTime() - start < 10 * RESERVED_NANOS) {
        assertEquals(0, ticket(other), "it asks for the turn");
      }
      assertTrue(isBehind(holder));
      assertEquals(0, syncs[0]);
      holder.parts().turn.handOver();
      await(() -> !isBehind(holder));
    }
  }
}

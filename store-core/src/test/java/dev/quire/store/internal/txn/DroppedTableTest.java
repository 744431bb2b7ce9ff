package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.txn.Edit.Kind;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.SimulatedRegion;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// A large table that is dropped is freed bit by bit; nothing of it stays.
class DroppedTableTest {

  private static final StoreOptions OPTIONS =
      StoreOptions.defaults().withWriterMemoryBytes(StoreOptions.MIN_WRITER_MEMORY_BYTES);
  private static final long CAPACITY_BYTES = 64 << 20;

  private final SimulatedRegion disk = new SimulatedRegion(CAPACITY_BYTES);
  private Engine engine = Opening.onRegion(disk, OPTIONS);
  private StoreModel model = new StoreModel();

  private void commit(Consumer<ModelSession> edits) {
    WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ZERO);
    try {
      ModelSession both = new ModelSession(session, model);
      edits.accept(both);
      session.commit();
      model = both.model();
    } finally {
      session.rollback();
    }
    assertNull(CrashOracle.difference(engine, model));
  }

  private static void fill(ModelSession session, int table, int entries) {
    CrashTest.puts(table, 0, entries, 1900).accept(session);
  }

  private static void drop(ModelSession session, int table) {
    CrashTest.edit(Kind.DROP, table, 0, 0).accept(session);
  }

  private void requireAllFreed() {
    for (int i = 0; i < 20; i++) {
      int key = i;
      commit(session -> CrashTest.puts(3, key, key + 1, 10).accept(session));
    }
    assertTrue(engine.stats().livePages() < 20, engine.stats().toString());
    assertEquals(20, model.entryCount());
    engine.close();
    engine = Opening.onRegion(disk.successor(), OPTIONS);
    assertNull(CrashOracle.difference(engine, model));
    engine.close();
  }

  @Test
  void drop_largeTable_isFreedBitByBit() {
    commit(session -> fill(session, 1, 2500));
    commit(session -> drop(session, 1));
    assertTrue(engine.stats().livePages() > 300, "freed at once");
    requireAllFreed();
  }

  @Test
  void drop_tablesChangedInTheSameTransaction_areFreed() {
    commit(session -> fill(session, 0, 2));
    commit(
        session -> {
          for (int table = 0; table < 3; table++) {
            fill(session, table, 700);
            CrashTest.puts(table, 5, 7, 100).accept(session);
            drop(session, table);
          }
        });
    requireAllFreed();
  }

  @Test
  void drop_thenSpill_tableIsFreed() {
    commit(
        session -> {
          fill(session, 0, 700);
          CrashTest.puts(0, 5, 7, 100).accept(session);
          drop(session, 0);
          fill(session, 1, 900);
        });
    commit(session -> drop(session, 1));
    requireAllFreed();
  }

  @Test
  void drop_createdAgain_bothAreRight() {
    commit(session -> fill(session, 1, 700));
    commit(
        session -> {
          drop(session, 1);
          fill(session, 1, 3);
        });
    commit(session -> drop(session, 1));
    requireAllFreed();
  }

  @Test
  void drop_rolledBackToASavepoint_tableIsBack() {
    commit(session -> fill(session, 1, 700));
    commit(
        session -> {
          session.savepoint();
          drop(session, 1);
          fill(session, 2, 700);
          session.rollbackTo(1);
          CrashTest.puts(0, 5, 7, 100).accept(session);
        });
    assertTrue(engine.stats().livePages() > 300, "dropped after all");
    commit(
        session -> {
          drop(session, 1);
          drop(session, 0);
        });
    requireAllFreed();
  }
}

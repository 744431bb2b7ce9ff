package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.SimulatedRegion;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Pages move towards the beginning of the file, and nothing else changes.
class CompactionTest {

  private static final StoreOptions OPTIONS =
      StoreOptions.defaults()
          .withDurability(Durability.CHECKPOINT)
          .withWriterMemoryBytes(StoreOptions.MIN_WRITER_MEMORY_BYTES);

  /// More than one transaction may move.
  private static final int MANY = 10_000;

  private SimulatedRegion region = new SimulatedRegion(128 << 20);
  private Engine engine = Opening.onRegion(region, OPTIONS);
  private StoreModel model = new StoreModel();

  @AfterEach
  void close() {
    assertNull(CrashOracle.difference(engine, model));
    engine.close();
  }

  private void commit(Consumer<ModelSession> edits) {
    WriteSession session = engine.beginWrite(Durability.CHECKPOINT, Duration.ZERO);
    try {
      ModelSession both = new ModelSession(session, model);
      edits.accept(both);
      session.commit();
      model = both.model();
    } finally {
      session.rollback();
    }
  }

  private void closeAndReopen() {
    engine.close();
    region = region.successor();
    engine = Opening.onRegion(region, OPTIONS);
  }

  /// Two tables of many pages, of which the one that was written first is empty again.
  private void emptyBeginning(int entries) {
    commit(CrashTest.puts(0, 0, entries, 1900));
    commit(CrashTest.puts(1, 0, entries, 1900));
    commit(CrashTest.puts(3, 0, 500, 30));
    commit(both -> both.clear(Edit.tableName(0)));
  }

  private void assertCompact() {
    EngineStats stats = engine.stats();
    long most = stats.livePages() + stats.livePages() / 16 + 64;
    long pages = stats.highWaterPages() - engine.parts().superblock.firstPage();
    assertTrue(pages <= most, pages + " pages, " + stats.livePages() + " are live");
  }

  @Test
  void close_emptyBeginning_fileIsCut() {
    emptyBeginning(MANY);
    closeAndReopen();
    assertCompact();
    assertEquals(
        engine.stats().highWaterPages() * OPTIONS.pageSizeBytes(), engine.view().fileSizeBytes());
  }

  @Test
  void close_withLongValuesAtTheEnd_storeIsWhole() {
    emptyBeginning(1000);
    commit(CrashTest.puts(2, 0, 10, 20_000));
    closeAndReopen();
  }

  @Test
  void close_mostlyLongValues_storeIsWhole() {
    commit(CrashTest.puts(0, 0, 400, 9000));
    commit(CrashTest.puts(1, 0, 400, 9000));
    commit(both -> both.clear(Edit.tableName(0)));
    closeAndReopen();
  }

  @Test
  void compact_withReader_itsSnapshotStays() {
    emptyBeginning(1000);
    StoreModel seen = model;
    Snapshot reader = engine.beginRead();
    engine.compact(1);
    commit(CrashTest.puts(1, 0, 700, 1800));
    engine.compact(1);
    commit(CrashTest.puts(1, 100, 900, 1700));
    assertNull(seen.differenceTo(reader));
    reader.end();
  }

  @Test
  void compact_thenPuts_pagesAreGivenOutAsBefore() {
    emptyBeginning(1000);
    engine.compact(1);
    for (int i = 0; i < 30; i++) {
      commit(CrashTest.puts(1, 10 * i, 10 * i + 300, 1800 - i));
    }
    engine.compact(1);
    engine.compact(1);
    closeAndReopen();
    assertCompact();
  }
}

package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.SimulatedRegion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A reader pins the pages of its own snapshot and nothing else.
class PageReuseTest {

  private static final StoreOptions OPTIONS =
      StoreOptions.defaults().withDurability(Durability.CHECKPOINT);
  private static final int ENTRIES = 2000;

  private final Engine engine = Opening.onRegion(new SimulatedRegion(64 << 20), OPTIONS);
  private StoreModel model = new StoreModel();

  @AfterEach
  void close() {
    assertNull(CrashOracle.difference(engine, model));
    engine.close();
  }

  private void overwrite(int first, int count, int salt) {
    WriteSession session = engine.beginWrite(Durability.CHECKPOINT, Duration.ZERO);
    try {
      ModelSession both = new ModelSession(session, model);
      for (int key = first; key < first + count; key++) {
        new Edit(Edit.Kind.PUT, 0, key % ENTRIES, 100, salt & 0xFFFF).applyTo(both);
      }
      session.commit();
      model = both.model();
    } finally {
      session.rollback();
    }
  }

  private void overwriteOften(int transactions) {
    for (int i = 0; i < transactions; i++) {
      overwrite(i * 37, 4, i);
      if (i % 100 == 99) {
        engine.checkpoint();
      }
    }
  }

  @Test
  void overwriting_withoutReaders_fileStaysSmall() {
    overwrite(0, ENTRIES, 1);
    overwriteOften(500);
    long before = engine.stats().highWaterPages();
    long live = engine.stats().livePages();
    overwriteOften(3000);
    long grown = engine.stats().highWaterPages() - before;
    assertTrue(grown <= live, "grown by " + grown + " pages, " + live + " are live");
  }

  @Test
  void overwriting_withStuckReader_pinsItsSnapshotAlone() {
    overwrite(0, ENTRIES, 1);
    overwriteOften(500);
    Snapshot stuck = engine.beginRead();
    StoreModel seen = model;
    long live = engine.stats().livePages();
    overwriteOften(1000);
    long before = engine.stats().highWaterPages();
    overwriteOften(3000);
    EngineStats stats = engine.stats();
    assertTrue(stats.highWaterPages() - before <= live, before + " pages became " + stats);
    assertNull(seen.differenceTo(stuck));
    // Its own snapshot; the durable one is the newest.
    long pinned = pendingAfterALook();
    assertTrue(pinned <= live + 1, pinned + " pages are pinned of " + live);
    stuck.end();
    assertTrue(pinned >= live / 2, pinned + " pages are pinned of " + live);
    assertEquals(0, pendingAfterALook());
  }

  /// Pending pages that somebody needs.
  private long pendingAfterALook() {
    engine.checkpoint();
    EngineParts parts = engine.parts();
    parts.spaceLock.lock();
    try {
      parts.allocator.reclaim();
    } finally {
      parts.spaceLock.unlock();
    }
    return engine.stats().pendingPages();
  }

  @Test
  void overwriting_withReadersOfManyAges_eachSeesItsOwn() {
    overwrite(0, ENTRIES, 1);
    List<Snapshot> snapshots = new ArrayList<>();
    List<StoreModel> models = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      snapshots.add(engine.beginRead());
      models.add(model);
      overwriteOften(100);
      if (i % 3 == 2) {
        int ended = i / 3 * 2;
        assertNull(models.get(ended).differenceTo(snapshots.get(ended)));
        snapshots.get(ended).end();
        snapshots.remove(ended);
        models.remove(ended);
      }
    }
    for (int i = 0; i < snapshots.size(); i++) {
      assertNull(models.get(i).differenceTo(snapshots.get(i)), "reader " + i);
      snapshots.get(i).end();
    }
    assertEquals(0, engine.stats().readers());
  }

  @Test
  void overwritingLongValues_fileStaysSmall() {
    long highest = 0;
    for (int i = 0; i < 900; i++) {
      WriteSession session = engine.beginWrite(Durability.CHECKPOINT, Duration.ZERO);
      ModelSession both = new ModelSession(session, model);
      new Edit(Edit.Kind.PUT, 0, i % 10, 30_000 + 100 * (i % 7), i).applyTo(both);
      session.commit();
      model = both.model();
      if (i % 150 == 149) {
        engine.checkpoint();
      }
      if (i == 299) {
        highest = engine.stats().highWaterPages();
      }
    }
    long grown = engine.stats().highWaterPages() - highest;
    assertTrue(grown <= engine.stats().livePages(), "grown by " + grown + " pages");
  }

  @Test
  void deletedAndFilledAgain_fileIsReused() {
    overwrite(0, ENTRIES, 1);
    long highest = 0;
    for (int round = 0; round < 40; round++) {
      WriteSession session = engine.beginWrite(Durability.CHECKPOINT, Duration.ZERO);
      ModelSession both = new ModelSession(session, model);
      both.clear(Edit.tableName(0));
      session.commit();
      model = both.model();
      engine.checkpoint();
      overwrite(0, ENTRIES, round);
      engine.checkpoint();
      if (round == 9) {
        highest = engine.stats().highWaterPages();
      }
    }
    long grown = engine.stats().highWaterPages() - highest;
    assertTrue(grown <= engine.stats().livePages(), "grown by " + grown + " pages in 30 rounds");
  }
}

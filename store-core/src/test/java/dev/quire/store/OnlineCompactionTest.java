package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.CheckedStore;
import dev.quire.store.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a store that is in use becomes as small as its content, and nothing else changes.
///
/// Method: stores whose entries lie between free pages are compacted step by step, beside writers,
/// readers of old snapshots and another process; the file's length, the content and the whole store
/// are looked at.
@Timeout(120)
class OnlineCompactionTest {

  /// More steps than any of these stores needs.
  private static final int MANY = 10_000;

  @TempDir private Path directory;
  private final Random random = new Random(Campaign.seed());

  private Path path(String name) {
    return directory.resolve(name);
  }

  private static void fill(Store store, String table, int entries, int valueBytes) {
    store.write(
        txn -> {
          for (long i = 0; i < entries; i++) {
            byte[] value = new byte[valueBytes];
            value[0] = (byte) i;
            txn.table(table).put(Keys.ofLong(i * 0x9E37_79B9_7F4A_7C15L), value);
          }
        });
  }

  /// Deletes all entries but every n-th.
  private static long thin(Store store, String table, int keptOf) {
    return store.write(
        txn -> {
          List<byte[]> keys = new ArrayList<>();
          try (Cursor cursor = txn.table(table).cursor()) {
            for (int i = 0; cursor.next(); i++) {
              if (i % keptOf != 0) {
                keys.add(cursor.key());
              }
            }
          }
          for (byte[] key : keys) {
            txn.table(table).delete(key);
          }
          return txn.table(table).count();
        });
  }

  /// Compacts to the end of a pass.
  ///
  /// @return number of steps
  private static int compact(Store store, int pages) {
    for (int steps = 1; steps < MANY; steps++) {
      if (store.compact(pages).last()) {
        return steps;
      }
    }
    throw new AssertionError("a compaction without an end");
  }

  private static void assertSmall(Store store, Path path) throws IOException {
    StoreStats stats = store.stats();
    long bound =
        stats.ringSizeBytes()
            + (stats.livePages() + stats.livePages() / 4 + 320) * stats.pageSizeBytes();
    long size = Files.size(path.resolve("data"));
    assertTrue(size <= bound, size + " bytes, " + stats);
  }

  @Test
  void compact_afterDeletes_fileIsCutWhileItIsOpen() throws IOException {
    try (Store store = Store.open(path("store"))) {
      fill(store, "t", 40_000, 500);
      fill(store, "u", 10_000, 100);
      long before = Files.size(path("store").resolve("data"));
      long kept = thin(store, "t", 10);
      int steps = compact(store, 64);
      assertTrue(steps > 5, steps + " steps");
      compact(store, 1024);
      assertSmall(store, path("store"));
      assertTrue(Files.size(path("store").resolve("data")) < before / 2);
      CheckedStore.assertClean(store);
      assertEquals(kept, store.table("t").count());
      fill(store, "t", 20_000, 300);
      CheckedStore.assertClean(store);
    }
    try (Store store = Store.open(path("store"))) {
      assertEquals(10_000, store.table("u").count());
      CheckedStore.assertClean(store);
    }
  }

  @Test
  void compact_longValuesAtTheEnd_areMoved() throws IOException {
    try (Store store = Store.open(path("store"))) {
      fill(store, "t", 10_000, 1_500);
      fill(store, "long", 200, 30_000);
      store.table("keys").put(new byte[40_000], new byte[1]);
      thin(store, "t", 20);
      compact(store, 256);
      compact(store, 256);
      assertSmall(store, path("store"));
      CheckedStore.assertClean(store);
      assertEquals(200, store.table("long").count());
      try (Cursor cursor = store.table("long").cursor()) {
        while (cursor.next()) {
          assertEquals(30_000, cursor.valueBytes().length);
        }
      }
    }
  }

  @Test
  void compact_besideWriters_contentIsTheirs() throws Exception {
    BackupModel model = new BackupModel();
    AtomicBoolean stop = new AtomicBoolean();
    try (Store store = Store.open(path("store"), StoreUser.options())) {
      for (int i = 0; i < 20; i++) {
        model.change(store, random, 3_000, 300);
      }
      fill(store, "free", 20_000, 500);
      store.table("free").clear();
      List<Throwable> failures = new ArrayList<>();
      Random own = new Random(Campaign.seed() + 1);
      Thread writer =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((_, thrown) -> failures.add(thrown))
              .start(
                  () -> {
                    while (!stop.get()) {
                      model.change(store, own, 3_000, 5);
                    }
                  });
      for (int i = 0; i < 5; i++) {
        compact(store, 32);
      }
      stop.set(true);
      writer.join();
      assertEquals(List.of(), failures);
      compact(store, 1024);
      compact(store, 1024);
      assertSmall(store, path("store"));
      CheckedStore.assertClean(store);
      model.requireEqual(store);
    }
    try (Store store = Store.open(path("store"))) {
      CheckedStore.assertClean(store);
      model.requireEqual(store);
    }
  }

  @Test
  void compact_withAReader_fileIsCutWhenItHasGone() throws IOException {
    BackupModel model = new BackupModel();
    try (Store store = Store.open(path("store"))) {
      fill(store, "t", 20_000, 500);
      model.change(store, random, 1_000, 1_000);
      try (ReadTxn reader = store.beginRead()) {
        thin(store, "t", 10);
        compact(store, 1024);
        assertEquals(20_000, reader.table("t").count());
        long entries = 0;
        try (Cursor cursor = reader.table("t").cursor()) {
          while (cursor.next()) {
            entries++;
            assertEquals(500, cursor.valueBytes().length);
          }
        }
        assertEquals(20_000, entries);
      }
      compact(store, 1024);
      compact(store, 1024);
      assertSmall(store, path("store"));
      model.requireEqual(store);
      CheckedStore.assertClean(store);
    }
  }

  @Test
  void compact_openInAnotherProcess_isCutWhenItHasGone() throws IOException {
    Path data = path("store").resolve("data");
    try (Store store = Store.open(path("store"))) {
      fill(store, "t", 20_000, 500);
      thin(store, "t", 10);
      long before = Files.size(data);
      try (ChildJvm other = StoreUser.start(path("store"))) {
        assertEquals("2000", other.ask("count"));
        compact(store, 1024);
        assertEquals(before, Files.size(data), "another process has mapped the file");
        assertEquals("true", other.ask("put a b"));
        assertEquals("2001", other.ask("count"));
        fill(store, "t", 1_000, 100);
        assertEquals(Long.toString(store.table("t").count()), other.ask("count"));
      }
      compact(store, 1024);
      compact(store, 1024);
      assertSmall(store, path("store"));
      CheckedStore.assertClean(store);
    }
  }

  @Test
  void compact_thenAnotherProcess_seesTheSame() {
    try (Store store = Store.open(path("store"))) {
      fill(store, "t", 20_000, 500);
      thin(store, "t", 10);
      compact(store, 1024);
      try (ChildJvm other = StoreUser.start(path("store"))) {
        assertEquals("2000", other.ask("count"));
        other.ask("rounds 1 20");
        compact(store, 512);
        assertEquals(20, Rounds.require(store));
        assertEquals("20", other.ask("require"));
      }
      CheckedStore.assertClean(store);
    }
  }

  @Test
  void compact_storeInMemory_doesNothing() {
    try (Store store = Store.inMemory()) {
      fill(store, "t", 1_000, 100);
      assertTrue(store.compact(100).last());
      CheckedStore.assertClean(store);
    }
  }
}

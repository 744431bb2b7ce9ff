package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.options.Expiry;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.CheckedStore;
import dev.quire.store.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: copies of a store keep the expiry of entries and its index, and bounds and their queue:
/// backups, increments, compaction, recovery of a damaged file.
class ExpiryCopiesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final TableOptions CACHE = TableOptions.defaults().withExpiry(SECOND);

  private static final TableOptions FEW = TableOptions.defaults().withMaxEntries(300);

  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock();
  private final StoreOptions options =
      StoreOptions.defaults().withClock(clock).withSweepPeriod(Duration.ofDays(1));

  private Store open(String name) {
    return Store.open(directory.resolve(name), options);
  }

  private static void fill(Store store, int from, int to) {
    store.write(
        txn -> {
          Table table = txn.table("cache", CACHE);
          Table few = txn.table("few", FEW);
          for (int i = from; i < to; i++) {
            byte[] value = new byte[i % 100 == 0 ? 20_000 : i % 50];
            boolean _ = table.put(key(i), value, i % 2 == 0 ? Expiry.NEVER : Expiry.DEFAULT);
            boolean _ = few.put(key(i), value);
          }
        });
  }

  /// Some keys are longer than fits a page.
  private static byte[] key(int number) {
    String text = String.format("%05d", number) + (number % 97 == 0 ? "x".repeat(3_000) : "");
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Fails unless the store has the entries `[0, count)`, half of which expire within a second.
  private void assertFilled(Store store, int count) {
    Table table = store.table("cache", CACHE);
    assertEquals(count, table.count());
    Table few = store.table("few", FEW);
    assertEquals(300, few.count());
    assertFalse(few.contains(key(count - 301)));
    few.put(key(0), new byte[1]);
    assertEquals(300, few.count());
    assertFalse(few.contains(key(count - 300)));
    assertEquals(Expiry.NEVER, table.expiry(key(0)));
    assertEquals(SECOND, table.timeLeft(key(1)));
    CheckedStore.assertClean(store);
    clock.move(SECOND);
    assertEquals(count / 2, table.count());
    assertNull(table.get(key(1)));
    for (int i = 0; i < 100; i++) {
      table.put(key(0), new byte[1], Expiry.NEVER);
    }
    CheckedStore.assertClean(store);
    assertEquals(0, store.check().entries().getOrDefault("quire.expiry", 0L));
    assertEquals(count / 2, store.check().entries().get("cache"));
    clock.move(SECOND.negated());
  }

  @Test
  void backupAndIncrement_ofExpiringEntries_keepThem() {
    try (Store store = open("store")) {
      fill(store, 0, 1000);
      store.backup(directory.resolve("full"));
      fill(store, 1000, 1400);
      store.backup(directory.resolve("increment"), List.of(directory.resolve("full")));
    }
    Store.restore(
        List.of(directory.resolve("full"), directory.resolve("increment")),
        directory.resolve("restored"));
    try (Store restored = open("restored")) {
      assertFilled(restored, 1400);
    }
    try (Store full = open("full")) {
      assertFilled(full, 1000);
    }
  }

  @Test
  void compact_ofExpiringEntries_keepsThem() {
    try (Store store = open("store")) {
      store.write(
          txn -> {
            for (int i = 0; i < 200; i++) {
              boolean _ = txn.table("before").put(key(i), new byte[20_000]);
            }
          });
      fill(store, 0, 1200);
      store.table("before").clear();
      store.checkpoint();
      long moved = 0;
      CompactionProgress progress;
      do {
        progress = store.compact(64);
        moved += progress.movedPages();
      } while (!progress.last());
      assertTrue(moved > 0);
      assertFilled(store, 1200);
    }
  }

  @Test
  void recover_ofExpiringEntries_makesTheIndexAnew() {
    try (Store store = open("store")) {
      fill(store, 0, 1000);
    }
    RecoveryReport report = Store.recover(directory.resolve("store"), directory.resolve("saved"));
    assertEquals(List.of(), report.losses());
    assertEquals(1000, report.entries().get("cache"));
    assertEquals(Set.of("cache", "few"), report.entries().keySet());
    try (Store saved = open("saved")) {
      assertFilled(saved, 1000);
    }
  }
}

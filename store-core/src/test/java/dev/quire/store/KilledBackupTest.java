package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.testing.CheckedStore;
import dev.quire.store.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a process that is killed while it makes a backup leaves nothing behind that hurts: its
/// snapshot goes, the earlier backups are as they were, and the next attempt succeeds.
@Timeout(120)
class KilledBackupTest {

  private static final int ENTRIES = 20_000;

  @TempDir private Path directory;
  private Path source;

  @BeforeEach
  void fill() {
    source = directory.resolve("source");
    try (Store store = Store.open(source)) {
      write(store, 0, 500);
    }
  }

  private static void write(Store store, int round, int valueBytes) {
    store.write(
        txn -> {
          for (long i = 0; i < ENTRIES; i++) {
            txn.table("t").put(Keys.ofLong(i), new byte[valueBytes + round]);
          }
        });
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.yield();
    }
  }

  @Test
  void kill_whileTheBackupIsWritten_freesItsSnapshot() {
    try (Store store = Store.open(source)) {
      try (ChildJvm child = StoreUser.start(source)) {
        child.tell("backupWithoutEnd");
        await(() -> store.stats().readers() == 1);
        write(store, 1, 500);
        store.checkpoint();
        write(store, 2, 500);
        store.checkpoint();
        assertEquals(1, store.stats().readers());
        assertTrue(store.stats().pendingPages() > ENTRIES / 10, "the snapshot is kept");
        child.kill();
      }
      await(
          () -> {
            store.table("t").put(Keys.ofLong(0), new byte[1]);
            return store.stats().readers() == 0;
          });
      store.checkpoint();
      await(
          () -> {
            store.table("t").put(Keys.ofLong(0), new byte[1]);
            store.checkpoint();
            return store.stats().pendingPages() < ENTRIES / 100;
          });
      CheckedStore.assertClean(store);
    }
  }

  @Test
  void kill_whileAnIncrementIsWritten_leavesTheBackup() {
    Path base = directory.resolve("base");
    Path increment = directory.resolve("increment");
    Path unfinished = directory.resolve("increment.new");
    try (Store store = Store.open(source)) {
      store.backup(base);
      write(store, 1, 1_500);
      try (ChildJvm child = StoreUser.start(source)) {
        child.tell("increment " + increment + " " + base);
        await(() -> Files.exists(unfinished) || Files.exists(increment));
        child.kill();
      }
      Store.restore(List.of(base), directory.resolve("first"));
      assertHolds(directory.resolve("first"), 500);
      if (!Files.exists(increment)) {
        assertTrue(Files.exists(unfinished));
        store.backup(increment, List.of(base));
      }
      assertFalse(Files.exists(unfinished));
      CheckedStore.assertClean(store);
    }
    Store.restore(List.of(base, increment), directory.resolve("second"));
    assertHolds(directory.resolve("second"), 1_501);
  }

  @Test
  void kill_whileABackupIsWritten_leavesNoStore() {
    Path backup = directory.resolve("backup");
    try (Store store = Store.open(source)) {
      write(store, 1, 1_500);
      try (ChildJvm child = StoreUser.start(source)) {
        child.tell("backup " + backup);
        await(() -> Files.exists(backup.resolve("data.new")) || hasData(backup));
        child.kill();
      }
      if (!hasData(backup)) {
        store.backup(backup);
      }
      assertFalse(Files.exists(backup.resolve("data.new")));
      CheckedStore.assertClean(store);
    }
    assertHolds(backup, 1_501);
  }

  private static boolean hasData(Path directory) {
    return Files.exists(directory.resolve("data"));
  }

  private static void assertHolds(Path path, int valueBytes) {
    try (Store store = Store.open(path)) {
      CheckedStore.assertClean(store);
      assertEquals(ENTRIES, store.table("t").count());
      byte[] value = store.table("t").get(Keys.ofLong(7));
      assertEquals(valueBytes, value == null ? -1 : value.length);
    }
  }
}

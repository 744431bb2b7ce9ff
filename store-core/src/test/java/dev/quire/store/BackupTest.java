package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.options.Checksums;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.CheckedStore;
import dev.quire.store.testing.ChildJvm;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a backup is what one transaction left, whole and clean, whatever is written meanwhile.
///
/// Method: two threads change tables of both kinds, with long keys and long values, and note what
/// each transaction did; a process writes rounds beside them. Backups are taken meanwhile; each is
/// compared with what was noted up to its transaction, and checked.
@Timeout(120)
class BackupTest {

  private static final int KEYS = 300;

  @TempDir private Path directory;

  private void assertHolds(Path backup, BackupModel model) {
    try (Store store = Store.open(backup)) {
      CheckedStore.assertClean(store);
      model.requireEqual(store);
    }
    try (Store store = Store.open(backup)) {
      store.table("bytes").put(new byte[] {1}, new byte[10]);
      CheckedStore.assertClean(store);
    }
  }

  @Test
  void backup_storeAtRest_isEqualAndDense() throws IOException {
    Random random = new Random(Campaign.seed());
    for (int pageSize : new int[] {4096, 16384}) {
      Path source = directory.resolve("source" + pageSize);
      Path backup = directory.resolve("backup" + pageSize);
      BackupModel model = new BackupModel();
      try (Store store = Store.open(source, StoreOptions.defaults().withPageSizeBytes(pageSize))) {
        for (int i = 0; i < 30; i++) {
          model.change(store, random, KEYS, 100);
        }
        store.table("empty", TableOptions.defaults());
        assertEquals(model.lastTxnId() + 1, store.backup(backup));
        assertFalse(Files.exists(backup.resolve("data.new")));
        assertTrue(
            Files.size(backup.resolve("data")) <= Files.size(source.resolve("data")),
            "the backup has no free pages");
      }
      try (Store store = Store.open(backup)) {
        assertEquals(pageSize, store.stats().pageSizeBytes());
        assertEquals(List.of("bytes", "empty", "integers"), store.tables());
      }
      assertHolds(backup, model);
    }
  }

  @Test
  void backup_ofWhatHasNoTables_isAnEmptyStore() {
    try (Store store = Store.open(directory.resolve("source"))) {
      store.backup(directory.resolve("backup"));
    }
    assertHolds(directory.resolve("backup"), new BackupModel());
  }

  @Test
  void backup_whileOthersWrite_isOneTransaction() throws Exception {
    Path source = directory.resolve("source");
    BackupModel model = new BackupModel();
    AtomicBoolean stop = new AtomicBoolean();
    List<Throwable> failures = new ArrayList<>();
    try (Store store = Store.open(source, StoreUser.options());
        ChildJvm other = StoreUser.start(source)) {
      model.change(store, new Random(Campaign.seed()), KEYS, 300);
      other.ask("rounds 1 1");
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Random random = new Random(Campaign.seed() + i + 1);
        writers.add(
            Thread.ofPlatform()
                .uncaughtExceptionHandler((_, thrown) -> failures.add(thrown))
                .start(
                    () -> {
                      while (!stop.get()) {
                        model.change(store, random, KEYS, 10);
                      }
                    }));
      }
      other.tell("rounds 2 400");
      List<Long> shown = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        shown.add(store.backup(directory.resolve("backup" + i)));
      }
      stop.set(true);
      for (Thread writer : writers) {
        writer.join();
      }
      other.next();
      assertEquals(List.of(), failures);
      for (int i = 0; i < 5; i++) {
        try (Store backup = Store.open(directory.resolve("backup" + i))) {
          Rounds.require(backup);
        }
        assertHolds(directory.resolve("backup" + i), model.upTo(shown.get(i)));
      }
      assertNotEquals(shown.getFirst(), shown.getLast());
      CheckedStore.assertClean(store);
    }
  }

  @Test
  void backup_toChannel_isTheDataFile() throws IOException {
    BackupModel model = new BackupModel();
    Path backup = Files.createDirectory(directory.resolve("backup"));
    try (Store store = Store.open(directory.resolve("source"))) {
      model.change(store, new Random(Campaign.seed()), KEYS, 300);
      try (OutputStream out = Files.newOutputStream(backup.resolve("data"))) {
        store.backup(Channels.newChannel(out));
      }
    }
    assertHolds(backup, model);
  }

  @Test
  void backup_channelThatFails_isAnIoException() {
    try (Store store = Store.open(directory.resolve("source"));
        WritableByteChannel broken =
            Channels.newChannel(
                new OutputStream() {
                  @Override
                  public void write(int b) throws IOException {
                    throw new IOException("broken pipe");
                  }
                })) {
      assertThrows(StoreIoException.class, () -> store.backup(broken));
      CheckedStore.assertClean(store);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void backup_ofStoreInMemory_isADurableOne() {
    BackupModel model = new BackupModel();
    try (Store store = Store.inMemory()) {
      model.change(store, new Random(Campaign.seed()), KEYS, 300);
      store.backup(directory.resolve("backup"));
    }
    assertHolds(directory.resolve("backup"), model);
  }

  @Test
  void backup_whereAStoreIs_isRefused() {
    Path other = directory.resolve("other");
    Store.open(other).close();
    try (Store store = Store.open(directory.resolve("source"))) {
      store.table("t").put(new byte[1], new byte[1]);
      assertThrows(StoreIoException.class, () -> store.backup(other));
    }
    try (Store store = Store.open(other)) {
      assertEquals(List.of(), store.tables());
    }
  }

  @Test
  void backup_ofDamagedPage_leavesNoStore() throws IOException {
    Path source = directory.resolve("source");
    StoreOptions options = StoreOptions.defaults().withChecksums(Checksums.WRITE);
    try (Store store = Store.open(directory.resolve("first"), options)) {
      new BackupModel().change(store, new Random(Campaign.seed()), KEYS, 300);
      // Of a backup it is known what lies where: the map is last, then come two roots.
      store.backup(source);
    }
    long size = Files.size(source.resolve("data"));
    try (RandomAccessFile data = new RandomAccessFile(source.resolve("data").toFile(), "rw")) {
      byte[] byteRead = new byte[1];
      data.seek(size - 3 * 4096 + 40);
      data.readFully(byteRead);
      data.seek(size - 3 * 4096 + 40);
      data.write(byteRead[0] ^ 1);
    }
    Path backup = directory.resolve("backup");
    try (Store store = Store.open(source)) {
      assertThrows(CorruptPageException.class, () -> store.backup(backup));
    }
    assertFalse(Files.exists(backup.resolve("data")));
    assertFalse(Files.exists(backup.resolve("data.new")));
    Store.open(backup).close();
  }

  @Test
  void compact_openInAnotherProcess_isRefused() {
    Path source = directory.resolve("source");
    try (ChildJvm other = StoreUser.start(source)) {
      other.ask("put a 1");
      assertThrows(StoreLockedException.class, () -> Store.compact(source));
      assertEquals("1", other.ask("count"));
    }
    Store.compact(source);
    try (Store store = Store.open(source)) {
      assertEquals(1, store.table("t").count());
      assertThrows(StoreLockedException.class, () -> Store.compact(source));
    }
  }

  @Test
  void compact_store_keepsItsContent() throws IOException {
    Path source = directory.resolve("source");
    BackupModel model = new BackupModel();
    Random random = new Random(Campaign.seed());
    try (Store store = Store.open(source)) {
      for (int i = 0; i < 30; i++) {
        model.change(store, random, KEYS, 100);
      }
    }
    long before = Files.size(source.resolve("data"));
    Store.compact(source);
    assertTrue(Files.size(source.resolve("data")) <= before);
    assertHolds(source, model);
  }

  @Test
  void backup_values_areNotMixedUp() {
    byte[] value = new byte[3 << 20];
    new Random(1).nextBytes(value);
    try (Store store = Store.open(directory.resolve("source"))) {
      store.table("t").put(new byte[60_000], value);
      store.backup(directory.resolve("backup"));
    }
    try (Store store = Store.open(directory.resolve("backup"))) {
      assertArrayEquals(value, store.table("t").get(new byte[60_000]));
      CheckedStore.assertClean(store);
    }
  }

  /// Whatever it is called, and whoever has it open.
  @Test
  void backup_intoAStore_leavesIt() throws IOException {
    Path source = directory.resolve("source");
    Path link = Files.createSymbolicLink(directory.resolve("link"), source);
    try (Store store = Store.open(source)) {
      store.table("t").put(1, new byte[] {1});
      for (Path target : List.of(source, link)) {
        StoreIoException e = assertThrows(StoreIoException.class, () -> store.backup(target));
        assertTrue(String.valueOf(e.getMessage()).contains("holds a store already"), e::toString);
      }
      store.table("t").put(2, new byte[] {2});
      CheckedStore.assertClean(store);
    }
  }
}

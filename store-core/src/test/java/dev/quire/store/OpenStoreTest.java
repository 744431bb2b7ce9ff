package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Opening a directory: what may lie there, and who may have it open.
class OpenStoreTest {

  private static final StoreOptions OPTIONS = StoreOptions.defaults();

  @TempDir private Path directory;

  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("my.quire");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void makeStore() {
    try (Store store = Store.open(path)) {
      store.write(
          txn -> {
            for (long i = 0; i < 5_000; i++) {
              txn.table("t").put(i, new byte[100]);
            }
          });
    }
  }

  @Test
  void close_besideAWriter_isRefusedAndCanBeDoneLater() throws InterruptedException {
    Store store = Store.open(path, OPTIONS.withLockTimeout(Duration.ofMillis(50)));
    WriteTxn txn = store.beginWrite();
    List<Throwable> thrown = new ArrayList<>();
    Thread closer =
        new Thread(() -> thrown.add(assertThrows(StoreLockedException.class, store::close)));
    closer.start();
    closer.join();
    assertEquals(1, thrown.size());
    assertTrue(store.isOpen());
    txn.table("t").put(1, bytes("v"));
    txn.commit();
    store.close();
    assertFalse(store.isOpen());
    assertFalse(Files.exists(path.resolve("shm")));
  }

  @Test
  void open_pathIsAFile_isRefusedAndLeftAlone() throws IOException {
    Files.writeString(path, "text");
    assertThrows(NotAStoreException.class, () -> Store.open(path));
    assertEquals("text", Files.readString(path));
  }

  @Test
  void open_directoryOfSomethingElse_isRefusedAndLeftAlone() throws IOException {
    Files.createDirectory(path);
    Files.writeString(path.resolve("letter.txt"), "text");
    assertThrows(NotAStoreException.class, () -> Store.open(path));
    try (var files = Files.list(path)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void open_emptyDirectory_becomesAStore() throws IOException {
    Files.createDirectory(path);
    makeStore();
    assertTrue(Files.exists(path.resolve("data")));
  }

  @Test
  void open_missingAndNotToBeMade_isRefused() {
    assertThrows(
        NotAStoreException.class, () -> Store.open(path, OPTIONS.withCreateIfMissing(false)));
    assertFalse(Files.exists(path));
  }

  @Test
  void open_dataCutAtAnyPlace_isClearOrRight() throws IOException {
    makeStore();
    byte[] whole = Files.readAllBytes(path.resolve("data"));
    for (long length : new long[] {0, 1, 4_095, 4_096, 8_192, 16_384, 1 << 20, whole.length - 1}) {
      try (RandomAccessFile file = new RandomAccessFile(path.resolve("data").toFile(), "rw")) {
        file.setLength(length);
      }
      assertOpensOrIsRefused("cut to " + length);
      Files.write(path.resolve("data"), whole);
    }
  }

  @Test
  void open_foreignBytes_isRefused() throws IOException {
    makeStore();
    byte[] foreign = new byte[5 << 20];
    new Random(1).nextBytes(foreign);
    Files.write(path.resolve("data"), foreign);
    assertThrows(StoreException.class, () -> Store.open(path));
    assertArrayEquals(foreign, Files.readAllBytes(path.resolve("data")));
  }

  /// A store that is cut short either says so, or everything that is read from it is right.
  private void assertOpensOrIsRefused(String what) {
    try (Store store = Store.open(path)) {
      Table table = store.table("t");
      for (long i = 0; i < 5_000; i++) {
        byte[] value = table.get(i);
        assertArrayEquals(new byte[100], value, what);
      }
    } catch (StoreException e) {
      assertFalse(String.valueOf(e.getMessage()).isBlank(), what);
    }
  }

  @Test
  void open_readOnly_readsAndRefusesWrites() {
    makeStore();
    try (Store store = Store.open(path, OPTIONS.withReadOnly(true))) {
      assertEquals(5_000, store.table("t").count());
      assertThrows(IllegalStateException.class, store::beginWrite);
      assertThrows(IllegalStateException.class, () -> store.table("t").put(1, bytes("v")));
      assertThrows(IllegalStateException.class, () -> store.dropTable("t"));
    }
  }

  @Test
  void open_twice_eachHandleEndsForItself() {
    Store first = Store.open(path);
    Store second = Store.open(path);
    first.table("t").put(bytes("k"), bytes("v"));
    assertTrue(second.table("t").contains(bytes("k")));
    try (ReadTxn txn = first.beginRead()) {
      first.close();
      first.close();
      assertFalse(first.isOpen());
      assertFalse(txn.isOpen());
      assertThrows(IllegalStateException.class, () -> txn.table("t"));
      assertThrows(IllegalStateException.class, () -> first.table("t").count());
    }
    assertTrue(second.isOpen());
    assertEquals(0, second.stats().readers());
    second.table("t").put(bytes("l"), bytes("w"));
    assertEquals(2, second.table("t").count());
    second.close();
    try (Store third = Store.open(path)) {
      assertEquals(2, third.table("t").count());
    }
  }

  @Test
  void open_twiceWithAnOpenTransaction_closingOneUndoesItsOwn() {
    try (Store second = Store.open(path)) {
      Store first = Store.open(path);
      WriteTxn txn = first.beginWrite();
      txn.table("t").put(bytes("k"), bytes("v"));
      first.close();
      assertThrows(IllegalStateException.class, () -> txn.table("t").put(bytes("l"), bytes("w")));
      txn.close();
      second.table("t").put(bytes("m"), bytes("x"));
      assertEquals(1, second.table("t").count());
    }
  }

  @Test
  void open_unknownBackend_namesThoseThatThereAre() {
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> Store.open(path, OPTIONS.withBackend("none")))
            .getMessage();
    assertTrue(message.contains("none") && message.contains("quire"), message);
    assertFalse(Files.exists(path));
  }

  @Test
  void open_otherPageSizeThanTheStoreHas_isRefused() {
    StoreOptions large = StoreOptions.defaults().withPageSizeBytes(16384);
    Path small = directory.resolve("small");
    Store.open(small).close();
    for (StoreOptions options : new StoreOptions[] {large, large.withReadOnly(true)}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> Store.open(small, options));
      assertTrue(String.valueOf(e.getMessage()).contains("pages of 4096 bytes"), e::toString);
    }
    Path big = directory.resolve("big");
    Store.open(big, large).close();
    try (Store store = Store.open(big)) {
      assertEquals(16384, store.stats().pageSizeBytes());
    }
  }

  @Test
  void open_interruptedThread_opensAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    try (Store store = Store.open(path)) {
      store.table("t").put(bytes("k"), bytes("v"));
      assertEquals(List.of("t"), store.tables());
      assertTrue(Thread.currentThread().isInterrupted());
    } finally {
      assertTrue(Thread.interrupted());
    }
    try (Store store = Store.open(path)) {
      assertEquals(1, store.table("t").count());
    }
  }
}

package dev.quire.store.lmdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.ChangeScope;
import dev.quire.store.ReadTxn;
import dev.quire.store.Savepoint;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.WriteTxn;
import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.options.Durability;
import dev.quire.store.options.Expiry;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.JvmLaunch;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Opening, the map, closing: where LMDB leaves its user alone.
@Timeout(60)
class LmdbLifeTest {

  private static final StoreOptions OPTIONS =
      StoreOptions.defaults()
          .withBackend(LmdbProvider.NAME)
          .withDurability(Durability.CHECKPOINT)
          .withLockTimeout(Duration.ofMillis(300));

  private static final long SMALL_MAP_BYTES = 1 << 20;

  @TempDir private Path directory;

  private Store open() {
    return Store.open(directory.resolve("store"), OPTIONS);
  }

  private Store openSmall() {
    return new LmdbOpening(directory.resolve("store"), OPTIONS, SMALL_MAP_BYTES).open();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static void fill(Table table, int count) {
    for (long i = 0; i < count; i++) {
      table.put(i, new byte[1000]);
    }
  }

  private static void assertUnsupported(String reason, Executable call) {
    String message = assertThrows(UnsupportedOperationException.class, call).getMessage();
    assertTrue(message.contains(reason), message);
  }

  // -- opening ------------------------------------------------------------------------------------

  @Test
  void open_withoutLmdbjava_namesTheDependency() throws IOException {
    List<String> kept = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("lmdbjava")) {
        kept.add(entry);
      }
    }
    JvmLaunch launch = JvmLaunch.of(LmdbUser.class);
    JvmLaunch without =
        new JvmLaunch(
            launch.main(),
            launch.prefix(),
            launch.flags(),
            String.join(File.pathSeparator, kept),
            launch.patience());
    try (ChildJvm child = ChildJvm.start(without)) {
      String answer = child.attempt("open " + directory.resolve("store"));
      assertTrue(answer.contains("IllegalStateException"), answer);
      assertTrue(answer.contains("org.lmdbjava:lmdbjava:0.9.3"), answer);
    }
  }

  @Test
  void open_somethingElse_isRefusedAndKept() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "text");
    assertThrows(NotAStoreException.class, () -> Store.open(file, OPTIONS));
    Path garbage = Files.createDirectory(directory.resolve("garbage"));
    Files.write(garbage.resolve("data.mdb"), new byte[20_000]);
    assertThrows(NotAStoreException.class, () -> Store.open(garbage, OPTIONS));
    Store.open(directory.resolve("quire")).close();
    assertThrows(NotAStoreException.class, () -> Store.open(directory.resolve("quire"), OPTIONS));
    StoreOptions existing = OPTIONS.withCreateIfMissing(false);
    assertThrows(NotAStoreException.class, () -> Store.open(directory.resolve("absent"), existing));
    assertFalse(Files.exists(directory.resolve("absent")));
  }

  @Test
  void open_environmentWithEntriesOfItsOwn_isRefused() throws IOException {
    Path place = Files.createDirectory(directory.resolve("plain"));
    try (var from = LmdbLifeTest.class.getResourceAsStream("/lmdb/plain.mdb")) {
      Files.copy(from, place.resolve("data.mdb"));
    }
    String message =
        assertThrows(NotAStoreException.class, () -> Store.open(place, OPTIONS)).getMessage();
    assertTrue(message.contains("migrate"), message);
  }

  @Test
  void open_databasesOfAnotherProgram_areTablesUnlessTheirOrderIsAnother() throws IOException {
    Path place = Files.createDirectory(directory.resolve("numbers"));
    try (var from = LmdbLifeTest.class.getResourceAsStream("/lmdb/numbers.mdb")) {
      Files.copy(from, place.resolve("data.mdb"));
    }
    try (Store store = Store.open(place, OPTIONS)) {
      assertEquals(List.of("narrow", "reversed", "wide"), store.tables());
      assertUnsupported("MDB_REVERSEKEY", () -> store.table("reversed").get(bytes("ab")));
      assertUnsupported("MDB_INTEGERKEY", () -> store.table("wide").put(1, bytes("v")));
      store.table("new").put(bytes("k"), bytes("v"));
    }
  }

  @Test
  void open_twiceInAProcess_isRefused() {
    try (Store store = open()) {
      assertThrows(StoreLockedException.class, this::open);
      assertTrue(store.isOpen());
    }
    open().close();
  }

  @Test
  void open_readOnly_readsAndRefusesToWrite() {
    try (Store store = open()) {
      store.table("t").put(bytes("k"), bytes("v"));
    }
    try (Store store = Store.open(directory.resolve("store"), OPTIONS.withReadOnly(true))) {
      assertTrue(store.table("t").contains(bytes("k")));
      assertThrows(IllegalStateException.class, () -> store.table("t").put(bytes("l"), bytes("v")));
    }
  }

  @Test
  void open_moreTablesThanHandles_hasThemAll() {
    try (Store store = open()) {
      store.write(
          txn -> {
            for (int i = 0; i < 1000; i++) {
              txn.table("table-" + i).put(bytes("k"), bytes("v"));
            }
          });
      assertThrows(
          StoreFullException.class,
          () ->
              store.write(
                  txn -> {
                    for (int i = 0; i < 100; i++) {
                      txn.table("more-" + i).put(bytes("k"), bytes("v"));
                    }
                  }));
    }
    try (Store store = open()) {
      for (int i = 0; i < 100; i++) {
        store.table("more-" + i).put(bytes("k"), bytes("v"));
      }
      assertEquals(1100, store.tables().size());
    }
  }

  @Test
  void features_thatLmdbHasNot_areRefusedWithTheReason() {
    assertUnsupported("memory", () -> Store.inMemory(OPTIONS));
    try (Store store = open();
        ReadTxn txn = store.beginRead()) {
      assertUnsupported("compare", () -> store.diff(txn, txn));
      assertUnsupported("watched", store::watch);
      assertUnsupported("watched", () -> store.watch(txn, ChangeScope.all()));
      assertUnsupported("locks", () -> store.lock("l"));
      assertUnsupported(
          "directory", () -> store.backup(Channels.newChannel(new ByteArrayOutputStream())));
      assertUnsupported("incremental", () -> store.backup(directory.resolve("i"), List.of()));
      assertUnsupported("shrink", () -> store.compact(100));
      Table table = store.table("t");
      assertUnsupported("511", () -> table.put(new byte[512], bytes("v")));
      assertUnsupported("511", () -> table.put(new byte[0], bytes("v")));
      assertUnsupported("zero", () -> store.table("a\0b"));
      TableOptions cache = TableOptions.defaults().withExpiry(Duration.ofSeconds(10));
      assertUnsupported("expiry", () -> store.table("c", cache));
      Expiry soon = Expiry.after(Duration.ofSeconds(1));
      assertUnsupported("expiry", () -> table.put(bytes("k"), bytes("v"), soon));
    }
  }

  @Test
  void backup_directory_isAStoreOfTheSame() {
    try (Store store = open()) {
      store.table("t").put(bytes("k"), bytes("v"));
      long id = store.backup(directory.resolve("backup"));
      assertEquals(store.stats().txnId(), id);
      assertThrows(NotAStoreException.class, () -> store.backup(directory.resolve("backup")));
      store.table("t").put(bytes("l"), bytes("w"));
    }
    try (Store backup = Store.open(directory.resolve("backup"), OPTIONS)) {
      assertEquals(1, backup.table("t").count());
    }
  }

  // -- the map ------------------------------------------------------------------------------------

  @Test
  void write_moreThanTheMap_isDoneAgainInALargerOne() {
    try (Store store = openSmall()) {
      List<Integer> attempts = new ArrayList<>();
      store.write(
          txn -> {
            attempts.add(attempts.size());
            fill(txn.table("t"), 5000);
          });
      assertTrue(attempts.size() > 2, attempts::toString);
      assertEquals(5000, store.table("t").count());
      store.table("t").put(bytes("large"), new byte[20_000_000]);
      assertTrue(store.check().isClean());
    }
  }

  @Test
  void beginWrite_moreThanTheMap_isToldAndTheNextOneHasRoom() {
    try (Store store = openSmall()) {
      try (WriteTxn txn = store.beginWrite()) {
        assertThrows(StoreFullException.class, () -> fill(txn.table("t"), 1500));
        assertThrows(StoreFullException.class, txn::commit);
      }
      assertEquals(0, store.table("t").count());
      try (WriteTxn txn = store.beginWrite()) {
        fill(txn.table("t"), 1000);
        txn.commit();
      }
      assertEquals(1000, store.table("t").count());
    }
  }

  @Test
  void write_mapIsFullUnderASnapshot_isToldAndGoesOnWithoutIt() {
    try (Store store = openSmall()) {
      store.table("t").put(bytes("k"), bytes("v"));
      try (ReadTxn snapshot = store.beginRead()) {
        MemorySegment view = snapshot.table("t").view(bytes("k"));
        assertThrows(
            StoreFullException.class,
            () ->
                store.write(
                    txn -> {
                      fill(txn.table("t"), 5000);
                    }));
        assertEquals('v', view.get(ValueLayout.JAVA_BYTE, 0));
      }
      store.write(
          txn -> {
            fill(txn.table("t"), 5000);
          });
      assertEquals(5001, store.table("t").count());
    }
  }

  @Test
  void view_afterTheMapWasReplaced_isRefused() {
    try (Store store = openSmall()) {
      store.table("t").put(bytes("k"), bytes("v"));
      ReadTxn snapshot = store.beginRead();
      MemorySegment view = snapshot.table("t").view(bytes("k"));
      snapshot.close();
      store.write(
          txn -> {
            fill(txn.table("t"), 5000);
          });
      assertThrows(IllegalStateException.class, () -> view.get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  @Test
  void view_inAWriteTransaction_endsWithTheNextChange() {
    try (Store store = open();
        WriteTxn txn = store.beginWrite()) {
      txn.table("t").put(bytes("k"), bytes("v"));
      MemorySegment view = txn.table("t").view(bytes("k"));
      assertEquals('v', view.get(ValueLayout.JAVA_BYTE, 0));
      txn.table("t").put(bytes("l"), bytes("w"));
      assertThrows(IllegalStateException.class, () -> view.get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  // -- closing ------------------------------------------------------------------------------------

  @Test
  void close_underReaders_endsThemWithAnException() throws Exception {
    for (int round = 0; round < 5; round++) {
      Store store = open();
      store.write(
          txn -> {
            fill(txn.table("t"), 100);
          });
      int threads = 4;
      CountDownLatch running = new CountDownLatch(threads);
      List<Future<Boolean>> readers = new ArrayList<>();
      try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
        for (int i = 0; i < threads; i++) {
          boolean inPlace = i % 2 == 0;
          readers.add(pool.submit(() -> readUntilClosed(store, inPlace, running)));
        }
        running.await();
        store.close();
        for (Future<Boolean> reader : readers) {
          assertTrue(reader.get());
        }
      }
    }
  }

  @Test
  void close_inTheMiddleOfACall_waitsForIt() throws Exception {
    LmdbStore store = new LmdbOpening(directory.resolve("store"), OPTIONS, SMALL_MAP_BYTES).open();
    store.table("t").put(bytes("k"), bytes("v"));
    LmdbReadTxn txn = store.beginRead();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
      Future<Long> entries =
          pool.submit(
              () ->
                  txn.call(
                      () -> {
                        inside.countDown();
                        awaitUninterruptibly(goOn);
                        return txn.find("t").dbi().stat(txn.current()).entries;
                      }));
      inside.await();
      Thread closer = Thread.ofPlatform().start(store::close);
      try {
        while (!txn.lock().hasQueuedThread(closer)) {
          assertTrue(closer.isAlive(), "closed in the middle of a call");
          Thread.onSpinWait();
        }
      } finally {
        goOn.countDown();
      }
      assertEquals(1, entries.get());
      closer.join();
    }
    assertThrows(IllegalStateException.class, txn::id);
    txn.close();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean readUntilClosed(Store store, boolean inPlace, CountDownLatch running) {
    long sum = 0;
    try (ReadTxn txn = store.beginRead()) {
      MemorySegment view = txn.table("t").view(7);
      running.countDown();
      while (true) {
        if (inPlace) {
          for (int i = 0; i < 1000; i++) {
            sum += view.get(ValueLayout.JAVA_BYTE, i);
          }
        } else {
          sum += store.table("t").get(8).length + txn.table("t").get(9).length;
        }
      }
    } catch (IllegalStateException e) {
      return sum >= 0;
    }
  }

  @Test
  void close_writeTransactionOfAnotherThread_isWaitedForAndThenRefused() throws Exception {
    Store store = open();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread writer =
        Thread.startVirtualThread(
            () -> {
              try (WriteTxn txn = store.beginWrite()) {
                txn.table("t").put(bytes("k"), bytes("v"));
                begun.countDown();
                end.await();
                txn.commit();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    begun.await();
    assertThrows(StoreLockedException.class, store::close);
    assertThrows(StoreLockedException.class, store::beginWrite);
    assertTrue(store.isOpen());
    end.countDown();
    writer.join();
    assertEquals(1, store.table("t").count());
    store.close();
  }

  @Test
  void close_ownWriteTransaction_isUndone() {
    Store store = open();
    WriteTxn txn = store.beginWrite();
    Savepoint savepoint = txn.savepoint();
    txn.table("t").put(bytes("k"), bytes("v"));
    store.close();
    assertFalse(txn.isOpen());
    savepoint.close();
    txn.close();
    try (Store again = open()) {
      assertEquals(List.of(), again.tables());
    }
  }

  // -- tables under snapshots ---------------------------------------------------------------------

  @Test
  void dropTable_underSnapshots_theyKeepItWhateverComesInItsPlace() {
    try (Store store = open()) {
      store.table("a").put(bytes("k"), bytes("old"));
      try (ReadTxn used = store.beginRead();
          ReadTxn unused = store.beginRead()) {
        assertTrue(used.table("a").contains(bytes("k")));
        assertTrue(store.dropTable("a"));
        store.table("b").put(bytes("k"), bytes("another"));
        store.table("a").put(bytes("l"), bytes("new"));
        for (ReadTxn txn : List.of(used, unused)) {
          assertEquals(List.of("a"), txn.tables());
          assertEquals("old", new String(txn.table("a").get(bytes("k")), UTF_8));
        }
      }
      assertFalse(store.table("a").contains(bytes("k")));
    }
  }

  @Test
  void dropTable_rolledBack_readersBesideItSeeIt() {
    try (Store store = open()) {
      store.table("a").put(bytes("k"), bytes("v"));
      try (WriteTxn txn = store.beginWrite()) {
        txn.dropTable("a");
        txn.table("b").put(bytes("k"), bytes("v"));
        assertEquals(1, store.table("a").count());
      }
      assertEquals(List.of("a"), store.tables());
      assertEquals(1, store.table("a").count());
      store.table("b").put(bytes("k"), bytes("v"));
      assertEquals(List.of("a", "b"), store.tables());
    }
  }
}

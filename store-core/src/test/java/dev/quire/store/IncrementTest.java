package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.CheckedStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a backup and the increments that build on it give back what one transaction left; an
/// increment is as large as the changes, and others than those in their order are refused.
///
/// Method: random changes to tables of both kinds, with long keys and long values, are noted. After
/// some of them an increment is made; the chain up to each is restored, checked and compared with
/// what was noted. Files are exchanged, left out, cut and damaged.
@Timeout(120)
class IncrementTest {

  private static final int KEYS = 3_000;

  /// Pages that one entry may change, its own runs not counted: a way down in two trees, and
  /// splits.
  private static final int PAGES_OF_AN_EDIT = 10;

  private static final int MOST_BYTES_OF_AN_EDIT = 60_000;

  @TempDir private Path directory;
  private final Random random = new Random(Campaign.seed());

  private Path path(String name) {
    return directory.resolve(name);
  }

  private void assertRestores(List<Path> backups, BackupModel model) {
    Path restored = path("restored");
    Store.restore(backups, restored);
    try (Store store = Store.open(restored)) {
      CheckedStore.assertClean(store);
      model.requireEqual(store);
      store.table("bytes").put(new byte[] {1}, new byte[10]);
      CheckedStore.assertClean(store);
    }
    remove(restored);
  }

  private static void remove(Path store) {
    for (String name : new String[] {"data", "lock"}) {
      assertTrue(store.resolve(name).toFile().delete());
    }
    assertTrue(store.toFile().delete());
  }

  @Test
  void increments_ofRandomChanges_restoreEachState() throws IOException {
    for (int pageSize : new int[] {4096, 16384}) {
      BackupModel model = new BackupModel();
      List<Path> backups = new ArrayList<>();
      StoreOptions options = StoreOptions.defaults().withPageSizeBytes(pageSize);
      try (Store store = Store.open(path("source" + pageSize), options)) {
        for (int i = 0; i < 30; i++) {
          model.change(store, random, KEYS, 200);
        }
        backups.add(path("base" + pageSize));
        store.backup(backups.getFirst());
        for (int i = 1; i <= 6; i++) {
          int edits = random.nextInt(30) + 1;
          int transactions = random.nextInt(4);
          for (int j = 0; j < transactions; j++) {
            model.change(store, random, KEYS, edits);
          }
          if (i == 3) {
            store.checkpoint();
          }
          Path increment = path("increment" + pageSize + "-" + i);
          assertEquals(store.stats().txnId(), store.backup(increment, backups));
          backups.add(increment);
          long most = (long) edits * transactions;
          assertTrue(
              Files.size(increment)
                  <= most * ((long) PAGES_OF_AN_EDIT * pageSize + MOST_BYTES_OF_AN_EDIT) + pageSize,
              () -> most + " edits, seed " + Campaign.seed());
          assertRestores(backups, model);
        }
      }
      assertRestores(backups.subList(0, 1), model.upTo(firstTxnId(backups)));
      assertRestores(backups, model);
    }
  }

  private static long firstTxnId(List<Path> backups) {
    try (Store base = Store.open(backups.getFirst(), readOnly())) {
      return base.stats().txnId();
    }
  }

  private static StoreOptions readOnly() {
    return StoreOptions.defaults().withReadOnly(true);
  }

  @Test
  void increment_ofOneEntryAmongMany_isAFewPages() throws IOException {
    try (Store store = Store.open(path("source"))) {
      fill(store, "t", 50_000);
      fill(store, "other", 1_000);
      store.backup(path("base"));
      store.table("t").put(25_000L, new byte[] {1});
      store.backup(path("one"), List.of(path("base")));
      long pages = Files.size(path("one")) / 4096;
      assertTrue(pages <= 6, pages + " pages");
      store.backup(path("none"), List.of(path("base"), path("one")));
      assertEquals(4096, Files.size(path("none")));
    }
    Store.restore(List.of(path("base"), path("one"), path("none")), path("restored"));
    try (Store store = Store.open(path("restored"))) {
      CheckedStore.assertClean(store);
      assertEquals(50_000, store.table("t").count());
      assertArrayEquals(new byte[] {1}, store.table("t").get(25_000L));
    }
  }

  private static void fill(Store store, String table, int entries) {
    store.write(
        txn -> {
          Table filled = txn.table(table, TableOptions.defaults().withIntegerKeys(true));
          for (long i = 0; i < entries; i++) {
            filled.put(i, new byte[40]);
          }
        });
  }

  @Test
  void increments_ofTreesThatGrowAndShrink_areRight() {
    List<Path> backups = new ArrayList<>();
    try (Store store = Store.open(path("source"))) {
      step(store, backups, 0, "empty");
      fill(store, "t", 10);
      step(store, backups, 10, "leaf");
      fill(store, "t", 30_000);
      store.table("long").put(new byte[50_000], new byte[100_000]);
      step(store, backups, 30_000, "branches");
      store.table("t").deleteRange(KeyRange.between(Keys.ofLong(5), Keys.ofLong(29_990)));
      step(store, backups, 15, "leaf again");
      store.table("long").put(new byte[50_000], new byte[1]);
      store.table("t").clear();
      step(store, backups, 0, "nothing");
      store.dropTable("t");
      fill(store, "t", 2_000);
      step(store, backups, 2_000, "another table");
      store.dropTable("t");
      store.dropTable("long");
      step(store, backups, 0, "no table");
    }
  }

  private void step(Store store, List<Path> backups, long entries, String name) {
    Path target = path(name);
    if (backups.isEmpty()) {
      store.backup(target);
    } else {
      store.backup(target, backups);
    }
    backups.add(target);
    Store.restore(backups, path("restored"));
    try (Store restored = Store.open(path("restored"))) {
      CheckedStore.assertClean(restored);
      assertEquals(entries, restored.table("t").count(), name);
      assertEquals(store.tables(), restored.tables());
    }
    remove(path("restored"));
  }

  /// Both go on from one backup, with the same changes but for the values.
  @Test
  void increment_ofAStoreThatWasRestored_isItsOwn() {
    List<Path> base = List.of(path("base"));
    try (Store store = Store.open(path("source"))) {
      fill(store, "t", 10_000);
      store.backup(path("base"));
    }
    for (byte i = 1; i <= 2; i++) {
      Path restored = path("restored" + i);
      Store.restore(base, restored);
      try (Store store = Store.open(restored)) {
        store.table("t").put(77L, new byte[] {i});
        store.backup(path("increment" + i), base);
      }
    }
    try (Store store = Store.open(path("restored2"))) {
      store.backup(path("mixed"), List.of(path("base"), path("increment1")));
    }
    Store.restore(List.of(path("base"), path("increment1"), path("mixed")), path("restored"));
    try (Store store = Store.open(path("restored"))) {
      CheckedStore.assertClean(store);
      assertArrayEquals(new byte[] {2}, store.table("t").get(77L));
    }
  }

  @Test
  void increment_afterARestart_isAsSmall() throws IOException {
    try (Store store = Store.open(path("source"))) {
      fill(store, "t", 20_000);
    }
    try (Store store = Store.open(path("source"))) {
      store.backup(path("base"));
    }
    try (Store store = Store.open(path("source"))) {
      store.table("t").put(3L, new byte[1]);
    }
    try (Store store = Store.open(path("source"))) {
      store.backup(path("increment"), List.of(path("base")));
    }
    assertTrue(Files.size(path("increment")) <= 6 * 4096);
  }

  /// A base, two increments on it, and those of another store.
  private void makeChain() {
    try (Store store = Store.open(path("source"))) {
      fill(store, "t", 1_000);
      store.backup(path("base"));
      store.table("t").put(1L, new byte[1]);
      store.backup(path("one"), List.of(path("base")));
      store.table("t").put(2L, new byte[1]);
      store.backup(path("two"), List.of(path("base"), path("one")));
      store.backup(path("branch"), List.of(path("base")));
    }
    try (Store store = Store.open(path("foreign"))) {
      fill(store, "t", 1_000);
      store.backup(path("foreign base"));
      store.table("t").put(1L, new byte[1]);
      store.backup(path("foreign one"), List.of(path("foreign base")));
    }
  }

  private void assertRefused(Class<? extends Exception> how, String... names) {
    List<Path> backups = new ArrayList<>();
    for (String name : names) {
      backups.add(path(name));
    }
    Path target = path("refused");
    assertThrows(how, () -> Store.restore(backups, target), () -> String.join(", ", names));
    assertFalse(Files.exists(target.resolve("data")));
    try (Store store = Store.open(path("source"), readOnly())) {
      Path increment = path("refused increment");
      assertThrows(how, () -> store.backup(increment, backups), () -> String.join(", ", names));
      assertFalse(Files.exists(increment));
    }
  }

  @Test
  void chain_notInOrder_isRefused() throws IOException {
    makeChain();
    Store.restore(List.of(path("base"), path("one"), path("two")), path("restored"));
    Class<IllegalArgumentException> misuse = IllegalArgumentException.class;
    assertRefused(misuse);
    assertRefused(misuse, "base", "two");
    assertRefused(misuse, "base", "two", "one");
    assertRefused(misuse, "base", "one", "one");
    assertRefused(misuse, "base", "branch", "two");
    assertRefused(misuse, "base", "foreign one");
    assertRefused(NotAStoreException.class, "one", "two");
    assertRefused(NotAStoreException.class, "base", "base");
    assertRefused(NotAStoreException.class, "base", "missing");
    Files.write(path("text"), new byte[10_000]);
    assertRefused(NotAStoreException.class, "base", "text");
    try (Store store = Store.open(path("foreign"))) {
      assertThrows(misuse, () -> store.backup(path("x"), List.of(path("base"))));
    }
    try (Store store = Store.open(path("source"))) {
      assertThrows(StoreIoException.class, () -> store.backup(path("one"), List.of(path("base"))));
    }
  }

  @Test
  void chain_onABackupThatWasWrittenTo_isRefused() {
    makeChain();
    try (Store store = Store.open(path("base"))) {
      store.table("t").put(1L, new byte[1]);
    }
    assertRefused(IllegalArgumentException.class, "base", "one");
  }

  @Test
  void chain_damaged_isRefused() throws IOException {
    makeChain();
    long size = Files.size(path("one"));
    byte[] whole = Files.readAllBytes(path("one"));
    for (long at = 12; at < size; at += at < 200 ? 13 : 500) {
      flip(path("one"), at);
      try {
        Store.restore(List.of(path("base"), path("one")), path("restored"));
        // Bytes that no page uses may have any value.
        try (Store store = Store.open(path("restored"))) {
          CheckedStore.assertClean(store);
          assertArrayEquals(new byte[1], store.table("t").get(1L));
        }
        remove(path("restored"));
        assertTrue(at > 192, "byte " + at);
      } catch (CorruptPageException e) {
        assertFalse(Files.exists(path("restored").resolve("data")));
      }
      Files.write(path("one"), whole);
    }
    try (RandomAccessFile file = new RandomAccessFile(path("one").toFile(), "rw")) {
      file.setLength(size - 4096);
    }
    assertRefused(StoreTruncatedException.class, "base", "one");
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile data = new RandomAccessFile(file.toFile(), "rw")) {
      data.seek(at);
      int old = data.read();
      data.seek(at);
      data.write(old ^ 0x10);
    }
  }

  @Test
  void increment_ofAStoreOpenedToRead_isRestored() {
    try (Store store = Store.open(path("source"))) {
      fill(store, "t", 1_000);
    }
    try (Store store = Store.open(path("source"), readOnly())) {
      store.backup(path("base"));
    }
    try (Store store = Store.open(path("source"))) {
      store.table("t").put(5L, new byte[7]);
    }
    try (Store store = Store.open(path("source"), readOnly())) {
      store.backup(path("one"), List.of(path("base")));
    }
    Store.restore(List.of(path("base"), path("one")), path("restored"));
    try (Store store = Store.open(path("restored"))) {
      CheckedStore.assertClean(store);
      assertArrayEquals(new byte[7], store.table("t").get(5L));
    }
  }

  @Test
  void increment_ofAStoreInMemory_isRestored() {
    try (Store store = Store.inMemory()) {
      fill(store, "t", 1_000);
      store.backup(path("base"));
      store.table("t").put(5L, new byte[60_000]);
      store.backup(path("one"), List.of(path("base")));
    }
    Store.restore(List.of(path("base"), path("one")), path("restored"));
    try (Store store = Store.open(path("restored"))) {
      CheckedStore.assertClean(store);
      assertArrayEquals(new byte[60_000], store.table("t").get(5L));
    }
  }

  /// An increment on what the store is now could be restored by nobody once it is written to.
  @Test
  void increment_onTheStoreItself_isRefused() throws IOException {
    Path link = Files.createSymbolicLink(path("link"), path("source"));
    try (Store store = Store.open(path("source"))) {
      fill(store, "t", 10);
      for (Path self : List.of(path("source"), link)) {
        IllegalArgumentException e =
            assertThrows(
                IllegalArgumentException.class,
                () -> store.backup(path("increment"), List.of(self)));
        assertTrue(String.valueOf(e.getMessage()).contains("is the store itself"), e::toString);
      }
    }
    assertFalse(Files.exists(path("increment")));
  }

  @Test
  void increment_underANameOfAStore_isRefused() {
    try (Store store = Store.open(path("source"))) {
      fill(store, "t", 10);
      store.backup(path("base"));
      for (String name : List.of("data.new", "shm", "data", "lock")) {
        Path target = path("base").resolve(name);
        assertThrows(
            StoreIoException.class, () -> store.backup(target, List.of(path("base"))), name);
      }
      store.backup(path("shm"), List.of(path("base")));
      fill(store, "t", 20);
      store.backup(path("base").resolve("later"), List.of(path("base")));
    }
    Store.restore(List.of(path("base"), path("base").resolve("later")), path("restored"));
    try (Store store = Store.open(path("restored"))) {
      assertEquals(20, store.table("t").count());
    }
  }
}

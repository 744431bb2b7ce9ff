package dev.quire.store.lmdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Cursor;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.lmdb.LmdbMigration.Choices;
import dev.quire.store.options.Expiry;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Copies of environments that LMDB's own library and tools have made, and back.
///
/// They are in the test resources; `quire compat` names a directory of fresh ones in
/// `quire.lmdb.environments`.
class LmdbMigrationTest {

  private static final TableOptions INTEGERS = TableOptions.defaults().withIntegerKeys(true);

  @TempDir private Path directory;
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Long> seen = new TreeMap<>();

  private final LmdbMigration.Progress progress =
      new LmdbMigration.Progress() {
        @Override
        public void copied(String table, long copied, long all) {
          assertTrue(copied <= all);
          seen.put(table, copied);
        }

        @Override
        public void note(String text) {
          notes.add(text);
        }
      };

  /// LMDB writes a lock file beside what it opens.
  @BeforeEach
  void copyEnvironments() throws IOException, URISyntaxException {
    String fresh = System.getProperty("quire.lmdb.environments");
    Path from =
        fresh != null && !fresh.isEmpty()
            ? Path.of(fresh)
            : Path.of(LmdbMigrationTest.class.getResource("/lmdb").toURI());
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path unused = Files.copy(file, directory.resolve("from").resolve(from.relativize(file)));
      }
    }
  }

  private Path from(String name) {
    return directory.resolve("from").resolve(name);
  }

  private Path to() {
    return directory.resolve("to");
  }

  private Map<String, Long> migrate(String name, Choices choices) {
    return LmdbMigration.fromLmdb(from(name), to(), choices, progress);
  }

  private static List<String> entries(Table table) {
    List<String> found = new ArrayList<>();
    try (Cursor cursor = table.cursor()) {
      while (cursor.next()) {
        found.add(text(cursor.key()) + "=" + text(cursor.valueBytes()));
      }
    }
    return found;
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private void assertNothingMade() throws IOException {
    assertFalse(Files.exists(to()));
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(directory.resolve("from")), left.toList());
    }
  }

  // -- from LMDB ----------------------------------------------------------------------------------

  @Test
  void fromLmdb_singleFile_everyDatabaseIsATable() {
    Map<String, Long> copied = migrate("plain.mdb", Choices.defaults());
    assertEquals(Map.of("users", 3L, "empty", 0L, "many", 1000L, "large", 1L, "main", 2L), copied);
    assertEquals(1000L, seen.get("many"));
    assertEquals(List.of(), notes);
    try (Store store = Store.open(to())) {
      assertEquals(List.of("empty", "large", "main", "many", "users"), store.tables());
      assertEquals("Ada Lovelace", text(store.table("users").get(bytes("ada"))));
      assertEquals("last", text(store.table("users").get(new byte[] {(byte) 0xFF})));
      assertEquals("value 321", text(store.table("many").get(bytes("key-0321"))));
      assertEquals("hello", text(store.table("main").get(bytes("greeting"))));
      assertEquals(48, store.table("main").valueLength(bytes("trap")));
      byte[] photo = store.table("large").get(bytes("photo"));
      byte[] expected = new byte[10_000];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = (byte) (i % 251);
      }
      assertArrayEquals(expected, photo);
      assertTrue(store.check().isClean());
    }
  }

  @Test
  void fromLmdb_madeByMdbLoad_isRead() {
    assertEquals(Map.of("colours", 3L), migrate("loaded", Choices.defaults()));
    try (Store store = Store.open(to())) {
      assertEquals(List.of("blue=#00f", "green=#0f0", "red=#f00"), entries(store.table("colours")));
    }
  }

  @Test
  void fromLmdb_nativeNumbers_becomeNumbersInOrder() {
    Choices choices = Choices.defaults();
    assertEquals(
        Map.of("wide", 100L, "narrow", 100L, "reversed", 3L), migrate("numbers.mdb", choices));
    assertEquals(3, notes.size(), notes::toString);
    try (Store store = Store.open(to())) {
      for (Map.Entry<String, Integer> each : Map.of("wide", 1000, "narrow", 3).entrySet()) {
        Table table = store.table(each.getKey(), INTEGERS);
        long next = 0;
        try (Cursor cursor = table.cursor()) {
          while (cursor.next()) {
            assertEquals(next * each.getValue(), cursor.longKey());
            assertEquals(Long.toString(next), text(cursor.valueBytes()));
            next++;
          }
        }
        assertEquals(100, next);
      }
      assertEquals(List.of("ab=2", "mc=3", "za=1"), entries(store.table("reversed")));
    }
  }

  @Test
  void fromLmdb_duplicates_areRefusedUnlessChosen() throws IOException {
    String message =
        assertThrows(
                UnsupportedOperationException.class,
                () -> migrate("duplicates.mdb", Choices.defaults()))
            .getMessage();
    assertTrue(message.contains("tags") && message.contains("--flatten-duplicates"), message);
    assertNothingMade();
    assertEquals(Map.of("tags", 4L), migrate("duplicates.mdb", new Choices(true, null, false)));
    try (Store store = Store.open(to())) {
      List<String> values = new ArrayList<>();
      try (Cursor cursor = store.table("tags").cursor()) {
        while (cursor.next()) {
          ByteBuffer key = ByteBuffer.wrap(cursor.key());
          byte[] name = new byte[3];
          key.get(name);
          values.add(text(name) + key.getInt() + "=" + text(cursor.valueBytes()));
        }
      }
      assertEquals(List.of("ada0=analyst", "ada1=countess", "ada2=poet", "bob0=builder"), values);
    }
  }

  @Test
  void fromLmdb_unnamedEntriesAndATableOfTheirName_areRefused() throws IOException {
    assertThrows(
        UnsupportedOperationException.class,
        () -> migrate("plain.mdb", new Choices(false, "users", false)));
    assertNothingMade();
    assertEquals(2L, migrate("plain.mdb", new Choices(false, "other", false)).get("other"));
  }

  @Test
  void fromLmdb_existingTarget_isRefusedAndKept() throws IOException {
    Path kept = Files.writeString(to(), "kept");
    assertThrows(StoreIoException.class, () -> migrate("plain.mdb", Choices.defaults()));
    assertEquals("kept", Files.readString(kept));
  }

  @Test
  void fromLmdb_foreignFile_isRefused() throws IOException {
    Path foreign = Files.write(directory.resolve("from/foreign"), new byte[8192]);
    assertFalse(LmdbMigration.isLmdb(foreign));
    assertThrows(NotAStoreException.class, () -> migrate("foreign", Choices.defaults()));
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(1, left.count());
    }
  }

  // -- to LMDB and back ---------------------------------------------------------------------------

  private void makeStore(Path path) {
    try (Store store = Store.open(path)) {
      store.write(
          txn -> {
            for (long i = 0; i < 25_000; i++) {
              txn.table("numbers", INTEGERS).put(i * 3, bytes("number " + i));
            }
            txn.table("text").put(bytes("k"), bytes("v"));
            txn.table("text").put(new byte[511], new byte[100_000]);
            txn.table("empty", TableOptions.defaults());
          });
    }
  }

  @Test
  void toLmdb_andBack_isTheSame() {
    Path store = directory.resolve("store");
    makeStore(store);
    Map<String, Long> there = LmdbMigration.toLmdb(store, to(), Choices.defaults(), progress);
    assertEquals(Map.of("numbers", 25_000L, "text", 2L, "empty", 0L), there);
    try (Store lmdb = Store.open(to(), StoreOptions.defaults().withBackend("lmdb"))) {
      assertEquals("number 7", text(lmdb.table("numbers", INTEGERS).get(21)));
    }
    Path back = directory.resolve("back");
    assertEquals(there, LmdbMigration.fromLmdb(to(), back, Choices.defaults(), progress));
    try (Store first = Store.open(store);
        Store second = Store.open(back)) {
      assertEquals(first.tables(), second.tables());
      for (String name : first.tables()) {
        assertEquals(first.table(name).stats().options(), second.table(name).stats().options());
        assertEquals(entries(first.table(name)), entries(second.table(name)));
      }
    }
  }

  @Test
  void toLmdb_singleFileAndUnnamed_isWhatWasAskedFor() {
    Path store = directory.resolve("store");
    makeStore(store);
    Choices choices = new Choices(false, "text", true);
    assertEquals(2L, LmdbMigration.toLmdb(store, to(), choices, progress).get("text"));
    assertTrue(Files.isRegularFile(to()));
    Path back = directory.resolve("back");
    assertEquals(2L, LmdbMigration.fromLmdb(to(), back, choices, progress).get("text"));
    try (Store again = Store.open(back)) {
      assertEquals("v", text(again.table("text").get(bytes("k"))));
    }
  }

  @Test
  void toLmdb_keyThatLmdbCannotHold_isRefused() throws IOException {
    for (int length : new int[] {0, 512}) {
      Path store = directory.resolve("store" + length);
      try (Store made = Store.open(store)) {
        made.table("t").put(new byte[length], bytes("v"));
      }
      String message =
          assertThrows(
                  UnsupportedOperationException.class,
                  () -> LmdbMigration.toLmdb(store, to(), Choices.defaults(), progress))
              .getMessage();
      assertTrue(message.contains("\"t\"") && message.contains(length + " bytes"), message);
      assertFalse(Files.exists(to()));
    }
  }

  @Test
  void toLmdb_entryThatExpires_isRefused() {
    Path store = directory.resolve("store");
    try (Store made = Store.open(store)) {
      made.table("t").put(bytes("k"), bytes("v"), Expiry.after(Duration.ofDays(1)));
    }
    String message =
        assertThrows(
                UnsupportedOperationException.class,
                () -> LmdbMigration.toLmdb(store, to(), Choices.defaults(), progress))
            .getMessage();
    assertTrue(message.contains("\"t\"") && message.contains("expire"), message);
    assertFalse(Files.exists(to()));
  }

  @Test
  void toLmdb_tableForTheUnnamedDatabaseIsMissing_isRefused() {
    Path store = directory.resolve("store");
    makeStore(store);
    Choices choices = new Choices(false, "absent", false);
    assertThrows(
        IllegalArgumentException.class, () -> LmdbMigration.toLmdb(store, to(), choices, progress));
  }
}

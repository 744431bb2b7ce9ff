package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.CheckedStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A backup and an increment on it, written by an earlier build, are restored to what they held.
///
/// After a deliberate change of a format that nobody has used yet, `main` writes the files anew,
/// with `src/test/resources/dev/quire/store` as argument.
class GoldenIncrementTest {

  private static final String BASE = "golden-increment-1-base.gz";
  private static final String INCREMENT = "golden-increment-1.gz";

  @TempDir private Path directory;

  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[0]);
    Path work = Files.createTempDirectory("quire-golden-");
    Path base = work.resolve("base");
    Path increment = work.resolve("increment");
    StoreOptions options =
        StoreOptions.defaults().withRingSizeBytes(StoreOptions.MIN_RING_SIZE_BYTES);
    try (Store store = Store.open(work.resolve("store"), options)) {
      fill(store);
      store.backup(base);
      change(store);
      store.backup(increment, List.of(base));
    }
    pack(base.resolve("data"), target.resolve(BASE));
    pack(increment, target.resolve(INCREMENT));
  }

  private static void pack(Path file, Path packed) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(file, out);
    }
  }

  private static void unpack(String resource, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    try (InputStream packed = GoldenIncrementTest.class.getResourceAsStream(resource)) {
      if (packed == null) {
        throw new IOException("no " + resource);
      }
      Files.copy(new GZIPInputStream(packed), file);
    }
  }

  private static void fill(Store store) {
    store.table("numbers", TableOptions.defaults().withIntegerKeys(true));
    store.write(
        txn -> {
          for (int i = 0; i < 300; i++) {
            txn.table("words").put(key(i), value(i, 30));
            txn.table("numbers").put(i, value(i, 8));
          }
          txn.table("words").put(key(1_000), value(1_000, 20_000));
          txn.table("words").put(key(1_001), value(1_001, 9_000));
          txn.table("words").put(new byte[3_000], value(7, 10));
        });
  }

  /// Some entries change, a long value goes, another comes; one table goes, another comes.
  private static void change(Store store) {
    store.write(
        txn -> {
          txn.table("words").put(key(150), value(151, 33));
          txn.table("words").delete(key(20));
          txn.table("words").delete(key(1_001));
          txn.table("words").put(key(1_002), value(1_002, 12_000));
          txn.table("new").put(key(1), value(1, 5));
        });
    store.dropTable("numbers");
  }

  private static byte[] key(int number) {
    return ("key " + (10_000 + number)).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] value(int seed, int length) {
    byte[] value = new byte[length];
    new SplittableRandom(seed).nextBytes(value);
    return value;
  }

  @Test
  void restore_filesOfVersion1_holdWhatTheyHeld() throws IOException {
    Path base = directory.resolve("base");
    Path increment = directory.resolve("increment");
    unpack(BASE, base.resolve("data"));
    unpack(INCREMENT, increment);
    Path restored = directory.resolve("restored");
    Store.restore(List.of(base, increment), restored);
    try (Store found = Store.open(restored);
        Store expected = Store.inMemory()) {
      CheckedStore.assertClean(found);
      fill(expected);
      change(expected);
      assertEquals(expected.tables(), found.tables());
      for (String table : expected.tables()) {
        requireEqual(expected.table(table), found.table(table));
      }
    }
  }

  private static void requireEqual(Table expected, Table found) {
    try (Cursor right = expected.cursor();
        Cursor cursor = found.cursor()) {
      while (right.next()) {
        assertTrue(cursor.next());
        assertArrayEquals(right.key(), cursor.key());
        assertArrayEquals(right.valueBytes(), cursor.valueBytes());
      }
      assertFalse(cursor.next());
    }
  }
}

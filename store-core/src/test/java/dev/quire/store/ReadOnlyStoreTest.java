package dev.quire.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ChildJvm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store that is opened read-only: nothing in its directory changes, whatever its state.
class ReadOnlyStoreTest {

  private static final StoreOptions READ_ONLY = StoreOptions.defaults().withReadOnly(true);

  @TempDir private Path directory;

  private Path path;

  @BeforeEach
  void fill() {
    path = directory.resolve("store");
    try (Store store = Store.open(path)) {
      for (int i = 0; i < 50; i++) {
        store.table("t").put(i, ("value " + i).getBytes(UTF_8));
      }
    }
  }

  private record Seen(byte[] bytes, long modifiedMillis) {}

  private static Map<String, Seen> look(Path directory) throws IOException {
    Map<String, Seen> seen = new TreeMap<>();
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        seen.put(
            file.getFileName().toString(),
            new Seen(Files.readAllBytes(file), Files.getLastModifiedTime(file).toMillis()));
      }
    }
    return seen;
  }

  private static void assertUnchanged(Map<String, Seen> before, Path directory) throws IOException {
    Map<String, Seen> after = look(directory);
    assertEquals(before.keySet(), after.keySet());
    for (Map.Entry<String, Seen> file : before.entrySet()) {
      Seen now = Objects.requireNonNull(after.get(file.getKey()));
      assertArrayEquals(file.getValue().bytes, now.bytes, file.getKey());
      assertEquals(file.getValue().modifiedMillis, now.modifiedMillis, file.getKey());
    }
  }

  /// What a process that died with five more transactions leaves: with or without `shm`.
  private void leaveUnclosed(boolean withShared) throws IOException {
    Path copy = directory.resolve("copy");
    Files.createDirectory(copy);
    try (Store store = Store.open(path)) {
      for (int i = 50; i < 55; i++) {
        store.table("t").put(i, new byte[3]);
      }
      Files.copy(path.resolve("data"), copy.resolve("data"));
      if (withShared) {
        Files.copy(path.resolve("shm"), copy.resolve("shm"));
        // Not a copy: to open and close the lock file here would drop its locks.
        Files.createFile(copy.resolve("lock"));
      }
    }
    path = copy;
  }

  private void assertReads(long entries, boolean behind) throws IOException {
    Map<String, Seen> before = look(path);
    try (Store store = Store.open(path, READ_ONLY)) {
      assertEquals(behind, store.stats().behind());
      assertEquals(entries, store.table("t").count());
      assertEquals("value 7", new String(Objects.requireNonNull(store.table("t").get(7)), UTF_8));
      assertTrue(store.check().isClean());
      store.checkpoint();
      assertThrows(IllegalStateException.class, store::beginWrite);
      assertThrows(IllegalStateException.class, () -> store.table("t").put(1, new byte[1]));
      assertUnchanged(before, path);
    }
    assertUnchanged(before, path);
  }

  @Test
  void open_closedStore_readsAndChangesNothing() throws IOException {
    assertReads(50, false);
    Files.delete(path.resolve("lock"));
    assertReads(50, false);
  }

  @Test
  void open_storeThatWasNotClosed_readsTheLastCheckpointAndSaysSo() throws IOException {
    leaveUnclosed(false);
    assertReads(50, true);
    try (Store store = Store.open(path)) {
      assertFalse(store.stats().behind());
      assertEquals(55, store.table("t").count());
    }
  }

  @Test
  void open_diedWithSharedMemory_readsTheLastCheckpointAndSaysSo() throws IOException {
    leaveUnclosed(true);
    assertReads(50, true);
  }

  @Test
  void open_directoryThatMayNotBeWritten_reads() throws IOException {
    Files.setPosixFilePermissions(
        path.resolve("data"), PosixFilePermissions.fromString("r--r--r--"));
    Files.setPosixFilePermissions(
        path.resolve("lock"), PosixFilePermissions.fromString("r--r--r--"));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assertReads(50, false);
    } finally {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void open_missing_isRefusedAndMakesNothing() throws IOException {
    Path missing = directory.resolve("missing");
    assertThrows(NotAStoreException.class, () -> Store.open(missing, READ_ONLY));
    assertFalse(Files.exists(missing));
    Path file = Files.writeString(directory.resolve("file"), "text");
    assertThrows(NotAStoreException.class, () -> Store.open(file, READ_ONLY));
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThrows(NotAStoreException.class, () -> Store.open(empty, READ_ONLY));
    assertEquals(0, look(empty).size());
  }

  @Test
  void open_cutOrForeignData_isRefusedAndLeftAlone() throws IOException {
    try (RandomAccessFile data = new RandomAccessFile(path.resolve("data").toFile(), "rw")) {
      data.setLength(data.length() - 4096);
    }
    assertThrows(StoreTruncatedException.class, () -> Store.open(path, READ_ONLY));
    Files.write(path.resolve("data"), new byte[1 << 20]);
    Map<String, Seen> before = look(path);
    assertThrows(StoreException.class, () -> Store.open(path, READ_ONLY));
    assertUnchanged(before, path);
  }

  @Test
  void open_besideAWriterInTheProcess_isRefused() {
    try (Store store = Store.open(path)) {
      assertThrows(StoreLockedException.class, () -> Store.open(path, READ_ONLY));
      assertTrue(store.isOpen());
    }
  }

  @Test
  void open_besideAReaderInAnotherProcess_readsAndDoesNotWrite() {
    try (ChildJvm reader = StoreUser.start(path, "read")) {
      assertEquals("50", reader.ask("count"));
      try (Store store = Store.open(path, READ_ONLY)) {
        assertEquals(50, store.table("t").count());
      }
      StoreLockedException e = assertThrows(StoreLockedException.class, () -> Store.open(path));
      assertTrue(String.valueOf(e.getMessage()).contains("only reads"), e.getMessage());
      assertEquals("50", reader.ask("count"));
    }
  }
}

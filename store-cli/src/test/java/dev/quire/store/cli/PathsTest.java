package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the STORE argument may name, and what is said if it names something else.
class PathsTest {

  @TempDir private Path directory;

  /// Commands that look and one that writes: each fails so, and says these words.
  private static void assertRefused(Path store, String... words) {
    quire("get", store, "t", "k").assertFails(ExitCode.UNAVAILABLE, words);
    quire("check", store).assertFails(ExitCode.UNAVAILABLE, words);
    quire("put", store, "t", "k", "v").assertFails(ExitCode.UNAVAILABLE, words);
  }

  private Path makeStore() {
    Path store = directory.resolve("my.quire");
    assertEquals(ExitCode.OK, quire("put", store, "t", "k", "v").exitCode());
    return store;
  }

  @Test
  void store_empty_isMisused() {
    quire("get", "", "t", "k").assertFails(ExitCode.USAGE, "STORE is empty", "shm:NAME");
    quire("put", "", "t", "k", "v").assertFails(ExitCode.USAGE, "STORE is empty");
    quire("check", "").assertFails(ExitCode.USAGE, "STORE is empty");
  }

  @Test
  void store_file_isRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "text");
    assertRefused(file, file.toString(), "is a file; a store is a directory");
    assertEquals("text", Files.readString(file));
  }

  @Test
  void store_belowAFile_isRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "text");
    Path below = file.resolve("my.quire");
    quire("get", below, "t", "k").assertFails(ExitCode.UNAVAILABLE, below.toString());
    quire("put", below, "t", "k", "v")
        .assertFails(ExitCode.UNAVAILABLE, file + " is a file", below + " would lie below it");
    assertEquals("text", Files.readString(file));
  }

  @Test
  void store_parentMissing_isMadeByPutAlone() {
    Path store = directory.resolve("a").resolve("b");
    quire("get", store, "t", "k")
        .assertFails(ExitCode.UNAVAILABLE, "there is no store at " + store, "quire put");
    assertFalse(Files.exists(store.getParent()));
    assertEquals(ExitCode.OK, quire("put", store, "t", "k", "v").exitCode());
    quire("get", store, "t", "k").assertPrints("v\n");
  }

  @Test
  void store_directoryWithoutData_isNoStoreToRead() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    quire("get", empty, "t", "k")
        .assertFails(ExitCode.UNAVAILABLE, "there is no store at " + empty, "no file data");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "lock", "shm", "data.new"})
  void store_directoryInPlaceOfAFile_isRefusedAndLeftAlone(String name) throws IOException {
    Path store = makeStore();
    Path file = store.resolve(name);
    Files.deleteIfExists(file);
    Path inside = Files.createDirectories(file.resolve("inside"));
    assertRefused(store, file.toString(), "a directory", "a store has a file of that name");
    assertTrue(Files.exists(inside));
  }

  @Test
  void store_dataEmpty_isRefused() throws IOException {
    Path store = makeStore();
    Files.write(store.resolve("data"), new byte[0]);
    assertRefused(store, store.resolve("data").toString(), "is empty", "restore a backup");
    assertEquals(0, Files.size(store.resolve("data")));
  }

  @Test
  void store_dataIsSomethingElse_isRefused() throws IOException {
    Path store = makeStore();
    Files.write(store.resolve("data"), new byte[1 << 20]);
    assertRefused(store, store.resolve("data").toString(), "has no superblock", "restore a backup");
  }

  @Test
  void store_dataCut_isDamagedAndNamed() throws IOException {
    Path store = makeStore();
    byte[] data = Files.readAllBytes(store.resolve("data"));
    Files.write(store.resolve("data"), Arrays.copyOf(data, data.length - 4096));
    quire("get", store, "t", "k")
        .assertFails(ExitCode.DAMAGED, store.resolve("data").toString(), "something cut it");
    quire("put", store, "t", "k", "v").assertFails(ExitCode.DAMAGED, "something cut it");
  }

  @Test
  void store_superblocksDamaged_isDamagedAndNamed() throws IOException {
    Path store = makeStore();
    byte[] data = Files.readAllBytes(store.resolve("data"));
    for (int page = 0; page < 4; page++) {
      data[page * 4096 + 40] ^= 1;
    }
    Files.write(store.resolve("data"), data);
    quire("get", store, "t", "k")
        .assertFails(ExitCode.DAMAGED, store.resolve("data").toString(), "right checksum");
  }
}

package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Store;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// recover.
class RecoverCommandTest {

  @TempDir private Path directory;

  private Path store;
  private Path saved;

  @BeforeEach
  void fill() {
    Path first = directory.resolve("first.quire");
    store = directory.resolve("my.quire");
    saved = directory.resolve("saved.quire");
    try (Store opened = Store.open(first)) {
      opened.write(
          txn -> {
            for (int i = 100; i < 500; i++) {
              txn.table("users").put(("user-" + i).getBytes(), new byte[100]);
            }
          });
      opened.backup(store);
    }
  }

  private void overwrite(long offset, long length) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(store.resolve("data").toFile(), "rw")) {
      file.seek(offset);
      file.write(new byte[(int) length]);
    }
  }

  @Test
  void recover_wholeStore_savesEverything() {
    quire("recover", store, saved).assertPrints("entries\tusers\t400\n");
    assertTrue(quire("check", saved).text().endsWith("clean\n"));
    quire("recover", store, saved).assertFails(ExitCode.UNAVAILABLE, "is not empty");
  }

  @Test
  void recover_lostPage_tellsTheKeys() throws IOException {
    overwrite(Files.size(store.resolve("data")) - 5 * 4096, 4096);
    Ran recover = quire("recover", store, saved);
    assertEquals(ExitCode.NOT_FOUND, recover.exitCode(), recover.messages());
    assertTrue(recover.text().contains("lost\tusers\tuser-4"), recover::text);
    Path other = directory.resolve("other.quire");
    String json = quire("recover", "--json", store, other).text();
    assertTrue(json.startsWith("{\"schema\":1,\"complete\":false,\"entries\":{\"users\":3"), json);
    assertTrue(json.contains("\"lost\":[{\"table\":\"users\",\"from\":\"user-4"), json);
    assertTrue(quire("check", saved).text().endsWith("clean\n"));
  }

  @Test
  void recover_noCatalogue_savesTablesWithoutTheirNames() throws IOException {
    overwrite(Files.size(store.resolve("data")) - 2 * 4096, 2 * 4096);
    Ran recover = quire("recover", store, saved);
    assertEquals(ExitCode.NOT_FOUND, recover.exitCode(), recover.messages());
    assertTrue(recover.text().startsWith("entries\trecovered-1\t"), recover::text);
    assertTrue(recover.text().contains("keys\trecovered-1\tuser-100\tuser-"), recover::text);
    String json = quire("recover", "--json", store, directory.resolve("other")).text();
    String keys = "\"nameless\":[{\"table\":\"recovered-1\",\"first\":\"user-100\"";
    assertTrue(json.contains(keys), json);
    assertTrue(quire("check", saved).text().endsWith("clean\n"));
    quire("recover", directory.resolve("none"), saved)
        .assertFails(ExitCode.UNAVAILABLE, "there is no store");
  }

  @Test
  void recover_openStore_isRefused() {
    try (Store _ = Store.open(store)) {
      quire("recover", store, saved).assertFails(ExitCode.UNAVAILABLE, "open");
    }
  }
}

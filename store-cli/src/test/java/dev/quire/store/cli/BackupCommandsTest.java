package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Store;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// backup, restore and compact.
class BackupCommandsTest {

  @TempDir private Path directory;

  private Path store;
  private Path backup;

  @BeforeEach
  void fill() {
    store = directory.resolve("my.quire");
    backup = directory.resolve("backup.quire");
    try (Store opened = Store.open(store)) {
      opened.write(
          txn -> {
            for (int i = 0; i < 1_000; i++) {
              txn.table("users").put(("user-" + i).getBytes(), new byte[100]);
            }
            txn.table("files").put(new byte[] {'f'}, new byte[1 << 20]);
          });
    }
  }

  @Test
  void backup_andRestore_giveTheSameStore() {
    Ran made = quire("backup", store, backup);
    assertEquals(ExitCode.OK, made.exitCode(), made.messages());
    assertTrue(made.text().startsWith("transaction\t"), made::text);
    Path restored = directory.resolve("restored.quire");
    String json = quire("restore", "--json", backup, restored).text();
    assertTrue(json.startsWith("{\"schema\":1,\"transaction\":"), json);
    quire("tables", restored).assertPrints("files\t1\nusers\t1000\n");
    assertTrue(quire("check", restored).text().endsWith("clean\n"));
  }

  @Test
  void backup_whileItIsOpen_isMade() {
    try (Store open = Store.open(store)) {
      open.table("users").put("more".getBytes(), new byte[1]);
      assertEquals(ExitCode.OK, quire("backup", store, backup).exitCode());
    }
    quire("tables", backup).assertPrints("files\t1\nusers\t1001\n");
  }

  @Test
  void backup_existingTarget_isRefused() {
    quire("backup", store, backup);
    quire("backup", store, backup).assertFails(ExitCode.UNAVAILABLE, "holds a store already");
    quire("restore", backup, store).assertFails(ExitCode.UNAVAILABLE, "holds a store already");
    quire("backup", store, store).assertFails(ExitCode.UNAVAILABLE, "holds a store already");
    for (String verb : new String[] {"backup", "restore", "recover"}) {
      quire(verb, store, "").assertFails(ExitCode.USAGE, "TARGET is empty");
    }
    quire("backup", store, directory.resolve("one"), "--since", store)
        .assertFails(ExitCode.USAGE, "is the store itself");
    quire("backup", directory.resolve("none"), directory.resolve("other"))
        .assertFails(ExitCode.UNAVAILABLE, "there is no store");
  }

  @Test
  void restore_ofDamagedBackup_isRefused() throws IOException {
    quire("backup", store, backup);
    Path data = backup.resolve("data");
    try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
      file.seek(Files.size(data) - 4 * 4096 + 60);
      file.write(new byte[] {77, 77, 77});
    }
    Path restored = directory.resolve("restored.quire");
    quire("restore", backup, restored).assertFails(ExitCode.DAMAGED, "the backup is damaged");
    assertFalse(Files.exists(restored));
  }

  @Test
  void backup_since_buildsOnTheOnesBefore() throws IOException {
    quire("backup", store, backup);
    quire("put", store, "users", "monday", "m");
    Path monday = directory.resolve("monday");
    Ran made = quire("backup", "--json", store, monday, "--since", backup);
    assertTrue(made.text().contains("\"transaction\":"), made::text);
    assertTrue(Files.size(monday) <= 8 * 4096);
    quire("put", store, "users", "tuesday", "t");
    Path tuesday = directory.resolve("tuesday");
    quire("backup", store, tuesday, "--since", backup + "," + monday);
    Path restored = directory.resolve("restored.quire");
    quire("restore", backup, tuesday, restored)
        .assertFails(ExitCode.USAGE, "does not build on", "in the order");
    assertFalse(Files.exists(restored.resolve("data")));
    Ran restore = quire("restore", backup, monday, tuesday, restored);
    assertEquals(ExitCode.OK, restore.exitCode(), restore.messages());
    quire("tables", restored).assertPrints("files\t1\nusers\t1002\n");
    assertTrue(quire("check", restored).text().endsWith("clean\n"));
    try (RandomAccessFile file = new RandomAccessFile(monday.toFile(), "rw")) {
      file.seek(4096 + 40);
      file.write(new byte[] {77, 77, 77});
    }
    Path second = directory.resolve("second.quire");
    quire("restore", backup, monday, second).assertFails(ExitCode.DAMAGED, "damaged");
    assertFalse(Files.exists(second.resolve("data")));
  }

  @Test
  void compact_afterDeletes_shortensTheFile() throws IOException {
    try (Store opened = Store.open(store)) {
      opened.table("users").put("last".getBytes(), new byte[200_000]);
      opened.table("files").delete(new byte[] {'f'});
    }
    long before = Files.size(store.resolve("data"));
    Ran compact = quire("compact", store);
    assertEquals(ExitCode.OK, compact.exitCode(), compact.messages());
    long after = Files.size(store.resolve("data"));
    assertTrue(after < before - (1 << 19), () -> before + " to " + after);
    quire("tables", store).assertPrints("files\t0\nusers\t1001\n");
    assertTrue(quire("check", store).text().endsWith("clean\n"));
    assertEquals(ExitCode.OK, quire("put", store, "users", "a", "b").exitCode());
    quire("compact", directory.resolve("none"))
        .assertFails(ExitCode.UNAVAILABLE, "there is no store");
  }

  @Test
  void compact_openStore_movesPages() throws IOException {
    Path data = store.resolve("data");
    try (Store open = Store.open(store)) {
      open.table("users").put("last".getBytes(), new byte[200_000]);
      open.table("files").delete(new byte[] {'f'});
      long before = Files.size(data);
      Ran compact = quire("compact", store);
      assertEquals(ExitCode.OK, compact.exitCode(), compact.messages());
      assertTrue(compact.messages().contains("in use"), compact::messages);
      assertTrue(Files.size(data) < before - (1 << 19), () -> before + " bytes before");
      assertEquals(1_001, open.table("users").count());
    }
    assertTrue(quire("check", store).text().endsWith("clean\n"));
    assertTrue(quire("compact", "--json", store).text().endsWith("\"inUse\":false}\n"));
  }
}

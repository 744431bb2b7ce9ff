package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.CheckReport;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.TableOptions;
import dev.quire.store.errors.Violation;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.ParentLink;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// tables, stat and check, and what every command says about a path that holds no good store.
class InspectionCommandsTest {

  @TempDir private Path directory;

  private Path store;

  @BeforeEach
  void fill() {
    store = directory.resolve("my.quire");
    try (Store opened = Store.open(store)) {
      opened.write(
          txn -> {
            for (int i = 0; i < 1_000; i++) {
              txn.table("users").put(("user-" + i).getBytes(), new byte[100]);
            }
            txn.table("numbers", TableOptions.defaults().withIntegerKeys(true)).put(1, new byte[0]);
          });
    }
  }

  @Test
  void tables_all_areListedWithTheirCounts() {
    quire("tables", store).assertPrints("numbers\t1\nusers\t1000\n");
    quire("tables", "--json", store)
        .assertPrints(
            "{\"table\":\"numbers\",\"entries\":1,\"integerKeys\":true}\n"
                + "{\"table\":\"users\",\"entries\":1000,\"integerKeys\":false}\n");
  }

  @Test
  void stat_text_hasStoreAndTables() {
    Ran stat = quire("stat", store);
    assertEquals(ExitCode.OK, stat.exitCode());
    assertTrue(stat.text().contains("page size      4.0 KiB\n"), stat::text);
    assertTrue(stat.text().contains("\ntransaction    "), stat::text);
    assertTrue(stat.text().contains("users                bytes             1,000"), stat::text);
    assertTrue(stat.text().contains("numbers              integers              1"), stat::text);
  }

  @Test
  void stat_json_isOneObject() {
    String json = quire("stat", "--json", store).text();
    assertTrue(json.startsWith("{\"schema\":1,\"fileSizeBytes\":"), json);
    assertTrue(json.contains("\"table\":\"users\",\"integerKeys\":false,\"entries\":1000"), json);
    assertTrue(json.endsWith("}]}\n"), json);
  }

  /// A process that has the store open, reads an old snapshot, and has written and looked since.
  static final class User {

    private User() {}

    /// @param arguments the store
    public static void main(String[] arguments) {
      try (Store opened = Store.open(Path.of(arguments[0]));
          ReadTxn _ = opened.beginRead()) {
        opened.table("users").put("more".getBytes(UTF_8), new byte[10]);
        boolean found = opened.table("users").contains("no".getBytes(UTF_8));
        ParentLink.serve((verb, words) -> Boolean.toString(found));
      }
    }
  }

  @Test
  void stat_ofAStoreInUse_hasItsProcessesAndTimes() {
    try (ChildJvm user = ChildJvm.start(User.class, store.toString())) {
      assertEquals("false", user.ask("found"));
      Ran stat = quire("stat", store);
      assertEquals(ExitCode.OK, stat.exitCode(), stat.messages());
      assertTrue(stat.text().contains("\noldest reader  1 transactions behind"), stat::text);
      assertTrue(stat.text().contains("\n" + user.pid() + " "), stat::text);
      assertTrue(stat.text().contains("\nturn wait "), stat::text);
      String json = quire("stat", "--json", store).text();
      assertTrue(json.contains("\"oldestReader\":{\"txnId\":"), json);
      assertTrue(json.contains("\"pid\":" + user.pid()), json);
      assertTrue(json.contains("\"misses\":1,\"evictions\":0,"), json);
      assertTrue(json.contains("\"latencies\":{\"commit\":{\"count\":1,\"sumNanos\":"), json);
      assertEquals(0, user.finish());
    }
  }

  @Test
  void check_goodStore_isClean() {
    Ran check = quire("check", store);
    assertEquals(ExitCode.OK, check.exitCode(), check.messages());
    assertTrue(check.text().contains("entries\tusers\t1000\n"), check::text);
    assertTrue(check.text().endsWith("clean\n"), check::text);
    String json = quire("check", "--json", store).text();
    assertTrue(json.startsWith("{\"schema\":1,\"clean\":true,"), json);
    assertTrue(json.contains("\"users\":1000"), json);
  }

  @Test
  void check_damagedStore_isDamaged() throws IOException {
    Path data = store.resolve("data");
    long size = Files.size(data);
    try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
      // Every page after the ring, but for its header: the superblocks and the ring stay good.
      for (long page = size - 4096; page > 4 << 20; page -= 4096) {
        file.seek(page + 2048);
        byte[] part = new byte[64];
        file.readFully(part);
        for (int i = 0; i < part.length; i++) {
          part[i] ^= 0x55;
        }
        file.seek(page + 2048);
        file.write(part);
      }
    }
    Ran check = quire("check", store);
    assertEquals(ExitCode.DAMAGED, check.exitCode(), check.text() + check.messages());
  }

  @Test
  void check_storeThatCannotBeOpened_tellsWhatIsDamaged() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(store.resolve("data").toFile(), "rw")) {
      file.setLength(file.length() - 3 * 4096);
    }
    Ran check = quire("check", store);
    assertEquals(ExitCode.DAMAGED, check.exitCode());
    assertTrue(check.text().contains("damaged\tstore: expected a file that is whole"), check::text);
    assertTrue(check.text().contains("quire recover"), check::text);
    assertFalse(check.messages().contains("quire check"), check::messages);
    Ran json = quire("check", "--json", store);
    assertEquals(ExitCode.DAMAGED, json.exitCode());
    assertTrue(json.text().contains("\"clean\":false"), json::text);
    assertTrue(
        json.text().contains("\"violations\":[{\"page\":-1,\"expected\":\"a file"), json::text);
  }

  @Test
  void check_superblocksThatCannotBeRead_tellsWhichPage() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(store.resolve("data").toFile(), "rw")) {
      for (int page = 0; page < 4; page++) {
        file.seek(page * 4096L + 100);
        file.write(new byte[] {1, 2, 3});
      }
    }
    Ran check = quire("check", store);
    assertEquals(ExitCode.DAMAGED, check.exitCode(), check.messages());
    assertTrue(check.text().contains("damaged\t"), check::text);
  }

  @Test
  void check_lostPagesAlone_areFindings() {
    List<Violation> one = List.of(new Violation(7, "a free page", "its used bit is set"));
    assertEquals(ExitCode.OK, CheckCommand.exitCode(report(List.of(), List.of())));
    assertEquals(ExitCode.NOT_FOUND, CheckCommand.exitCode(report(List.of(), one)));
    assertEquals(ExitCode.DAMAGED, CheckCommand.exitCode(report(one, one)));
  }

  private static CheckReport report(List<Violation> violations, List<Violation> leaks) {
    return new CheckReport(Map.of(), Map.of(), violations, leaks, List.of());
  }

  @Test
  void readingCommands_storeNotClosed_sayThatTheyShowTheLastCheckpoint() throws IOException {
    Path left = Files.createDirectory(directory.resolve("left"));
    try (Store open = Store.open(store)) {
      open.table("users").put("late".getBytes(UTF_8), new byte[1]);
      Files.copy(store.resolve("data"), left.resolve("data"));
    }
    byte[] before = Files.readAllBytes(left.resolve("data"));
    for (String command : new String[] {"tables", "stat", "check"}) {
      Ran ran = quire(command, left);
      assertEquals(ExitCode.OK, ran.exitCode(), ran.messages());
      assertTrue(ran.messages().contains("last checkpoint"), ran::messages);
    }
    assertEquals(ExitCode.NOT_FOUND, quire("get", left, "users", "late").exitCode());
    assertTrue(quire("scan", left, "users").messages().contains("last checkpoint"));
    assertArrayEquals(before, Files.readAllBytes(left.resolve("data")));
    assertEquals(1, Objects.requireNonNull(left.toFile().list()).length);
    quire("put", left, "users", "more", "v");
    assertEquals(ExitCode.OK, quire("get", left, "users", "late").exitCode());
  }

  @Test
  void readingCommands_noStore_makeNone() {
    Path none = directory.resolve("none");
    for (String command : new String[] {"tables", "stat", "check"}) {
      quire(command, none).assertFails(ExitCode.UNAVAILABLE, "no store", none.toString());
    }
    quire("get", none, "t", "k").assertFails(ExitCode.UNAVAILABLE, "no store");
    quire("scan", none, "t").assertFails(ExitCode.UNAVAILABLE, "no store");
    quire("del", none, "t", "k").assertFails(ExitCode.UNAVAILABLE, "no store");
    assertFalse(Files.exists(none));
  }

  @Test
  void anyCommand_pathIsSomethingElse_isRefusedAndLeftAlone() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "text");
    quire("get", file, "t", "k").assertFails(ExitCode.UNAVAILABLE, file.toString());
    quire("put", file, "t", "k", "v").assertFails(ExitCode.UNAVAILABLE, file.toString());
    assertEquals("text", Files.readString(file));
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.writeString(other.resolve("letter.txt"), "text");
    quire("get", other, "t", "k").assertFails(ExitCode.UNAVAILABLE, other.toString());
    quire("put", other, "t", "k", "v").assertFails(ExitCode.UNAVAILABLE, other.toString());
    assertFalse(Files.exists(other.resolve("data")));
  }

  @Test
  void anyCommand_dataOfSomethingElse_leavesNothingBehind() throws IOException {
    Path other = Files.createDirectory(directory.resolve("other"));
    for (String content : new String[] {"", "a letter"}) {
      Files.writeString(other.resolve("data"), content);
      for (Ran ran :
          List.of(
              quire("put", other, "t", "k", "v"), quire("check", other), quire("stat", other))) {
        assertEquals(ExitCode.UNAVAILABLE, ran.exitCode(), ran.messages());
      }
      assertArrayEquals(new String[] {"data"}, other.toFile().list());
    }
  }

  @Test
  void anyCommand_dataCutShort_isClear() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(store.resolve("data").toFile(), "rw")) {
      file.setLength(0);
    }
    Ran get = quire("get", store, "users", "user-1");
    assertTrue(
        get.exitCode() == ExitCode.UNAVAILABLE || get.exitCode() == ExitCode.DAMAGED,
        get::messages);
    assertTrue(get.messages().startsWith("quire: "), get::messages);
    assertFalse(get.messages().contains("should not have happened"), get::messages);
  }
}

package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.StoreLock;
import dev.quire.store.TableOptions;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.ParentLink;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// info, readers, processes, locks, page, pages, tree, space and histogram; doctor, checkpoint and
/// unlock.
class LookCommandsTest {

  /// Superblocks, and the ring of 4 MiB.
  private static final int FIRST_PAGE = 4 + 1_024;

  @TempDir private Path directory;

  private Path store;

  @BeforeEach
  void fill() {
    store = directory.resolve("my.quire");
    try (Store opened = Store.open(store)) {
      opened.write(
          txn -> {
            for (int i = 0; i < 1_000; i++) {
              txn.table("users").put(("user-" + i).getBytes(UTF_8), new byte[100]);
            }
            txn.table("numbers", TableOptions.defaults().withIntegerKeys(true)).put(1, new byte[0]);
            txn.table("long").put(new byte[] {'k'}, new byte[50_000]);
          });
    }
  }

  @Test
  void info_ofAStore_saysWhatItIs() {
    String info = quire("info", store).text();
    assertTrue(info.contains("page size    4.0 KiB\n"), info);
    assertTrue(info.contains("redo ring    pages 4 to 1027, 0 B of 4.0 MiB in use\n"), info);
    assertTrue(info.contains("trees        from page 1028 on\n"), info);
    String json = quire("info", "--json", store).text();
    assertTrue(json.startsWith("{\"schema\":1,\"id\":\""), json);
    assertTrue(json.contains("\"pageSizeBytes\":4096,\"checksums\":true,\"volatile\":false"), json);
  }

  @Test
  void tree_ofATable_hasItsLevels() {
    String tree = quire("tree", store, "users").text();
    String[] lines = tree.split("\n");
    assertEquals(3, lines.length, tree);
    assertTrue(lines[1].startsWith("1                  1 "), tree);
    assertTrue(lines[2].matches("leaves +[0-9]+ +1,000 +[0-9.]+ +[0-9]+%"), tree);
    assertTrue(quire("tree", store, "long").text().contains("\nlong              13 "), tree);
    String json = quire("tree", "--json", store, "numbers").text();
    assertTrue(
        json.startsWith(
            "{\"schema\":1,\"table\":\"numbers\",\"entries\":1,"
                + "\"levels\":[{\"level\":0,\"pages\":1"),
        json);
    quire("tree", store, "user").assertFails(ExitCode.NOT_FOUND, "did you mean \"users\"?");
  }

  @Test
  void pages_ofAStore_areAllPagesOnce() {
    int next = 0;
    int leaves = 0;
    for (String line : quire("pages", store).text().split("\n")) {
      String[] fields = line.split("\t");
      String[] ends = fields[0].split("-");
      assertEquals(next, Integer.parseInt(ends[0]), line);
      next = Integer.parseInt(ends[ends.length - 1]) + 1;
      leaves += fields[1].equals("leaf") && fields[2].equals("users") ? 1 : 0;
    }
    assertTrue(leaves > 0 && next > FIRST_PAGE + 40, "leaves " + leaves + " next " + next);
    String json = quire("pages", "--json", "--table", "long", store).text();
    assertTrue(json.contains("\"count\":13,\"use\":\"overflow\",\"table\":\"long\"}"), json);
  }

  @Test
  void page_ofEachKind_isDecoded() {
    String superblock = quire("page", store, "0").text();
    assertTrue(superblock.startsWith("page 0: superblock\n"), superblock);
    assertTrue(superblock.contains("pageSizeBytes  4096\n"), superblock);
    assertTrue(quire("page", store, "10").text().startsWith("page 10: redo ring\n"));
    String leaf = pageOf("leaf", "users");
    String text = quire("page", store, leaf, "--hex").text();
    assertTrue(text.startsWith("page " + leaf + ": leaf\n"), text);
    assertTrue(text.contains("entry 0"), text);
    assertTrue(text.matches("(?s).*\"user-[0-9]+\": 100 bytes.*"), text);
    assertTrue(text.matches("(?s).*\n000000  ([0-9a-f]{2} ){15}[0-9a-f]{2}  .*"), text);
    String branch = quire("page", "--json", store, pageOf("branch", "users")).text();
    assertTrue(branch.contains("\"kind\":\"branch\""), branch);
    assertTrue(branch.contains("\"name\":\"child 1\",\"value\":\"page "), branch);
    assertTrue(quire("page", store, pageOf("leaf", "numbers")).text().contains("integer leaf"));
    assertTrue(quire("page", store, pageOf("overflow", "long")).text().contains("50000 bytes"));
    quire("page", store, "999999").assertFails(ExitCode.USAGE, "the file has pages 0 to");
    quire("page", store, "-1").assertFails(ExitCode.USAGE);
  }

  private String pageOf(String use, String table) {
    for (String line : quire("pages", store, "--table", table).text().split("\n")) {
      if (line.contains("\t" + use + "\t")) {
        return line.split("[-\t]")[0];
      }
    }
    throw new AssertionError("no " + use + " of " + table);
  }

  /// Whatever bytes a page has, looking at it ends in text.
  @Test
  void page_withAnyBytes_isToldAsFarAsItGoes() throws IOException {
    int leaf = Integer.parseInt(pageOf("leaf", "users"));
    for (int at = 24; at < 120; at += 3) {
      Path copy = directory.resolve("copy" + at);
      Files.createDirectory(copy);
      Files.copy(store.resolve("data"), copy.resolve("data"));
      try (RandomAccessFile file = new RandomAccessFile(copy.resolve("data").toFile(), "rw")) {
        file.seek(leaf * 4096L + at);
        file.write(new byte[] {(byte) 0xFF, (byte) 0xEE, (byte) at});
      }
      Ran page = quire("page", copy, Integer.toString(leaf));
      assertEquals(ExitCode.OK, page.exitCode(), page.messages());
      Files.delete(copy.resolve("data"));
    }
  }

  @Test
  void space_ofAStore_isAPicture() throws IOException {
    String space = quire("space", store).text();
    assertTrue(space.startsWith("\u250c\u2500"), space);
    assertTrue(space.contains("\u2502================"), space);
    assertTrue(space.contains("= superblocks and ring          4.0 MiB"), space);
    Path svg = directory.resolve("space.svg");
    quire("space", store, "--svg", svg).assertPrints("");
    String drawn = Files.readString(svg);
    assertTrue(drawn.startsWith("<svg ") && drawn.endsWith("</svg>\n"), drawn);
    assertTrue(drawn.contains(">users, "), drawn);
    quire("space", store, "--svg", svg).assertFails(ExitCode.UNAVAILABLE, "--force");
    String json = quire("space", "--json", store).text();
    assertTrue(json.contains("{\"name\":\"superblocks and ring\",\"pages\":1028}"), json);
    assertTrue(json.contains("{\"name\":\"long\",\"pages\":14,\"table\":true}"), json);
  }

  @Test
  void histogram_ofATable_countsLengths() {
    String text = quire("histogram", store, "users").text();
    assertTrue(text.contains("         8 B          1,000  \u2588"), text);
    assertTrue(text.contains("       128 B          1,000  \u2588"), text);
    quire("histogram", "--json", store, "long")
        .assertPrints(
            "{\"schema\":1,\"table\":\"long\",\"keys\":[{\"upTo\":1,\"count\":1}],"
                + "\"values\":[{\"upTo\":65536,\"count\":1}]}\n");
  }

  /// A process that has the store open, holds a lock, and reads an old snapshot.
  static final class User {

    private User() {}

    /// @param arguments the store
    public static void main(String[] arguments) throws InterruptedException {
      try (Store opened = Store.open(Path.of(arguments[0]))) {
        StoreLock lock = opened.lock("rebuild");
        boolean held = lock.tryLock();
        try (ReadTxn _ = opened.beginRead()) {
          opened.table("users").clear();
          ParentLink.serve((verb, words) -> Boolean.toString(held));
        }
      }
    }
  }

  @Test
  void readersProcessesAndLocks_ofAStoreInUse_nameTheProcess() {
    try (ChildJvm user = ChildJvm.start(User.class, store.toString())) {
      assertEquals("true", user.ask("held"));
      String pid = Long.toString(user.pid());
      Ran readers = quire("readers", store);
      assertTrue(
          readers.text().matches("(?s)process .*\n" + pid + " .* 1 +[0-9]+ s +[0-9.]+ KiB\n"),
          readers::text);
      String json = quire("readers", "--json", store).text();
      assertTrue(json.contains("\"behind\":1,\"pid\":" + pid), json);
      assertTrue(quire("processes", store).text().contains("\n" + pid + " "));
      assertTrue(quire("processes", "--json", store).text().contains("\"pid\":" + pid));
      assertTrue(quire("locks", store).text().contains("lock\trebuild\tprocess " + pid + " on "));
      assertTrue(quire("locks", "--json", store).text().contains("\"held\":true,\"pid\":" + pid));
      Ran unlock = quire("unlock", "--explain", store);
      assertTrue(unlock.text().startsWith("Nothing was done"), unlock::text);
      assertTrue(unlock.text().contains("readers\t1 "), unlock::text);
      assertEquals(0, user.finish());
    }
    assertTrue(quire("locks", store).text().contains("lock\trebuild\tfree\n"));
    quire("readers", store).assertPrints("");
  }

  @Test
  void checkpoint_ofAStore_tellsWhatIsAtRest() {
    assertTrue(quire("checkpoint", store).text().matches("[0-9]+\n"));
    assertTrue(quire("checkpoint", "--json", store).text().startsWith("{\"schema\":1,\"txnId\":"));
  }

  @Test
  void doctor_ofGoodAndBadPlaces_givesVerdicts() throws IOException {
    Ran good = quire("doctor", store);
    assertEquals(ExitCode.OK, good.exitCode(), good.text());
    for (String subject :
        new String[] {"JDK", "file system", "room", "/dev/shm", "sync", "store"}) {
      assertTrue(good.text().contains("\t" + subject + "\t"), good::text);
    }
    try (RandomAccessFile file = new RandomAccessFile(store.resolve("data").toFile(), "rw")) {
      file.setLength(8_192);
    }
    Ran bad = quire("doctor", "--json", store);
    assertEquals(ExitCode.NOT_FOUND, bad.exitCode(), bad.text());
    assertTrue(bad.text().contains("{\"verdict\":\"bad\",\"subject\":\"store\""), bad::text);
    assertTrue(quire("doctor", directory).text().contains("\tnone here yet"));
    quire("doctor", directory.resolve("x/y")).assertFails(ExitCode.UNAVAILABLE, "no directory");
    assertFalse(Files.list(store).anyMatch(file -> file.toString().contains("doctor")));
  }
}

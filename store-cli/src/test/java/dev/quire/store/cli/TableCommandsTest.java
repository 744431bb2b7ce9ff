package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Codecs;
import dev.quire.store.Store;
import dev.quire.store.TableOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// create, drop, clear, rename and cp; and how stores that were not found are suggested.
class TableCommandsTest {

  @TempDir private Path directory;

  private Path store;

  @BeforeEach
  void make() {
    store = directory.resolve("my.quire");
    try (Store opened = Store.open(store)) {
      opened.write(
          txn -> {
            for (String key : List.of("a", "b", "c")) {
              txn.table("letters").put(key.getBytes(UTF_8), ("is " + key).getBytes(UTF_8));
            }
            txn.table("big").put(new byte[] {'k'}, new byte[2_000_000]);
          });
      opened.map("prices", Codecs.STRING, Codecs.FLOAT64).put("tea", 2.5);
    }
  }

  @Test
  void create_options_areThoseOfTheTable() {
    quire("create", store, "n", "--integer-keys", "--expiry", "30m").assertPrints("");
    quire("create", "--json", store, "s", "--key-codec", "string", "--value-codec", "int64")
        .assertPrints("{\"table\":\"s\",\"created\":true}\n");
    quire("create", store, "n").assertFails(ExitCode.NOT_FOUND, "already");
    quire("create", store, "x", "--key-codec", "string").assertFails(ExitCode.USAGE, "both");
    quire("put", store, "n", "5", "five");
    quire("put", store, "s", "five", "5");
    assertTrue(quire("ttl", store, "n", "5").text().startsWith("1799."));
    try (Store opened = Store.open(store)) {
      assertEquals(5L, opened.map("s", Codecs.STRING, Codecs.INT64).get("five"));
    }
    Path fresh = directory.resolve("fresh");
    assertTrue(quire("create", fresh, "t").messages().contains("made a new store"));
  }

  @Test
  void drop_withoutForce_asksOrIsRefused() throws IOException {
    quire("drop", store, "letters").assertFails(ExitCode.USAGE, "3 entries", "--force");
    assertEquals(ExitCode.NOT_FOUND, atTerminal("no\n", "drop", store.toString(), "letters"));
    quire("count", store, "letters").assertPrints("3\n");
    assertEquals(ExitCode.OK, atTerminal("letters\n", "drop", store.toString(), "letters"));
    quire("count", store, "letters").assertFails(ExitCode.NOT_FOUND, "no table");
    quire("drop", "--force", "--json", store, "prices")
        .assertPrints("{\"table\":\"prices\",\"entries\":1}\n");
    quire("drop", "--force", store, "pricess").assertFails(ExitCode.NOT_FOUND, "no table");
  }

  private static ExitCode atTerminal(String typed, String... words) {
    ByteArrayOutputStream none = new ByteArrayOutputStream();
    Output output =
        new Output(
                new ByteArrayInputStream(typed.getBytes(UTF_8)),
                none,
                new PrintStream(none, true, UTF_8),
                false)
            .withTerminal(true);
    return Main.run(output, List.of(words));
  }

  @Test
  void clear_rangeAndAll_areDeletedAndTheTableStays() {
    quire("clear", store, "letters", "--before", "b").assertFails(ExitCode.USAGE, "--force");
    quire("clear", "--force", store, "letters", "--before", "b").assertPrints("1\n");
    quire("keys", store, "letters").assertPrints("b\nc\n");
    quire("clear", "--force", "--json", store, "letters")
        .assertPrints("{\"table\":\"letters\",\"deleted\":2}\n");
    quire("count", store, "letters").assertPrints("0\n");
  }

  @Test
  void rename_table_keepsEntriesOptionsAndCodecs() {
    try (Store opened = Store.open(store)) {
      opened.table("numbers", TableOptions.defaults().withIntegerKeys(true)).put(1, new byte[1]);
    }
    quire("rename", store, "numbers", "integers").assertPrints("1\n");
    quire("rename", store, "prices", "costs").assertPrints("1\n");
    quire("rename", store, "big", "large").assertPrints("1\n");
    quire("rename", store, "letters", "costs").assertFails(ExitCode.USAGE, "already");
    quire("rename", store, "lettres", "x").assertFails(ExitCode.NOT_FOUND, "\"letters\"");
    try (Store opened = Store.open(store)) {
      assertEquals(List.of("costs", "integers", "large", "letters"), opened.tables());
      assertEquals(2.5, opened.map("costs", Codecs.STRING, Codecs.FLOAT64).get("tea"));
      assertEquals(2_000_000, opened.table("large").valueLength(new byte[] {'k'}));
      assertTrue(opened.check().isClean());
    }
    assertTrue(quire("tables", "--json", store).text().contains("integers\",\"entries\":1,\"int"));
  }

  @Test
  void cp_withinAndBetweenStores_copiesEntries() {
    quire("put", store, "letters", "d", "is d", "--ttl", "2030-01-01T00:00:00Z");
    quire("cp", store, "letters", "some", "--from", "b").assertPrints("3\n");
    quire("scan", "--expiry", store, "some", "--from", "c")
        .assertPrints("c\tis c\t-\nd\tis d\t2030-01-01T00:00:00Z\n");
    quire("cp", store, "letters", "some").assertFails(ExitCode.USAGE, "--into");
    quire("cp", "--into", store, "letters", "some").assertPrints("4\n");
    quire("cp", store, "letters", "letters").assertFails(ExitCode.USAGE, "same");
    Path other = directory.resolve("other");
    quire("cp", "--json", store, "prices", "prices", "--store", other)
        .assertPrints("{\"table\":\"prices\",\"entries\":1}\n");
    quire("get", other, "prices", "tea").assertPrints("2.5\n");
    quire("cp", store, "big", "big", "--store", other).assertPrints("1\n");
    quire("diff", "--table", "big", store, other).assertPrints("");
  }

  @Test
  void path_thatHoldsNoStore_getsSuggestions() throws IOException {
    quire("get", directory.resolve("my.quir"), "t", "k")
        .assertFails(ExitCode.UNAVAILABLE, "no store", "did you mean " + store + "?");
    quire("get", store.resolve("data2"), "t", "k")
        .assertFails(ExitCode.UNAVAILABLE, "did you mean " + store + "?");
    Path far = Files.createDirectory(directory.resolve("deep")).resolve("nothing");
    assertFalse(quire("get", far, "t", "k").messages().contains("did you mean"));
  }

  @Test
  void words_quotesAndEscapes_areThoseOfAShell() {
    assertEquals(
        List.of("a", "b c", "d\te", "\\n", "x\ny", ""),
        Words.of(" a 'b c' \"d\\te\" '\\n' x\\x0ay '' # comment"));
    assertEquals(List.of("a#b"), Words.of("a#b"));
    assertEquals(List.of(), Words.of("   # nothing"));
  }
}

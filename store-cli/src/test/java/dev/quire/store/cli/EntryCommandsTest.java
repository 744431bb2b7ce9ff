package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static dev.quire.store.cli.Ran.quireWith;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Codecs;
import dev.quire.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Formats of keys and values, and the commands for entries besides put, get, del and scan.
class EntryCommandsTest {

  @TempDir private Path directory;

  private Path store;

  @BeforeEach
  void make() {
    store = directory.resolve("my.quire");
    quire("put", store, "users", "ada", "Ada");
  }

  @Test
  void formats_eachOfThem_writesAndReadsTheSame() {
    String[][] formats = {
      {"utf8", "a b", "612062"},
      {"hex", "00ff", "00ff"},
      {"base64", "AP8=", "00ff"},
      {"long", "-2", "fffffffffffffffe"},
      {"uint64", "18446744073709551614", "fffffffffffffffe"},
      {"int64", "-2", "7ffffffffffffffe"},
      {"int32", "-2", "7ffffffe"},
      {"uint32", "4294967294", "fffffffe"},
      {"double", "0.25", "bfd0000000000000"},
      {"float64", "-1.0", "400fffffffffffff"},
      {"uuid", "123e4567-e89b-12d3-a456-426614174000", "923e4567e89b12d32456426614174000"},
      {"instant", "2026-01-31T12:00:00Z", "80000000697deec000000000"},
      {"json", "{\"a\":[1,true]}", "7b2261223a5b312c747275655d7d"},
    };
    for (String[] format : formats) {
      quire(
          "put", store, "f", "--key", format[0], "--value", format[0], "--", format[1], format[1]);
      String hex = format[2];
      quire("get", "--value", "hex", "--key", "hex", store, "f", hex).assertPrints(hex + "\n");
      quire("get", store, "f", "--key", format[0], "--value", format[0], "--", format[1])
          .assertPrints(format[1] + "\n");
    }
  }

  @Test
  void formats_inJson_areNumbersTextsAndObjects() {
    quire("put", store, "f", "n", "-7", "--value", "long");
    quire("get", "--json", "--value", "long", store, "f", "n")
        .assertPrints("{\"key\":\"n\",\"value\":-7}\n");
    quire("put", store, "f", "j", " {\"a\" : [1, \"x\\u00e9\"]}", "--value", "json");
    quire("get", "--json", "--value", "json", store, "f", "j")
        .assertPrints("{\"key\":\"j\",\"value\":{\"a\":[1,\"x\u00e9\"]}}\n");
    quire("put", store, "f", "d", "NaN", "--value", "double");
    quire("get", "--json", "--value", "double", store, "f", "d")
        .assertPrints("{\"key\":\"d\",\"value\":\"NaN\"}\n");
    // What is not of the format is shown all the same.
    quire("get", "--json", "--value", "long", store, "users", "ada")
        .assertPrints("{\"key\":\"ada\",\"valueHex\":\"416461\"}\n");
    quire("get", "--value", "long", store, "users", "ada").assertPrints("Ada\n");
  }

  @Test
  void formats_textsThatAreNone_areRefused() {
    String[][] bad = {
      {"hex", "0g"},
      {"base64", "?"},
      {"long", "1.5"},
      {"uint32", "-1"},
      {"uuid", "1-2-3-4-5"},
      {"instant", "yesterday"},
      {"json", "{\"a\":}"},
      {"json", "[1,2"},
      {"json", "01"},
      {"json", "\"\\x\""},
      {"json", "1 2"},
    };
    for (String[] each : bad) {
      quire("put", store, "f", "k", each[1], "--value", each[0])
          .assertFails(ExitCode.USAGE, "value \"" + each[1] + "\" is not ");
    }
    quire("get", store, "f", "k", "--value", "float").assertFails(ExitCode.USAGE, "no format");
    assertEquals(ExitCode.NOT_FOUND, quire("get", store, "f", "k").exitCode());
  }

  @Test
  void formats_ofATableWithCodecs_areTheirs() {
    UUID id = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");
    try (Store opened = Store.open(store)) {
      opened.map("moments", Codecs.UUIDS, Codecs.INSTANT).put(id, Instant.EPOCH);
      opened.map("prices", Codecs.STRING, Codecs.FLOAT64).put("tea", 2.5);
      opened.map("balance", Codecs.INT64, Codecs.INT64).put(-5L, 10L);
    }
    quire("scan", store, "moments").assertPrints(id + "\t1970-01-01T00:00:00Z\n");
    quire("scan", store, "prices", "--json").assertPrints("{\"key\":\"tea\",\"value\":2.5}\n");
    quire("get", store, "balance", "--", "-5").assertPrints("10\n");
    quire("incr", store, "balance", "--", "-5", "-11").assertPrints("-1\n");
    quire("incr", store, "prices", "tea").assertPrints("3.5\n");
    try (Store opened = Store.open(store)) {
      assertEquals(-1L, opened.map("balance", Codecs.INT64, Codecs.INT64).get(-5L));
    }
    quire("scan", store, "prices", "--value", "hex").assertPrints("tea\tc00c000000000000\n");
  }

  @Test
  void put_fromFile_takesItByteForByte() throws Exception {
    byte[] value = new byte[3_000_000];
    new Random(1).nextBytes(value);
    Path file = Files.write(directory.resolve("film"), value);
    quire("put", store, "films", "one", "--file", file, "--ttl", "1h").assertPrints("");
    assertArrayEquals(value, quire("get", "--raw", store, "films", "one").data());
    assertTrue(quire("ttl", store, "films", "one").text().startsWith("3"));
    quire("put", store, "films", "one").assertFails(ExitCode.USAGE, "--file");
  }

  @Test
  void put_ifPresent_replacesOnly() {
    quire("put", "--if-present", store, "users", "bob", "x")
        .assertFails(ExitCode.NOT_FOUND, "no value");
    quire("put", "--if-present", "--json", store, "users", "ada", "x")
        .assertPrints("{\"stored\":true,\"new\":false}\n");
  }

  @Test
  void get_severalKeys_printsThoseThatAreThere() {
    quire("put", store, "users", "bob", "Bob");
    quire("get", store, "users", "ada", "bob").assertPrints("Ada\nBob\n");
    Ran some = quire("get", store, "users", "ada", "eve");
    assertEquals("Ada\n", some.text());
    assertTrue(some.messages().contains("eve"), some::messages);
    assertEquals(ExitCode.NOT_FOUND, some.exitCode());
    quire("get", store, "user", "ada")
        .assertFails(ExitCode.NOT_FOUND, "no such table; did you mean \"users\"?");
  }

  @Test
  void incr_counter_isThatOfTheLibrary() {
    quire("incr", store, "counters", "visits").assertPrints("1\n");
    quire("incr", store, "counters", "visits", "41").assertPrints("42\n");
    quire("incr", "--json", store, "counters", "visits", "--", "-2")
        .assertPrints("{\"key\":\"visits\",\"value\":40}\n");
    try (Store opened = Store.open(store)) {
      assertEquals(41, opened.table("counters").increment("visits".getBytes(UTF_8), 1));
    }
    quire("put", store, "counters", "text", "9", "--ttl", "1h");
    quire("incr", store, "counters", "text", "--value", "utf8").assertPrints("10\n");
    assertFalse(quire("ttl", store, "counters", "text").text().startsWith("never"));
    quire("incr", store, "users", "ada").assertFails(ExitCode.USAGE, "a counter has 8");
    quire("incr", store, "users", "ada", "--value", "utf8").assertFails(ExitCode.USAGE, "number");
  }

  @Test
  void cas_expectedValue_isReplacedAndNoOther() {
    quire("cas", store, "users", "ada", "Ada", "Countess").assertPrints("");
    quire("cas", store, "users", "ada", "Ada", "x").assertFails(ExitCode.NOT_FOUND, "another");
    Ran json = quire("cas", "--json", store, "users", "eve", "a", "b");
    assertEquals("{\"stored\":false}\n", json.text());
    quire("get", store, "users", "ada").assertPrints("Countess\n");
  }

  @Test
  void ttl_andExpire_setAndTellTheLife() {
    quire("ttl", store, "users", "ada").assertPrints("never\n");
    quire("expire", store, "users", "ada", "90s").assertPrints("");
    double left = Double.parseDouble(quire("ttl", store, "users", "ada").text());
    assertTrue(left > 80 && left <= 90, () -> "left " + left);
    String json = quire("ttl", "--json", store, "users", "ada").text();
    assertTrue(json.startsWith("{\"key\":\"ada\",\"leftMillis\":8"), json);
    String scan = quire("scan", "--expiry", store, "users").text();
    assertTrue(scan.matches("ada\tAda\t20[0-9T:.-]+Z\n"), scan);
    quire("expire", store, "users", "ada", "never").assertPrints("");
    quire("scan", "--expiry", store, "users").assertPrints("ada\tAda\t-\n");
    quire("expire", store, "users", "ada", "2020-01-01T00:00:00Z").assertPrints("");
    quire("get", store, "users", "ada").assertFails(ExitCode.NOT_FOUND, "no such key");
    quire("expire", store, "users", "ada", "1h").assertFails(ExitCode.NOT_FOUND, "no such key");
    quire("expire", store, "users", "ada", "soon").assertFails(ExitCode.USAGE, "12h");
    quire("ttl", store, "users", "eve").assertFails(ExitCode.NOT_FOUND, "no such key");
  }

  @Test
  void keysAndCount_ranges_areThoseOfScan() {
    for (String key : new String[] {"a", "b", "ba", "c"}) {
      quire("put", store, "letters", key, "x");
    }
    quire("keys", store, "letters", "--prefix", "b").assertPrints("b\nba\n");
    quire("keys", store, "letters", "--reverse", "--limit", "2").assertPrints("c\nba\n");
    quire("keys", "--json", store, "letters", "--to", "a").assertPrints("{\"key\":\"a\"}\n");
    quire("count", store, "letters").assertPrints("4\n");
    quire("count", store, "letters", "--after", "a", "--before", "c").assertPrints("2\n");
    quire("count", store, "letters", "--prefix", "b", "--estimate", "--json")
        .assertPrints("{\"table\":\"letters\",\"entries\":2,\"estimated\":true}\n");
    quire("count", store, "leters").assertFails(ExitCode.NOT_FOUND, "\"letters\"");
  }

  @Test
  void batch_script_isDoneAsAWhole() {
    String script =
        """
        # comment
        put users grace "Grace\\tHopper" 1h
        add users bob Bob
        cas users ada Ada 'Ada L.'
        incr counters visits 2

        del users grace nobody
        expire users bob 1d
        create numbers integer-keys
        put numbers 0x10 sixteen
        clear other
        """;
    quireWith(script.getBytes(UTF_8), "batch", store).assertPrints("9\n");
    quire("scan", store, "users").assertPrints("ada\tAda L.\nbob\tBob\n");
    quire("scan", store, "numbers").assertPrints("16\tsixteen\n");
    quire("get", store, "counters", "visits", "--value", "long").assertPrints("2\n");
  }

  @Test
  void batch_lineThatFails_changesNothingAndIsNamed() throws Exception {
    Path script = directory.resolve("script");
    String[][] bad = {
      {"put users bob x\nadd users ada x", "line 2: there is a value already; nothing was changed"},
      {"put users x y\n\ncas users ada no x", "line 3: the value is another one"},
      {"put users x y\nfrobnicate users", "line 2: \"frobnicate\" is none of put,"},
      {"put users x y\nput users \"x", "line 2: a \" has no end"},
      {"put users x", "line 1: put wants VALUE"},
      {"put users x y\nexpire users nobody 1h", "line 2: there is no such key"},
      {"put users x y\nput quire.x a b", "line 2: "},
    };
    for (String[] each : bad) {
      Files.writeString(script, each[0]);
      Ran ran = quire("batch", store, script);
      assertTrue(ran.messages().contains(each[1]), ran::messages);
      assertFalse(ran.exitCode() == ExitCode.OK);
      quire("scan", store, "users").assertPrints("ada\tAda\n");
    }
  }

  @Test
  void watch_changesOfOthers_areTold() throws Exception {
    Path out = directory.resolve("watched");
    try (Store opened = Store.open(store)) {
      Thread watcher =
          Thread.ofPlatform()
              .start(
                  () -> {
                    Ran ran = quire("watch", store, "users", "--json", "--limit", "2");
                    Ran.write(out, ran.text() + ran.exitCode());
                  });
      // Until it watches, changes are before its time.
      for (int i = 0; watcher.isAlive(); i++) {
        opened.table("users").put("ada".getBytes(UTF_8), Integer.toString(i % 10).getBytes(UTF_8));
        opened.table("users").delete("ada".getBytes(UTF_8));
        opened.table("other").put("k".getBytes(UTF_8), new byte[1]);
        Thread.onSpinWait();
      }
    }
    String text = Files.readString(out);
    assertTrue(text.endsWith("OK"), text);
    assertTrue(text.startsWith("{\"change\":\""), text);
    assertTrue(text.contains("\"table\":\"users\",\"key\":\"ada\""), text);
    assertFalse(text.contains("other"), text);
  }

  @Test
  void watch_nothingInTime_isNotFound() {
    Ran ran = quire("watch", store, "--timeout", "1ms");
    assertEquals(ExitCode.NOT_FOUND, ran.exitCode());
    quire("watch", store, "--prefix", "a").assertFails(ExitCode.USAGE, "TABLE");
  }

  @Test
  void diff_ofTwoStores_tellsEachDifference() {
    Path other = directory.resolve("other.quire");
    quire("put", store, "users", "bob", "Bob");
    quire("put", store, "users", "eve", "Eve", "--ttl", "2030-01-01T00:00:00Z");
    quire("backup", store, other);
    quire("diff", store, other).assertPrints("");
    quire("put", other, "users", "ada", "Countess");
    quire("del", other, "users", "bob");
    quire("expire", other, "users", "eve", "never");
    quire("put", other, "users", "zoe", "Zoe");
    quire("put", other, "new", "k", "v");
    Ran text = quire("diff", store, other);
    assertEquals(
        "+\tnew\n+\tnew\tk\tv\n~\tusers\tada\tCountess\n-\tusers\tbob\tBob\n"
            + "~\tusers\teve\tEve\n+\tusers\tzoe\tZoe\n",
        text.text());
    assertEquals(ExitCode.NOT_FOUND, text.exitCode());
    assertEquals(
        "added\t3\nremoved\t1\nchanged\t2\n", quire("diff", "--summary", store, other).text());
    assertEquals(
        "{\"difference\":\"added\",\"table\":\"new\"}\n"
            + "{\"difference\":\"added\",\"table\":\"new\",\"key\":\"k\",\"value\":\"v\"}\n",
        quire("diff", "--json", "--table", "new", store, other).text());
    quire("diff", store, directory.resolve("non")).assertFails(ExitCode.UNAVAILABLE, "no store");
  }
}

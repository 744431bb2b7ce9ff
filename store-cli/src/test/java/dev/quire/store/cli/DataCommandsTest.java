package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static dev.quire.store.cli.Ran.quireWith;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quire.store.Store;
import dev.quire.store.TableOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// put, get and del.
class DataCommandsTest {

  @TempDir private Path directory;

  private Path store;

  @BeforeEach
  void name() {
    store = directory.resolve("my.quire");
  }

  @Test
  void put_newStore_saysSoAndGetPrintsTheValue() {
    Ran put = quire("put", store, "users", "ada", "Ada Lovelace");
    assertEquals("quire: made a new store at " + store + "\n", put.messages());
    assertEquals("", put.text());
    assertEquals(ExitCode.OK, put.exitCode());
    quire("get", store, "users", "ada").assertPrints("Ada Lovelace\n");
  }

  @Test
  void put_existingKey_replacesIt() {
    quire("put", store, "users", "ada", "first");
    quire("put", store, "users", "ada", "second").assertPrints("");
    quire("get", store, "users", "ada").assertPrints("second\n");
  }

  @Test
  void put_ifAbsent_keepsTheValue() {
    quire("put", store, "users", "ada", "first");
    quire("put", "--if-absent", store, "users", "ada", "second")
        .assertFails(ExitCode.NOT_FOUND, "value already");
    quire("put", "--if-absent", store, "users", "bob", "new").assertPrints("");
    quire("get", store, "users", "ada").assertPrints("first\n");
  }

  @Test
  void put_json_tellsWhatHappened() {
    quire("put", store, "users", "ada", "first");
    quire("put", "--json", store, "users", "ada", "second")
        .assertPrints("{\"stored\":true,\"new\":false}\n");
  }

  @Test
  void put_valueFromInput_isTakenByteForByte() {
    byte[] value = new byte[300_000];
    new Random(1).nextBytes(value);
    quireWith(value, "put", store, "photos", "ada", "-");
    assertArrayEquals(value, quire("get", "--raw", store, "photos", "ada").data());
    quireWith("line\n".getBytes(UTF_8), "put", store, "photos", "text", "-");
    quire("get", store, "photos", "text").assertPrints("line\n\n");
    quire("get", "--raw", store, "photos", "text").assertPrints("line\n");
  }

  @Test
  void put_keyFromInput_losesItsLineEnd() {
    quireWith("ada\n".getBytes(UTF_8), "put", store, "users", "-", "Ada");
    quireWith("ada\r\n".getBytes(UTF_8), "get", store, "users", "-").assertPrints("Ada\n");
  }

  @Test
  void put_keyAndValueFromInput_isRefused() {
    quire("put", store, "users", "-", "-").assertFails(ExitCode.USAGE, "only one");
    assertFalse(Files.exists(store));
  }

  @Test
  void hex_keysAndValues_areBytes() {
    quire("put", "--hex", store, "raw", "00ff", "0A0b0c");
    quire("get", "--hex", store, "raw", "00FF").assertPrints("0a0b0c\n");
    assertArrayEquals(
        new byte[] {10, 11, 12}, quire("get", "--hex", "--raw", store, "raw", "00ff").data());
    quire("get", "--hex", "--json", store, "raw", "00ff")
        .assertPrints("{\"keyHex\":\"00ff\",\"valueHex\":\"0a0b0c\"}\n");
    quireWith("01 02\n03\n".getBytes(UTF_8), "put", "--hex", store, "raw", "01", "-");
    quire("get", "--hex", store, "raw", "01").assertPrints("010203\n");
    quire("put", "--hex", store, "raw", "", "");
    quire("get", "--hex", store, "raw", "").assertPrints("\n");
  }

  @Test
  void hex_otherDigits_areRefused() {
    quire("put", store, "raw", "k", "v");
    quire("get", "--hex", store, "raw", "0g").assertFails(ExitCode.USAGE, "0g", "hexadecimal");
    quire("get", "--hex", store, "raw", "012").assertFails(ExitCode.USAGE, "two digits");
  }

  @Test
  void json_textAndOtherBytes_areToldApart() {
    quire("put", store, "t", "a \"b\" \\ \t", "\u00e9\n");
    quire("get", "--json", store, "t", "a \"b\" \\ \t")
        .assertPrints("{\"key\":\"a \\\"b\\\" \\\\ \\t\",\"value\":\"\u00e9\\n\"}\n");
    quireWith(new byte[] {(byte) 0xC3, 0x28}, "put", store, "t", "bad", "-");
    quire("get", "--json", store, "t", "bad")
        .assertPrints("{\"key\":\"bad\",\"valueHex\":\"c328\"}\n");
  }

  @Test
  void integerTable_keys_areNumbers() {
    try (Store opened = Store.open(store)) {
      opened.table("names", TableOptions.defaults().withIntegerKeys(true));
    }
    quire("put", store, "names", "8364", "EURO SIGN").assertPrints("");
    quire("get", store, "names", "0x20AC").assertPrints("EURO SIGN\n");
    quire("get", store, "names", "U+20ac").assertPrints("EURO SIGN\n");
    quire("get", "--json", store, "names", "8364")
        .assertPrints("{\"key\":8364,\"value\":\"EURO SIGN\"}\n");
    quire("get", "--hex", store, "names", "00000000000020ac").assertPrints("4555524f205349474e\n");
    quire("get", store, "names", "euro").assertFails(ExitCode.USAGE, "numbers", "U+20AC");
    quire("del", store, "names", "8364").assertPrints("1\n");
  }

  @Test
  void get_absent_isNotFound() {
    quire("put", store, "users", "ada", "Ada");
    quire("get", store, "users", "bob").assertFails(ExitCode.NOT_FOUND, "no such key");
    quire("get", "--json", store, "users", "bob").assertFails(ExitCode.NOT_FOUND, "no such key");
    quire("get", store, "nobody", "ada").assertFails(ExitCode.NOT_FOUND, "no such key");
  }

  @Test
  void del_severalKeys_countsThoseThatWereThere() {
    quire("put", store, "users", "a", "1");
    quire("put", store, "users", "b", "2");
    quire("put", store, "users", "c", "3");
    quire("del", store, "users", "a", "x", "b").assertPrints("2\n");
    quire("del", "--json", store, "users", "c").assertPrints("{\"deleted\":1}\n");
    Ran none = quire("del", store, "users", "a");
    assertEquals("0\n", none.text());
    assertEquals(ExitCode.NOT_FOUND, none.exitCode());
  }

  @Test
  void keys_thatBeginWithADash_followTwoDashes() {
    quire("put", store, "t", "--", "-k", "-v");
    quire("get", store, "t", "--", "-k").assertPrints("-v\n");
  }
}

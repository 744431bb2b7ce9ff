package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static dev.quire.store.cli.Ran.quireWith;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Codecs;
import dev.quire.store.Store;
import dev.quire.store.TableCodecs;
import dev.quire.store.TableOptions;
import dev.quire.store.options.Expiry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// dump and load, import and export.
class ExchangeCommandsTest {

  private static final Expiry LATE = Expiry.at(Instant.parse("2040-01-01T00:00:00Z"));

  @TempDir private Path directory;

  private Path store;
  private Path copy;

  @BeforeEach
  void fill() {
    store = directory.resolve("my.quire");
    copy = directory.resolve("copy.quire");
    try (Store opened = Store.open(store)) {
      opened.write(
          txn -> {
            for (int key = 0; key < 256; key++) {
              txn.table("bytes").put(new byte[] {(byte) key}, new byte[] {10, (byte) key, 92});
            }
            txn.table("bytes").put(new byte[0], new byte[0]);
            byte[] large = new byte[2_500_000];
            new Random(1).nextBytes(large);
            txn.table("large").put("\u00e9 \"x\"".getBytes(UTF_8), large);
            txn.table("lives").put("late".getBytes(UTF_8), new byte[1], LATE);
            TableOptions options =
                TableOptions.defaults().withIntegerKeys(true).withExpiry(Duration.ofDays(9_000));
            txn.table("numbers", options).put(-1L, "last".getBytes(UTF_8), Expiry.NEVER);
            txn.table("empty", TableOptions.defaults());
          });
      opened.map("prices", Codecs.STRING, Codecs.FLOAT64).put("tea", 2.5);
    }
  }

  @Test
  void dump_nativeFormats_loadEverythingBack() {
    for (String format : List.of("ndjson", "binary")) {
      Path file = directory.resolve("dump." + format);
      quire("dump", "--format", format, store, file).assertPrints("261\n");
      Path target = directory.resolve(format);
      assertEquals("261\n", quire("load", target, file).text());
      quire("diff", store, target).assertPrints("");
      quire("dump", "--format", format, target, file).assertFails(ExitCode.UNAVAILABLE, "exists");
      quire("dump", "--force", "--json", "--format", format, target, file)
          .assertPrints("{\"tables\":6,\"entries\":261}\n");
      try (Store opened = Store.open(target)) {
        assertEquals(new TableCodecs("string", "float64"), opened.codecs("prices"));
        assertEquals(
            Duration.ofDays(9_000),
            assertNotNullAndGet(opened.table("numbers").stats()).options().expiry());
        assertTrue(opened.check().isClean());
      }
    }
    assertFalse(Files.exists(directory.resolve("dump.binary.new")));
  }

  private static <T> T assertNotNullAndGet(T object) {
    assertNotNull(object);
    return object;
  }

  @Test
  void dump_ndjson_isTheDocumentedText() {
    assertEquals(
        "{\"quire\":\"dump\",\"version\":1}\n"
            + "{\"table\":\"numbers\",\"integerKeys\":true,\"expiryMillis\":777600000000}\n"
            + "{\"key\":18446744073709551615,\"value\":\"last\"}\n"
            + "{\"table\":\"lives\"}\n"
            + "{\"key\":\"late\",\"value\":\"\\u0000\",\"expiresMillis\":2208988800000}\n"
            + "{\"end\":true,\"entries\":2}\n",
        quire("dump", store, "--format", "ndjson", "--table", "numbers", "--table", "lives")
            .text());
    quire("dump", store, "--format", "xml").assertFails(ExitCode.USAGE, "binary");
    quire("dump", store, "--table", "no").assertFails(ExitCode.NOT_FOUND, "no table");
  }

  @Test
  void dump_mdb_isWhatMdbLoadReads() {
    Ran dump = quire("dump", store, "--table", "numbers");
    assertEquals(
        "VERSION=3\nformat=bytevalue\ndatabase=numbers\ntype=btree\nmapsize=16777216\n"
            + "maxreaders=126\nx_quire_integer_keys=1\nx_quire_expiry_millis=777600000000\n"
            + "HEADER=END\n ffffffffffffffff\n 6c617374\nDATA=END\n",
        dump.text());
    Ran unnamed = quire("dump", store, "--unnamed", "lives");
    assertFalse(unnamed.text().contains("database="));
    assertTrue(unnamed.messages().contains("1 entries expire"), unnamed::messages);
    Ran all = quire("dump", store, "-");
    assertTrue(all.messages().contains("1 keys are empty"), all::messages);
    assertEquals("261\n", quireWith(all.data(), "load", copy).text());
    quire("expire", store, "lives", "late", "never");
    quire("diff", store, copy).assertPrints("");
    try (Store opened = Store.open(copy)) {
      assertEquals(new TableCodecs("string", "float64"), opened.codecs("prices"));
    }
  }

  private static byte[] fixture(String name) throws IOException {
    try (InputStream in = ExchangeCommandsTest.class.getResourceAsStream("/mdb/" + name)) {
      return assertNotNullAndGet(in).readAllBytes();
    }
  }

  @Test
  void load_dumpsOfMdbDump_areRead() throws IOException {
    for (String name : List.of("named.dump", "named-print.dump")) {
      Path target = directory.resolve(name);
      Ran load = quireWith(fixture(name), "load", target);
      assertEquals("4\n", load.text());
      assertEquals(name.contains("print"), load.messages().contains("without -p"));
      quire("scan", target, "colours", "--value", "hex")
          .assertPrints("blue\t23303066\ngr\u00fcn\t610962\n");
      quire("scan", target, "numbers").assertPrints("5\tfive\n256\t256\n");
    }
    assertEquals("3\n", quireWith(fixture("unnamed.dump"), "load", copy, "--table", "t").text());
    quire("scan", copy, "t").assertPrints("k1\tv1\\x00\\xff\\n\nk\\\\2\t\\\\ab\nlas\t\n");
    // LMDB 0.9.24 does not escape backslashes in format=print.
    Ran print = quireWith(fixture("unnamed-print.dump"), "load", directory.resolve("p"));
    assertEquals(ExitCode.USAGE, print.exitCode());
    assertTrue(print.messages().contains("line 10: a hexadecimal digit"), print::messages);
  }

  @Test
  void load_mdbThatIsNone_isRefusedAndNothingIsLoaded() {
    String head = "VERSION=3\nformat=bytevalue\nHEADER=END\n";
    String[][] bad = {
      {"VERSION=4\nformat=bytevalue\nHEADER=END\n", "line 3: VERSION=4"},
      {"VERSION=3\nformat=octal\nHEADER=END\n", "format=octal"},
      {"VERSION=3\nformat=print\ndupsort=1\nHEADER=END\n", "--flatten-duplicates"},
      {"VERSION=3\nformat=bytevalue\n", "ends within its header"},
      {"VERSION=3\nnonsense\n", "no header"},
      {"VERSION=x\nformat=print\nHEADER=END\n", "VERSION=x is no number"},
      {head + " 6b\n 76\n", "without DATA=END"},
      {head + " 6b\nDATA=END\n", "a key without a value"},
      {head + " 6\n 76\nDATA=END\n", "an odd number of digits"},
      {head + " 6b\n 7x\nDATA=END\n", "line 5: a hexadecimal digit is expected; found: x"},
      {head + "6b\n 76\nDATA=END\n", "begins with a space"},
      {"hello", "no dump that quire knows"},
      {"", "no dump that quire knows"},
    };
    for (String[] each : bad) {
      Ran load = quireWith(each[0].getBytes(UTF_8), "load", store, "--table", "new");
      assertEquals(ExitCode.USAGE, load.exitCode(), each[1]);
      assertTrue(load.messages().contains(each[1]), load::messages);
      assertFalse(quire("tables", store).text().contains("new"), each[1]);
    }
  }

  @Test
  void load_ndjsonThatIsNone_isRefusedAndNothingIsLoaded() {
    String head = "{\"quire\":\"dump\",\"version\":1}\n{\"table\":\"new\"}\n";
    String[][] bad = {
      {"{\"quire\":\"dump\",\"version\":2}\n", "line 1: no dump of quire that this version reads"},
      {head + "{\"key\":\"a\",\"value\":\"b\"}\n", "ends too early"},
      {head + "{\"key\":\"a\"}\n{\"end\":true,\"entries\":1}\n", "line 3: no member \"value\""},
      {head + "{\"key\":1,\"value\":\"b\"}\n", "no member \"key\""},
      {head + "{\"key\":\"a\",\"value\":\"b\"}\n{\"end\":true,\"entries\":2}\n", "had 2 entries"},
      {head + "nonsense\n", "line 3: no JSON"},
      {head + "[]\n", "line 3: no object"},
      {"{\"quire\":\"dump\",\"version\":1}\n{\"key\":\"a\",\"value\":\"b\"}\n", "before its table"},
    };
    for (String[] each : bad) {
      Ran load = quireWith(each[0].getBytes(UTF_8), "load", store);
      assertEquals(ExitCode.USAGE, load.exitCode(), each[1]);
      assertTrue(load.messages().contains(each[1]), load::messages);
      assertFalse(quire("tables", store).text().contains("new"), each[1]);
    }
  }

  /// Each byte of a small dump is changed, and it is cut behind each byte: never is it taken.
  @Test
  void load_binaryThatIsDamaged_isNeverTaken() {
    byte[] dump =
        quire("dump", store, "--format", "binary", "--table", "lives", "--table", "numbers").data();
    String before = quire("dump", store, "--format", "ndjson", "--table", "lives").text();
    for (int at = 8; at < dump.length; at++) {
      byte[] changed = dump.clone();
      changed[at] ^= 0x11;
      assertRefused(changed, "changed at " + at);
      assertRefused(Arrays.copyOf(dump, at), "cut at " + at);
    }
    assertEquals(before, quire("dump", store, "--format", "ndjson", "--table", "lives").text());
  }

  private void assertRefused(byte[] dump, String what) {
    try (Store opened = Store.inMemory();
        LoadSink sink = new LoadSink(opened, Ran.output(), new LoadSink.Choices(false, 0, 0))) {
      Exception thrown = null;
      try {
        DumpReader reader =
            new BinaryDumpReader(new java.io.ByteArrayInputStream(dump, 8, dump.length - 8));
        for (TableHead head = reader.nextTable(); head != null; head = reader.nextTable()) {
          sink.table(head);
          for (DumpReader.Entry e = reader.nextEntry(); e != null; e = reader.nextEntry()) {
            sink.put(e.key(), e.value(), Expiry.NEVER);
          }
        }
      } catch (CommandFailure | IllegalArgumentException | IOException e) {
        thrown = e;
      }
      assertNotNull(thrown, what);
    }
  }

  @Test
  void load_inSteps_goesOnWhereItWasStopped() {
    StringBuilder dump =
        new StringBuilder("{\"quire\":\"dump\",\"version\":1}\n{\"table\":\"steps\"}\n");
    for (int i = 0; i < 10; i++) {
      dump.append("{\"key\":\"").append(i).append("\",\"value\":\"v\"}\n");
    }
    Ran cut = quireWith(dump.toString().getBytes(UTF_8), "load", store, "--commit-every", "4");
    assertEquals(ExitCode.USAGE, cut.exitCode());
    assertTrue(cut.messages().contains("8 entries are in the store; --skip 8"), cut::messages);
    quire("count", store, "steps").assertPrints("8\n");
    dump.append("{\"end\":true,\"entries\":10}\n");
    quireWith(dump.toString().getBytes(UTF_8), "load", store, "--skip", "8").assertPrints("2\n");
    quire("count", store, "steps").assertPrints("10\n");
    quire("put", store, "steps", "3", "mine");
    quireWith(dump.toString().getBytes(UTF_8), "load", store, "--keep-existing", "--json")
        .assertPrints("{\"tables\":1,\"entries\":0}\n");
    quire("get", store, "steps", "3").assertPrints("mine\n");
    quire("load", store, "--skip", "-1").assertFails(ExitCode.USAGE, "0 and up");
  }

  @Test
  void load_tableOfOtherKeys_isRefused() {
    String dump =
        "{\"quire\":\"dump\",\"version\":1}\n"
            + "{\"table\":\"numbers\"}\n"
            + "{\"end\":true,\"entries\":0}\n";
    quireWith(dump.getBytes(UTF_8), "load", store).assertFails(ExitCode.USAGE, "numbers", "line 2");
  }

  @Test
  void export_andImport_csvAndTsv_areTheSame() throws IOException {
    try (Store opened = Store.open(store)) {
      opened.write(
          txn -> {
            txn.table("texts").put("a,\"b\"".getBytes(UTF_8), "line\r\nline ".getBytes(UTF_8));
            txn.table("texts").put(" \u00e9\t\\".getBytes(UTF_8), new byte[0], LATE);
          });
    }
    quire("export", store, "texts")
        .assertPrints(
            "key,value,expires\n\" \u00e9\t\\\",,2040-01-01T00:00:00Z\n"
                + "\"a,\"\"b\"\"\",\"line\r\nline \",\n");
    for (String name : List.of("texts.csv", "texts.tsv")) {
      Path file = directory.resolve(name);
      quire("export", store, "texts", file).assertPrints("2\n");
      quire("drop", "--force", copyOf(store), "texts");
      quire("import", copy, "texts", file).assertPrints("2\n");
      quire("diff", "--table", "texts", store, copy).assertPrints("");
    }
    Ran binary = quire("export", store, "bytes");
    assertTrue(binary.messages().contains("is not utf8"), binary::messages);
    assertEquals(ExitCode.USAGE, binary.exitCode());
    Path bytes = directory.resolve("bytes.tsv");
    quire("export", store, "bytes", bytes, "--no-header", "--after", "").assertPrints("256\n");
    quire("clear", "--force", copy, "bytes");
    quire("import", copy, "bytes", bytes, "--no-header").assertPrints("256\n");
    quire("put", copy, "bytes", "", "");
    quire("diff", "--table", "bytes", store, copy).assertPrints("");
  }

  private Path copyOf(Path source) {
    if (!Files.exists(copy)) {
      quire("backup", source, copy);
    }
    return copy;
  }

  @Test
  void import_columns_areChosenByNameOrNumber() {
    byte[] rows = "id,name,age\n7,Ada,36\n8,\"Grace, B.\",\n".getBytes(UTF_8);
    quireWith(rows, "import", store, "a", "--key-column", "name", "--value-column", "3")
        .assertPrints("2\n");
    quire("scan", store, "a").assertPrints("Ada\t36\nGrace, B.\t\n");
    quireWith(rows, "import", store, "b", "--rows-as-json", "--key", "long", "--json")
        .assertPrints("{\"tables\":1,\"entries\":2}\n");
    quire("scan", store, "b", "--key", "long")
        .assertPrints(
            "7\t{\"name\":\"Ada\",\"age\":\"36\"}\n8\t{\"name\":\"Grace, B.\",\"age\":\"\"}\n");
    quireWith(rows, "import", store, "c", "--value-column", "nam")
        .assertFails(ExitCode.USAGE, "did you mean \"name\"");
    quireWith(rows, "import", store, "c", "--value-column", "4")
        .assertFails(ExitCode.USAGE, "line 2: a row of 3 fields; 4 are wanted");
    quireWith("k,v\n\"a".getBytes(UTF_8), "import", store, "c")
        .assertFails(ExitCode.USAGE, "line 2: a quote has no end");
    quireWith("k,v\n1,x\ny,z\n".getBytes(UTF_8), "import", store, "c", "--key", "long")
        .assertFails(ExitCode.USAGE, "line 3: key \"y\" is not a number");
    quireWith("k,v,expires\n1,x,soon\n".getBytes(UTF_8), "import", store, "c")
        .assertFails(ExitCode.USAGE, "line 2: Text 'soon'");
    quire("count", store, "c").assertFails(ExitCode.NOT_FOUND, "no table");
  }

  @Test
  void escapes_anyBytes_areReadBack() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      if (i % 2 == 0) {
        bytes = new String(bytes, ISO_8859_1).getBytes(UTF_8);
      }
      assertArrayEquals(bytes, Escapes.parse(Escapes.field(bytes)));
    }
  }
}

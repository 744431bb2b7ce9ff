package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanCommandTest {

  @TempDir private Path directory;

  private Path store;

  @BeforeEach
  void fill() {
    store = directory.resolve("my.quire");
    try (Store opened = Store.open(store)) {
      opened.write(
          txn -> {
            Table letters = txn.table("letters");
            for (String letter : List.of("a", "b", "ba", "bb", "c")) {
              letters.put(letter.getBytes(UTF_8), ("is " + letter).getBytes(UTF_8));
            }
            Table numbers = txn.table("numbers", TableOptions.defaults().withIntegerKeys(true));
            for (long number = 5; number <= 15; number += 5) {
              numbers.put(number, Long.toString(number * number).getBytes(UTF_8));
            }
            txn.table("odd").put(new byte[] {1, (byte) 0xFF}, "tab\tline\nback\\".getBytes(UTF_8));
          });
    }
  }

  private void assertKeys(String expected, Object... options) {
    Object[] arguments = new Object[options.length + 4];
    arguments[0] = "scan";
    arguments[1] = "--keys";
    arguments[2] = store;
    arguments[3] = "letters";
    System.arraycopy(options, 0, arguments, 4, options.length);
    quire(arguments).assertPrints(expected.isEmpty() ? "" : expected.replace(' ', '\n') + "\n");
  }

  @Test
  void scan_all_printsEntriesInOrder() {
    quire("scan", store, "letters")
        .assertPrints("a\tis a\nb\tis b\nba\tis ba\nbb\tis bb\nc\tis c\n");
  }

  @Test
  void scan_ranges_haveBothKindsOfEnds() {
    assertKeys("a b ba bb c");
    assertKeys("b ba bb", "--prefix", "b");
    assertKeys("ba bb c", "--from", "ba");
    assertKeys("bb c", "--after", "ba");
    assertKeys("a b ba", "--to", "ba");
    assertKeys("a b", "--before", "ba");
    assertKeys("b ba bb", "--from", "b", "--before", "c");
    assertKeys("ba bb c", "--after", "b", "--to", "c");
    assertKeys("", "--from", "x");
    assertKeys("", "--from", "c", "--to", "a");
  }

  @Test
  void scan_reverseAndLimit_takeTheLast() {
    assertKeys("c bb ba b a", "--reverse");
    assertKeys("c bb", "--reverse", "--limit", "2");
    assertKeys("bb ba b", "--prefix", "b", "--reverse");
    assertKeys("", "--limit", "0");
  }

  @Test
  void scan_json_isAnObjectALine() {
    quire("scan", "--json", store, "letters", "--limit", "2")
        .assertPrints("{\"key\":\"a\",\"value\":\"is a\"}\n{\"key\":\"b\",\"value\":\"is b\"}\n");
    quire("scan", "--json", "--keys", store, "letters", "--limit", "1")
        .assertPrints("{\"key\":\"a\"}\n");
  }

  @Test
  void scan_controlCharactersAndOtherBytes_areEscaped() {
    quire("scan", store, "odd").assertPrints("\\x01\\xff\ttab\\tline\\nback\\\\\n");
    quire("scan", "--hex", store, "odd").assertPrints("01ff\t746162096c696e650a6261636b5c\n");
  }

  @Test
  void scan_integerTable_printsNumbers() {
    quire("scan", store, "numbers").assertPrints("5\t25\n10\t100\n15\t225\n");
    quire("scan", store, "numbers", "--from", "6", "--reverse", "--json")
        .assertPrints("{\"key\":15,\"value\":\"225\"}\n{\"key\":10,\"value\":\"100\"}\n");
  }

  @Test
  void scan_badOptions_areRefused() {
    quire("scan", store, "letters", "--limit", "-1").assertFails(ExitCode.USAGE, "--limit");
    quire("scan", store, "letters", "--limit", "x").assertFails(ExitCode.USAGE, "--limit");
    quire("scan", store, "letters", "--from", "a", "--after", "b")
        .assertFails(ExitCode.USAGE, "--from", "--after");
    quire("scan", store, "letters", "--prefix", "a", "--to", "b")
        .assertFails(ExitCode.USAGE, "--prefix");
  }

  @Test
  void scan_absentTable_isNotFound() {
    quire("scan", store, "nothing").assertFails(ExitCode.NOT_FOUND, "no table");
  }

  /// A reader that goes away after the first bytes, or a disk that is full.
  private Ran scanInto(String failure) {
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(failure);
          }
        };
    java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
    Output output =
        new Output(InputStream.nullInputStream(), out, new PrintStream(err, true, UTF_8), false);
    ExitCode exitCode = Main.run(output, List.of("scan", store.toString(), "letters"));
    return new Ran(exitCode, new byte[0], err.toString(UTF_8));
  }

  @Test
  void scan_readerGoesAway_endsQuietly() {
    scanInto("Broken pipe").assertPrints("");
  }

  @Test
  void scan_outputFails_isReported() {
    scanInto("No space left on device").assertFails(ExitCode.UNAVAILABLE, "No space left");
  }

  @Test
  void scan_afterwards_theStoreIsClosed() {
    scanInto("Broken pipe");
    try (Store opened = Store.open(store)) {
      assertEquals(5, opened.table("letters").count());
    }
  }
}

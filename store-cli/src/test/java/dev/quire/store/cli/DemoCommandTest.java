package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  @Test
  void demo_keep_doesEverythingAndLeavesAStore(@TempDir Path directory) {
    Path store = directory.resolve("it's a store");
    Ran demo = quire("demo", "--keep", store);
    assertEquals("", demo.messages());
    assertEquals(ExitCode.OK, demo.exitCode());
    String[] steps = {
      "store ",
      "load ",
      "size ",
      "get ",
      "prefix ",
      "range ",
      "scan ",
      "snapshots ",
      "reopen ",
      "check "
    };
    int position = 0;
    for (String step : steps) {
      int next = demo.text().indexOf("\n" + step, position - 1);
      assertTrue(next >= 0 || position == 0, () -> step + "is missing in:\n" + demo.text());
      position = Math.max(next, 0) + 1;
    }
    assertTrue(demo.text().contains("U+20AC  \u20ac  EURO SIGN\n"), demo::text);
    assertTrue(demo.text().contains("BLACK SNOWMAN\n"), demo::text);
    assertTrue(demo.text().contains(": SNOWMAN; indexed 3 times\n"), demo::text);
    assertTrue(demo.text().contains("indexed 0 times\n"), demo::text);
    assertTrue(demo.text().contains("check      clean, "), demo::text);
    String hint = "  ./quire stat '" + directory + "/it'\\''s a store'\n";
    assertTrue(demo.text().contains(hint), demo::text);
    quire("get", store, "names", "U+1F600").assertPrints("GRINNING FACE\n");
    quire("scan", store, "words", "--prefix", "ARROWHEAD ", "--limit", "1")
        .assertPrints("ARROWHEAD 0002C2\t\u02c2\n");
    Ran again = quire("demo", "--keep", store);
    again.assertFails(ExitCode.UNAVAILABLE, "exists");
  }

  @Test
  void demo_processes_noneSeesAWrongSum(@TempDir Path directory) {
    Path store = directory.resolve("accounts.quire");
    Ran demo = quire("demo", "--processes", "3", "--seconds", "1", "--keep", store);
    assertEquals("", demo.messages());
    assertEquals(ExitCode.OK, demo.exitCode());
    assertTrue(demo.text().contains("reader 2 "), demo::text);
    assertTrue(demo.text().contains("snapshots summed, all right"), demo::text);
    assertTrue(demo.text().contains("check      clean"), demo::text);
  }

  @Test
  void demo_keepNowhere_isMisused() {
    quire("demo", "--keep", "").assertFails(ExitCode.USAGE, "--keep is empty");
  }

  @Test
  void demo_impossibleProcesses_isMisused() {
    quire("demo", "--processes", "0").assertFails(ExitCode.USAGE, "--processes 1 to 64");
  }
}

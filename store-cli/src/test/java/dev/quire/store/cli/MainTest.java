package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Help, and commands that are not understood.
class MainTest {

  private static final String[] COMMANDS = {
    "put",
    "get",
    "del",
    "incr",
    "cas",
    "ttl",
    "expire",
    "scan",
    "keys",
    "count",
    "batch",
    "watch",
    "diff",
    "tables",
    "create",
    "drop",
    "clear",
    "rename",
    "cp",
    "info",
    "stat",
    "readers",
    "processes",
    "locks",
    "space",
    "tree",
    "pages",
    "page",
    "histogram",
    "top",
    "doctor",
    "checkpoint",
    "unlock",
    "dump",
    "load",
    "import",
    "export",
    "check",
    "backup",
    "restore",
    "compact",
    "recover",
    "shm",
    "migrate",
    "bench",
    "demo",
    "completion",
    "man"
  };

  @Test
  void help_listsEveryCommandAndTheExitCodes() {
    Ran help = quire("--help");
    assertEquals(ExitCode.OK, help.exitCode());
    for (String command : COMMANDS) {
      assertTrue(help.text().contains("  " + command + " "), command);
    }
    assertTrue(help.text().contains("Exit codes: 0 done"), help::text);
  }

  @Test
  void interrupt_ofARunningCommand_exitsWith130AndLeavesTheStoreWhole(@TempDir Path directory)
      throws IOException, InterruptedException {
    Path store = directory.resolve("store");
    assertEquals(ExitCode.OK, quire("put", store, "t", "k", "v").exitCode());
    Process process =
        new ProcessBuilder(
                // Who runs the tests may have ignored the signal, and a child inherits that.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "put",
                store.toString(),
                "t",
                "k",
                "-")
            .start();
    try {
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(130, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
    quire("get", store, "t", "k").assertPrints("v\n");
    assertEquals(ExitCode.INTERRUPTED, Failures.report(new InterruptedException(), Ran.output()));
  }

  /// The list of commands has one line for each: a whole sentence.
  @Test
  void help_commandLists_haveWholeSentences() {
    int commands = 0;
    for (String line : quire("--help").text().split("\n")) {
      if (line.matches("  [a-z]+ {2,}.*")) {
        commands++;
        assertTrue(line.endsWith(".") && line.length() <= 100, line);
      }
    }
    assertTrue(commands >= COMMANDS.length, "only " + commands);
    for (Object[] group : new Object[][] {{"shm", "--help"}, {"demo", "--help"}}) {
      String[] lines = quire(group).text().split("Commands:\n", 2)[1].split("\n\n")[0].split("\n");
      for (String line : lines) {
        assertTrue(line.endsWith("."), line);
      }
    }
  }

  @Test
  void help_ofEachCommand_hasAnExample() {
    for (String command : COMMANDS) {
      Ran help = quire(command, "--help");
      assertEquals(ExitCode.OK, help.exitCode());
      assertTrue(help.text().contains("\n  quire " + command), help::text);
    }
  }

  @Test
  void version_isPrinted() {
    assertTrue(quire("--version").text().startsWith("quire "));
  }

  @Test
  void noCommand_isUsage() {
    quire().assertFails(ExitCode.USAGE, "which command: put, get", "\"quire --help\"");
  }

  @Test
  void unknownCommand_isUsageWithASuggestion() {
    quire("scna").assertFails(ExitCode.USAGE, "scna", "did you mean scan?");
    Ran bogus = quire("bogus", "my.quire");
    bogus.assertFails(ExitCode.USAGE, "there is no command \"bogus\"; there are: put, get, del");
    for (String command : COMMANDS) {
      assertTrue(bogus.messages().contains(command), bogus::messages);
    }
    quire("shm", "bogus").assertFails(ExitCode.USAGE, "\"bogus\"; there are: ls, rm");
    quire("--bogus").assertFails(ExitCode.USAGE, "--bogus");
  }

  @Test
  void missingArguments_areNamed() {
    quire("get", "store").assertFails(ExitCode.USAGE, "TABLE", "\"quire get --help\"");
    quire("get", "store", "table", "key", "--nonsense").assertFails(ExitCode.USAGE, "--nonsense");
  }

  @Test
  void names_limits_areUsage(@TempDir Path directory) {
    Path store = directory.resolve("my.quire");
    quire("put", store, "t", "k", "v");
    quire("put", store, "quire.t", "k", "v").assertFails(ExitCode.USAGE, "quire.");
    quire("put", store, "t".repeat(256), "k", "v").assertFails(ExitCode.USAGE, "255");
    quire("put", store, "t", "k".repeat(65_537), "v").assertFails(ExitCode.USAGE, "65536");
    quire("get", "--backend", "none", store, "t", "k").assertFails(ExitCode.USAGE, "none");
  }

  @Test
  void exitCodes_numbers_areFixed() {
    assertEquals(0, ExitCode.OK.code());
    assertEquals(1, ExitCode.NOT_FOUND.code());
    assertEquals(2, ExitCode.USAGE.code());
    assertEquals(3, ExitCode.UNAVAILABLE.code());
    assertEquals(4, ExitCode.DAMAGED.code());
    assertEquals(130, ExitCode.INTERRUPTED.code());
  }
}

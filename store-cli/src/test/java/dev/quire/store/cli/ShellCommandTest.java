package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static dev.quire.store.cli.Ran.quireWith;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shell, with what a script or somebody at a dumb terminal types.
class ShellCommandTest {

  @TempDir private Path directory;

  private Path store;

  @BeforeEach
  void make() {
    store = directory.resolve("my.quire");
    quire("put", store, "users", "ada", "Ada");
  }

  private Ran shell(String... lines) {
    return quireWith((String.join("\n", lines) + "\n").getBytes(UTF_8), "shell", store);
  }

  @Test
  void lines_areCommandsForTheStore() {
    shell("get users ada", "", "# nothing", "put users grace 'Grace H.'", "scan users")
        .assertPrints("Ada\nada\tAda\ngrace\tGrace H.\n");
    shell("json", "get users ada", "json", "count users")
        .assertPrints("{\"key\":\"ada\",\"value\":\"Ada\"}\n2\n");
    quireWith("count users\nexit\n".getBytes(UTF_8), store.toString()).assertPrints("2\n");
    assertTrue(shell("help get").text().startsWith("Usage: quire get"));
    assertTrue(shell("stat", "tables", "info", "readers", "check").text().endsWith("clean\n"));
  }

  @Test
  void transaction_commands_areSeenInsideAndCommittedAsAWhole() {
    shell("begin", "put users bob Bob", "del users ada", "incr n visits", "scan users", "commit")
        .assertPrints("1\n1\nbob\tBob\n");
    quire("keys", store, "users").assertPrints("bob\n");
    Ran undone = shell("begin", "put users eve Eve", "get users eve", "rollback", "get users eve");
    assertEquals("Eve\n", undone.text());
    assertEquals(ExitCode.NOT_FOUND, undone.exitCode());
    Ran left = shell("begin", "put users eve Eve");
    assertEquals(ExitCode.NOT_FOUND, left.exitCode());
    assertTrue(left.messages().contains("is undone"), left::messages);
    quire("keys", store, "users").assertPrints("bob\n");
  }

  @Test
  void transaction_commandThatFails_isUndoneAlone() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String typed = "begin\nput users bob Bob\nbogus\ncas users ada no x\ncommit\nscan users\n";
    Output output =
        new Output(
                new ByteArrayInputStream(typed.getBytes(UTF_8)),
                out,
                new PrintStream(err, true, UTF_8),
                false)
            .withTerminal(true);
    Main.run(output, List.of("shell", store.toString()));
    String messages = err.toString(UTF_8);
    assertTrue(messages.contains("my.quire (transaction)> "), messages);
    assertTrue(messages.contains("there is no command \"bogus\""), messages);
    assertEquals("ada\tAda\nbob\tBob\n", out.toString(UTF_8));
  }

  @Test
  void snapshot_isShownUntilRollback() {
    Ran ran = shell("snapshot", "get users ada", "put users ada x");
    assertEquals(ExitCode.USAGE, ran.exitCode());
    assertTrue(ran.messages().contains("a snapshot is shown"), ran::messages);
    shell("snapshot", "get users ada", "rollback", "put users ada x", "get users ada")
        .assertPrints("Ada\nx\n");
  }

  @Test
  void words_thatMakeNoSense_failWithTheirExitCode() {
    assertEquals(ExitCode.USAGE, shell("commit").exitCode());
    assertEquals(ExitCode.USAGE, shell("rollback").exitCode());
    assertEquals(ExitCode.USAGE, shell("begin", "begin").exitCode());
    assertEquals(ExitCode.USAGE, shell("get 'users").exitCode());
    assertEquals(ExitCode.USAGE, shell("compact").exitCode());
    assertEquals(ExitCode.NOT_FOUND, shell("get users nobody").exitCode());
    quire("shell", directory.resolve("none")).assertFails(ExitCode.UNAVAILABLE, "no store");
  }
}

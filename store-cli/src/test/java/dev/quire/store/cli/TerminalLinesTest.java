package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Store;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jline.terminal.impl.DumbTerminal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What somebody types at a terminal, on one that is made of two streams.
class TerminalLinesTest {

  @TempDir private Path directory;

  private Session session;

  @BeforeEach
  void open() {
    Path store = directory.resolve("my.quire");
    quire("put", store, "users", "ada", "Ada");
    quire("put", store, "users", "grace hopper", "Grace");
    quire("put", store, "jobs", "1", "x");
    session = new Session(store, Store.open(store));
  }

  @AfterEach
  void close() {
    session.close();
  }

  private List<@Nullable String> typed(String keys, @Nullable Path history) throws IOException {
    List<@Nullable String> lines = new ArrayList<>();
    try (DumbTerminal terminal =
            new DumbTerminal(
                "test",
                "ansi",
                new ByteArrayInputStream(keys.getBytes(UTF_8)),
                new ByteArrayOutputStream(),
                UTF_8);
        TerminalLines read = new TerminalLines(terminal, new ShellWords(session), history)) {
      String line;
      do {
        line = read.next("> ");
        lines.add(line);
      } while (line != null);
    }
    return lines;
  }

  @Test
  void tab_commandTableAndKey_areCompleted() throws IOException {
    List<@Nullable String> lines = typed("histo\tus\t\nget u\tgr\t\nchecky\n", null);
    assertEquals("histogram users", strip(lines.get(0)));
    assertEquals(List.of("get", "users", "grace hopper"), Words.of(strip(lines.get(1))));
    assertEquals("checky", lines.get(2));
    assertNull(lines.get(3));
  }

  private static String strip(@Nullable String line) {
    return String.valueOf(line).strip();
  }

  @Test
  void endOfInput_afterLines_isNull() throws IOException {
    List<@Nullable String> lines = typed("count users\n\u0004", null);
    assertEquals(2, lines.size());
    assertEquals("count users", lines.get(0));
    assertNull(lines.get(1));
  }

  @Test
  void history_ofAnEarlierShell_isFoundByTheArrow() throws IOException {
    Path file = ShellHistory.prepare(Map.of("XDG_STATE_HOME", directory.toString()));
    assertEquals(directory.resolve("quire").resolve("history"), file);
    typed("put users bob 'B!!'\n  put users secret x\n", file);
    assertEquals("put users bob 'B!!'", typed("\u001b[A\n", file).getFirst());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertTrue(Files.readString(file).contains("B!!"));
    assertTrue(!Files.readString(file).contains("secret"), "it began with a space");
  }

  @Test
  void history_withoutAPlace_isNone() throws IOException {
    assertNull(ShellHistory.prepare(Map.of()));
    Path file = Files.createFile(directory.resolve("file"));
    assertNull(ShellHistory.prepare(Map.of("XDG_STATE_HOME", file.toString())));
    Path home = directory.resolve("home");
    Path made = ShellHistory.prepare(Map.of("XDG_STATE_HOME", "relative", "HOME", "" + home));
    assertEquals(home.resolve(".local/state/quire/history"), made);
  }

  @Test
  void wordsAfter_eachPlace_areWhatMayStandThere() {
    ShellWords words = new ShellWords(session);
    assertTrue(words.wordsAfter(List.of(), "").containsAll(List.of("get", "begin", "man")));
    assertTrue(!words.wordsAfter(List.of(), "").contains("serve"));
    assertTrue(!words.wordsAfter(List.of("help"), "").contains("begin"));
    assertTrue(words.wordsAfter(List.of("scan"), "--").contains("--prefix"));
    assertEquals(List.of("jobs", "users"), words.wordsAfter(List.of("get"), ""));
    assertEquals(List.of("jobs", "users"), words.wordsAfter(List.of("scan", "--limit", "3"), ""));
    assertEquals(List.of("ada"), words.wordsAfter(List.of("del", "users"), "a"));
    assertEquals(List.of(), words.wordsAfter(List.of("get", "nothere"), ""));
    assertEquals(List.of(), words.wordsAfter(List.of("ttl", "users", "ada"), ""));
    assertEquals(List.of(), words.wordsAfter(List.of("man"), ""));
    assertEquals(List.of(), words.wordsAfter(List.of("bogus"), ""));
  }

  @Test
  void wordsAfter_inATransaction_areThoseItSees() {
    session.begin();
    session.change().table("new").put(new byte[] {'k'}, new byte[1]);
    ShellWords words = new ShellWords(session);
    assertEquals(List.of("jobs", "new", "users"), words.wordsAfter(List.of("get"), ""));
    assertEquals(List.of("k"), words.wordsAfter(List.of("get", "new"), ""));
  }
}

package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Store;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jline.terminal.Size;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The live view: its lines, and its screen on a terminal that is made of two streams.
class TopCommandTest {

  @TempDir private Path directory;

  @Test
  void lines_withACount_areSoMany() {
    Path store = directory.resolve("my.quire");
    quire("put", store, "t", "k", "v");
    List<String> lines =
        quire("top", store, "--count", "2", "--interval", "50ms").text().lines().toList();
    assertEquals(3, lines.size());
    assertEquals(TopFrame.HEADING, lines.getFirst());
    assertTrue(lines.get(1).matches(" +0 +0 +- +0 % +\\d+ +none +0"), lines.get(1));
    Ran json = quire("top", store, "--count", "1", "--interval", "50ms", "--json");
    assertTrue(json.text().startsWith("{\"txnId\":2,\"commitsPerSecond\":0,"), json::text);
    quire("top", store, "--interval", "1ms").assertFails(ExitCode.USAGE, "50ms");
    quire("top", directory.resolve("none")).assertFails(ExitCode.UNAVAILABLE, "no store");
  }

  @Test
  void frame_workBetweenTwoSamples_isCounted() {
    try (Store store = Store.open(directory.resolve("my.quire"))) {
      store.table("t").put(new byte[] {1}, new byte[1]);
      long begin = 0;
      TopSample before = new TopSample(begin, store.stats(), store.activity());
      for (int i = 0; i < 4; i++) {
        store.table("t").put(new byte[] {1}, new byte[i]);
        store.table("t").get(new byte[] {1});
      }
      store.table("t").get(new byte[] {2});
      TopSample now = new TopSample(begin + 500_000_000, store.stats(), store.activity());
      TopFrame frame = new TopFrame(before, now);
      String json = frame.json().toString();
      assertTrue(json.contains("\"commitsPerSecond\":8,"), json);
      assertTrue(json.contains("\"hitsPerSecond\":8,"), json);
      assertTrue(json.contains("\"getsPerSecond\":10,"), json);
      List<String> screen = frame.screen("my.quire");
      assertTrue(screen.contains("commits        8/s"), screen::toString);
      assertTrue(screen.contains("gets           10/s, hits 80 %"), screen::toString);
      assertTrue(new TopFrame(now, before).line().startsWith("          0"), "counted anew");
    }
  }

  @Test
  void screen_smallTerminal_isCutAndEndsWithQ() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DumbTerminal terminal =
        new DumbTerminal(
            "test", "ansi", new ByteArrayInputStream("xq".getBytes(UTF_8)), out, UTF_8);
    terminal.setSize(Size.of(10, 2));
    try (TopScreen screen = new TopScreen(terminal)) {
      screen.show(List.of("first line that is long", "second", "third"));
      assertFalse(screen.await(60_000));
    }
    String text = out.toString(UTF_8);
    assertTrue(text.contains("\u001b[Hfirst line\u001b[K\r\nsecond\u001b[K\u001b[J"), text);
    assertFalse(text.contains("third"), text);
  }

  @Test
  void screen_interrupt_ends() throws IOException {
    ByteArrayInputStream typed = new ByteArrayInputStream(new byte[] {3});
    try (TopScreen screen =
        new TopScreen(
            new DumbTerminal("test", "ansi", typed, new ByteArrayOutputStream(), UTF_8))) {
      assertFalse(screen.await(60_000));
    }
  }
}

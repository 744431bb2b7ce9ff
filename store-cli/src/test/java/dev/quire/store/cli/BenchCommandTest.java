package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The benchmark of a directory, with few entries.
class BenchCommandTest {

  @TempDir private Path directory;

  @Test
  void run_besideLmdb_tellsEachWorkOfBothAndLeavesNothing() throws IOException {
    Ran ran = quire("bench", directory, "--entries", "1500", "--compare", "lmdb", "--json");
    assertEquals(ExitCode.OK, ran.exitCode(), ran::messages);
    List<String> lines = ran.text().lines().toList();
    assertEquals(9, lines.size());
    String[] works = {"put", "get", "scan", "durable put"};
    for (int i = 0; i < 8; i++) {
      String engine = i < 4 ? "quire" : "lmdb";
      String begin = "{\"engine\":\"" + engine + "\",\"work\":\"" + works[i % 4] + "\",\"perSecond";
      assertTrue(lines.get(i).startsWith(begin), lines.get(i));
    }
    assertTrue(lines.get(8).contains("\"verdict\":\""), lines.get(8));
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void run_forPeople_endsWithAVerdict() {
    List<String> lines = quire("bench", directory, "--entries", "10").text().lines().toList();
    assertEquals(7, lines.size());
    assertTrue(lines.getFirst().startsWith("engine   work"), lines.getFirst());
    assertTrue(lines.get(6).startsWith("syncs of this disk: median "), lines.get(6));
  }

  @Test
  void run_wordsThatMakeNoSense_areRefused() {
    quire("bench", directory.resolve("none")).assertFails(ExitCode.UNAVAILABLE, "no directory");
    assertEquals(ExitCode.USAGE, quire("bench", directory, "--entries", "0").exitCode());
    assertEquals(
        ExitCode.USAGE,
        quire("bench", directory, "--entries", "1", "--compare", "none").exitCode());
  }

  @Test
  void verdict_ofEachLatency_isItsOwn() {
    assertTrue(new SyncLatency(10_000, 1).verdict().startsWith("faster than disks"));
    assertTrue(new SyncLatency(400_000, 1).verdict().startsWith("good"));
    assertTrue(new SyncLatency(8_000_000, 1).verdict().startsWith("usual"));
    assertTrue(new SyncLatency(50_000_000, 1).verdict().startsWith("slow"));
  }

  @Test
  void percentile_ofSortedTimes_isTheOneAtItsShare() {
    long[] times = new long[100];
    for (int i = 0; i < 100; i++) {
      times[i] = 100 - i;
    }
    BenchFigure figure = BenchFigure.of("get", "one", 100, 1, times);
    assertEquals(51, figure.percentile(0.5));
    assertEquals(100, figure.percentile(0.999));
    assertEquals(100, figure.percentile(1));
  }
}

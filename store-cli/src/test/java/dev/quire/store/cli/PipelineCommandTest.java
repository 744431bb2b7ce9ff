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

/// The sensor pipeline with real processes, by every way.
class PipelineCommandTest {

  @Test
  void pipeline_allWays_giveTheSameWindowsAndLeaveNothing(@TempDir Path directory)
      throws IOException {
    Ran demo =
        quire(
            "demo",
            "pipeline",
            "--bytes",
            "64m",
            "--rate",
            "16m",
            "--ways",
            "store,pipe,socket,disk",
            "--dir",
            directory);
    assertEquals("", demo.messages());
    assertEquals(ExitCode.OK, demo.exitCode(), demo::text);
    for (String way : List.of("store", "pipe", "socket", "disk")) {
      String line = String.format("\n%-10s the same windows\n", way);
      assertTrue(demo.text().contains(line), demo::text);
    }
    assertTrue(demo.text().contains("\n| store in shared memory |"), demo::text);
    assertTrue(demo.text().contains(", allowed are 128.0 MiB\n"), demo::text);
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void pipeline_wrongWords_areMisused() {
    quire("demo", "pipeline", "--bytes", "1k").assertFails(ExitCode.USAGE, "--bytes 8388608");
    quire("demo", "pipeline", "--bytes", "many").assertFails(ExitCode.USAGE, "\"many\"");
    quire("demo", "pipeline", "--bytes", "8.5g").assertFails(ExitCode.USAGE, "\"8.5g\"");
    quire("demo", "pipeline", "--bytes", "9999999999g").assertFails(ExitCode.USAGE, "no amount");
    quire("demo", "pipeline", "--rate", "0").assertFails(ExitCode.USAGE, "--rate");
    quire("demo", "pipeline", "--ways", "pipe,mail").assertFails(ExitCode.USAGE, "mail", "socket");
  }

  @Test
  void producer_noStore_fails() {
    quire("demo", "pipeline", "--producer", "DISK", "/nowhere/at/all", "2", "1", "1")
        .assertFails(ExitCode.UNAVAILABLE, "/nowhere/at/all");
  }
}

package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The programs of docs/examples run, as their first lines say they do.
class ExamplesTest {

  private static final int PATIENCE_SECONDS = 60;

  @TempDir private Path directory;

  /// Runs an example with nothing but the store's own classes; returns the lines that it printed.
  private List<String> run(String name) throws IOException, InterruptedException {
    Path classes = Path.of("target", "classes").toAbsolutePath();
    Path source = Path.of("..", "docs", "examples", name).toAbsolutePath().normalize();
    Path printed = directory.resolve(name + ".txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes.toString(),
                source.toString())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    try {
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), name + " does not end");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String text = Files.readString(printed, StandardCharsets.UTF_8);
    assertEquals(0, process.exitValue(), text);
    return text.lines().toList();
  }

  @Test
  void sensorPipeline_twoProcesses_analysesEverythingInASmallStore() throws Exception {
    List<String> lines = run("SensorPipeline.java");
    assertEquals(
        List.of(
            "block 0: least 20.0000, greatest 20.3893, mean 20.1973",
            "block 100: least 20.4267, greatest 20.7451, mean 20.5938",
            "block 200: least 19.0000, greatest 19.0416, mean 19.0106",
            "block 300: least 20.5806, greatest 20.8518, mean 20.7259"),
        lines.subList(0, lines.size() - 1));
    String[] words = lines.getLast().split(" ");
    long bytes = Long.parseLong(words[words.length - 2]);
    assertTrue(bytes < 32 << 20, lines.getLast());
  }

  @Test
  void sharedCache_twoWorkers_computeEachValueOnce() throws Exception {
    assertEquals(
        List.of("2 workers asked for 200 values each", "200 values were computed"),
        run("SharedCache.java"));
  }

  @Test
  void privateMapping_itsChange_isSeenByNobodyElse() throws Exception {
    assertEquals(
        List.of(
            "1 is stored through a shared mapping",
            "  the other process sees 1",
            "42 is stored through a private one, which now has 42",
            "  the other process sees 1",
            "2 is stored through the shared one; the private one has 42",
            "  the other process sees 2"),
        run("PrivateMapping.java"));
  }
}

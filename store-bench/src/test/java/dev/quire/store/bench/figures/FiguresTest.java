package dev.quire.store.bench.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.report.Report;
import dev.quire.store.bench.report.Results;
import dev.quire.store.bench.report.Subject;
import dev.quire.store.bench.work.Metric;
import dev.quire.store.bench.work.Workload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FiguresTest {

  @TempDir Path directory;

  private FiguresOptions small(String... more) throws UsageException {
    List<String> words =
        List.of("--entries=2000 --rounds=1 --warmup=20 --measure=20".split("[ =]"));
    return FiguresOptions.parse(
        FiguresOptions.defaults(),
        Stream.of(
                words.stream(),
                Stream.of("--dir", directory.resolve("disk").toString()),
                Stream.of("--memory-dir", directory.resolve("memory").toString()),
                Stream.of(more))
            .flatMap(s -> s)
            .toList());
  }

  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

  private Results results() {
    return new Results(directory.resolve("results"));
  }

  private String run(FiguresOptions options) throws IOException, InterruptedException {
    PrintStream to = new PrintStream(progress, true, StandardCharsets.UTF_8);
    Figures figures = new Figures(options, results(), to);
    figures.run();
    assertEquals(0, figures.failures(), () -> progress.toString(StandardCharsets.UTF_8));
    return new Report(results().all()).markdown(null);
  }

  @Test
  void run_ofTwoStores_comparesThemAndLeavesNothing() throws Exception {
    String table = run(small("--only", "get,put-memory", "--peers", "quire,lmdbjava"));
    assertTrue(table.contains("\n| store | " + Metric.GET.title() + ", ns |\n"), table);
    assertTrue(table.contains("\n| Quire | "), table);
    assertTrue(table.contains("**1.00x** |\n"), table);
    for (String parent : List.of("disk", "memory")) {
      try (Stream<Path> left = Files.list(directory.resolve(parent))) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  @Test
  void run_again_measuresOnlyWhatIsMissing() throws Exception {
    FiguresOptions options = small("--only", "open", "--peers", "quire", "--rounds", "2");
    run(options);
    Subject lost = new Subject(Workload.OPEN, PeerKind.QUIRE, 2000, 2);
    assertTrue(results().has(lost));
    Files.delete(directory.resolve("results/2000/open/quire-2.txt"));
    progress.reset();
    run(options);
    String lines = progress.toString(StandardCharsets.UTF_8);
    assertTrue(lines.startsWith("2 open quire "), lines);
    assertEquals(1, lines.lines().count(), lines);
    assertTrue(results().has(lost));
  }

  @Test
  void parse_noWords_isEverything() throws UsageException {
    FiguresOptions options = FiguresOptions.parse(FiguresOptions.defaults(), List.of());
    assertEquals(Workload.SINGLE, options.workloads());
    assertEquals(List.of(PeerKind.values()), options.peers());
    assertEquals(1_000_000, options.entries());
  }

  @Test
  void run_twoProcesses_comparesThem() throws Exception {
    String table = run(small("--only", "sight", "--peers", "quire,lmdbjava"));
    assertTrue(table.contains("| " + Metric.SIGHT_MEDIAN.title() + ", us |"), table);
  }

  @Test
  void parse_processes_measuresThemOnce() throws UsageException {
    FiguresOptions options =
        FiguresOptions.parse(FiguresOptions.processDefaults(), List.of("--measure", "7"));
    assertEquals(Workload.SHARED, options.workloads());
    assertEquals(1, options.rounds());
    assertEquals(7, options.measureMillis());
  }

  @Test
  void parse_wrongWords_saysWhatIsWrong() {
    for (String words :
        List.of(
            "--entries",
            "--entries x",
            "--entries 999",
            "--rounds 0",
            "--only get,got",
            "--peers me",
            "--what 1")) {
      UsageException e =
          assertThrows(
              UsageException.class,
              () -> FiguresOptions.parse(FiguresOptions.defaults(), List.of(words.split(" "))));
      assertTrue(e.getMessage().startsWith(words.split(" ")[0]), e.getMessage());
    }
  }
}

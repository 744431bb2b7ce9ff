package dev.quire.store.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.bench.figures.FiguresOptions;
import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.report.Result;
import dev.quire.store.bench.report.Results;
import dev.quire.store.bench.report.Subject;
import dev.quire.store.bench.work.Metric;
import dev.quire.store.bench.work.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MeasuringTest {

  @TempDir Path directory;

  private int report(String... more) throws IOException {
    List<String> words =
        Stream.concat(
                Stream.of("report", "--results", directory.resolve("results").toString()),
                Stream.of(more))
            .toList();
    return Measuring.report(FiguresOptions.reportDefaults(), words);
  }

  private void store(int entries, PeerKind kind, double nanos) throws IOException {
    Subject subject = new Subject(Workload.GET, kind, entries, 1);
    new Results(directory.resolve("results"))
        .write(new Result(subject, Map.of(Metric.GET, nanos), "", Map.of()));
  }

  @Test
  void report_storedResults_writesTablesOfAllSizesAndLinkedCharts() throws IOException {
    for (int entries : new int[] {1_000_000, 10_000_000}) {
      store(entries, PeerKind.QUIRE, 100);
      store(entries, PeerKind.LMDBJAVA, 200);
      store(entries, PeerKind.XODUS, 300);
    }
    Path tables = directory.resolve("docs/FIGURES.md");
    Files.createDirectories(tables.getParent());
    Path charts = directory.resolve("docs/charts");
    String[] words = {"--markdown", tables.toString(), "--charts", charts.toString()};
    assertEquals(0, report(words));
    String text = Files.readString(tables);
    assertTrue(text.contains("\n## 1,000,000 entries\n"), text);
    assertTrue(text.contains("\n## 10,000,000 entries\n"), text);
    assertTrue(text.contains("](charts/gets-10m.svg)\n"), text);
    assertTrue(Files.exists(charts.resolve("gets-1m.svg")));
    assertTrue(text.contains("\n| Xodus | 300 **1.50x** |\n"), text);

    assertEquals(0, report(words[0], words[1], "--peers", "quire,lmdbjava"));
    assertFalse(Files.readString(tables).contains("Xodus"));
  }

  @Test
  void report_noResults_isMisuse() throws IOException {
    assertEquals(2, report());
    assertEquals(2, Measuring.report(FiguresOptions.reportDefaults(), List.of("report")));
    assertEquals(2, report("--what", "1"));
  }
}

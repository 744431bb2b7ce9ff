package dev.quire.store.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.work.Metric;
import dev.quire.store.bench.work.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

final class ReportTest {

  private static final int ENTRIES = 1_000_000;

  @TempDir Path directory;

  private static Result result(
      Workload workload, PeerKind kind, int round, Map<Metric, Double> figures) {
    String reason = figures.isEmpty() ? "not installed" : "";
    return new Result(
        new Subject(workload, kind, ENTRIES, round),
        figures,
        reason,
        Map.of("machine", "a machine", Facts.DATE, "day " + round));
  }

  private static List<Result> gets() {
    List<Result> results = new ArrayList<>();
    double[] rounds = {300, 100, 200};
    for (int round = 1; round <= rounds.length; round++) {
      double nanos = rounds[round - 1];
      results.add(
          result(
              Workload.GET,
              PeerKind.QUIRE,
              round,
              Map.of(Metric.GET, nanos, Metric.GET_BYTES, 0.0)));
      results.add(result(Workload.GET, PeerKind.LMDBJAVA, round, Map.of(Metric.GET, 10 * nanos)));
    }
    results.add(result(Workload.GET, PeerKind.LMDB_C, 1, Map.of()));
    results.add(result(Workload.RANGE, PeerKind.LMDBJAVA, 1, Map.of(Metric.RANGE, 2e6)));
    results.add(result(Workload.GET_ZIPF, PeerKind.LMDBJAVA, 1, Map.of(Metric.GET_ZIPF, 40.0)));
    return results;
  }

  @Test
  void markdown_samples_showMedianRangeAndRatio() {
    String text = new Report(gets()).markdown(null);
    assertTrue(text.contains("\n## 1,000,000 entries\n\n### Gets\n"), text);
    assertTrue(text.contains("\n| Quire | 200 (100-300) **0.10x** | - |\n"), text);
    assertTrue(text.contains("\n| lmdbjava | 2,000 (1,000-3,000) **1.00x** | "), text);
    assertTrue(text.contains("\n| Quire | 0.0 |\n"), text);
  }

  @Test
  void markdown_storeWithoutFigures_saysWhy() {
    String text = new Report(gets()).markdown(null);
    assertTrue(text.contains("\n| LMDB in C | not installed | - |\n"), text);
    assertTrue(text.contains("\nNothing of it: Quire, LMDB in C.\n"), text);
  }

  @Test
  void markdown_facts_standOnTop() {
    String text = new Report(gets()).markdown(null);
    assertTrue(text.startsWith("- date: day 1 to day 3\n- machine: a machine\n"), text);
    assertTrue(text.contains("\n- rounds: 3; median"), text);
  }

  @Test
  void writeCharts_sections_areWellFormedAndLinked() throws Exception {
    Report report = new Report(gets());
    report.writeCharts(directory);
    assertTrue(report.markdown("charts").contains("![Gets](charts/gets-1m.svg)\n"));
    assertFalse(Files.exists(directory.resolve("scans-1m.svg")), "nothing to compare");
    assertFalse(Files.exists(directory.resolve("allocation-1m.svg")));
    Document chart =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(directory.resolve("gets-1m.svg").toFile());
    assertEquals(3, chart.getElementsByTagName("rect").getLength());
    assertEquals(2, chart.getElementsByTagName("line").getLength());
    String text = Files.readString(directory.resolve("gets-1m.svg"));
    assertTrue(text.contains("prefers-color-scheme: dark"), text);
    assertTrue(text.contains(">200   0.10x<"), text);
    assertTrue(text.contains("shorter is better"), text);
  }

  @Test
  void all_written_isWhatWasWritten() throws IOException {
    Results results = new Results(directory);
    for (Result result : gets()) {
      results.write(result);
    }
    Files.writeString(directory.resolve("1000000/get/other.txt"), "");
    assertEquals(List.copyOf(gets()).size(), results.all().size());
    assertTrue(results.all().containsAll(gets()));
  }

  @Test
  void has_resultWithoutFigures_isFalse() throws IOException {
    Results results = new Results(directory);
    Subject subject = new Subject(Workload.GET, PeerKind.QUIRE, ENTRIES, 1);
    assertFalse(results.has(subject));
    results.write(result(Workload.GET, PeerKind.QUIRE, 1, Map.of()));
    assertFalse(results.has(subject));
    results.write(result(Workload.GET, PeerKind.QUIRE, 1, Map.of(Metric.GET, 1.0)));
    assertTrue(results.has(subject));
  }

  @Test
  void median_evenNumber_isTheMiddle() {
    assertEquals(2.5, Samples.NONE.with(4).with(1).with(3).with(2).median());
  }
}

package dev.quire.store.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.jmx.JmxReporter;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.internal.format.FormatDoc;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.JvmLaunch;
import dev.quire.store.testing.ParentLink;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: the metrics are those of the document, and say what the store does.
@Timeout(60)
class StoreMetricsTest {

  @TempDir private Path directory;

  private static long number(Metric metric) {
    return (Long) assertInstanceOf(Gauge.class, metric).getValue();
  }

  @Test
  void metrics_inTheDocument_areThoseOfTheCode() {
    List<String> documented = new ArrayList<>();
    for (String line : FormatDoc.readLines("docs/METRICS.md")) {
      String[] cells = line.split("\\|");
      if (line.startsWith("| `") && !line.contains("dev.quire.")) {
        documented.add(cells[1].strip().replace("`", "") + " | " + cells[2].strip());
        assertTrue(cells[3].strip().length() > 5, line);
      }
    }
    List<String> known =
        StoreMetric.all().stream().map(metric -> metric.name() + " | " + metric.unit()).toList();
    assertEquals(known, documented);
  }

  @Test
  void gauges_ofAStoreInUse_sayWhatItDoes() {
    Map<String, Metric> gauges;
    try (Store store = Store.open(directory)) {
      Table table = store.table("t");
      table.put(new byte[] {1}, new byte[100]);
      assertEquals(100, table.valueLength(new byte[] {1}));
      assertEquals(-1, table.valueLength(new byte[] {2}));
      try (ReadTxn _ = store.beginRead()) {
        table.put(new byte[] {3}, new byte[100]);
        gauges = StoreMetrics.of(store).getMetrics();
        assertEquals(StoreMetric.all().size(), gauges.size());
        for (Metric gauge : gauges.values()) {
          assertTrue(number(gauge) >= 0);
        }
        assertEquals(2, number(gauges.get("commits")));
        assertEquals(2, number(gauges.get("commit.count")));
        assertEquals(1, number(gauges.get("hits")));
        assertEquals(1, number(gauges.get("misses")));
        assertEquals(1, number(gauges.get("processes")));
        assertEquals(1, number(gauges.get("readers")));
        assertEquals(1, number(gauges.get("readers.oldest.lag")));
        assertEquals(ProcessHandle.current().pid(), number(gauges.get("readers.oldest.pid")));
        assertTrue(number(gauges.get("bytes.pinned")) > 0);
        assertTrue(number(gauges.get("ring.used")) > 0);
        assertTrue(number(gauges.get("checkpoint.lag")) > 0);
        assertTrue(number(gauges.get("sync.p99")) > 0);
      }
    }
    assertEquals(2, number(gauges.get("commits")), "kept after the close");
    assertThrows(IllegalStateException.class, () -> StoreMetrics.of(closedStore()));
  }

  private static Store closedStore() {
    Store store = Store.inMemory();
    store.close();
    return store;
  }

  @Test
  void jmx_withTheReporter_showsTheGauges() throws JMException {
    try (Store store = Store.inMemory()) {
      MetricRegistry registry = new MetricRegistry();
      registry.register("sessions", StoreMetrics.of(store));
      try (JmxReporter reporter = JmxReporter.forRegistry(registry).inDomain("quire").build()) {
        reporter.start();
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("quire:name=sessions.pages.used,type=gauges");
        assertEquals(store.stats().usedPages(), server.getAttribute(name, "Value"));
      }
    }
  }

  /// A process without the library.
  static final class WithoutLibrary {

    private WithoutLibrary() {}

    /// Answers whatever it is asked with what becomes of the metrics.
    public static void main(String[] arguments) {
      ParentLink.serve(
          (verb, words) -> {
            try (Store store = Store.inMemory()) {
              Object metrics = StoreMetrics.of(store);
              return metrics.toString();
            }
          });
    }
  }

  @Test
  void of_withoutTheLibrary_saysWhatIsMissing() {
    Predicate<String> isLibrary = Pattern.compile("metrics-(core|jmx)").asPredicate();
    JvmLaunch all = JvmLaunch.of(WithoutLibrary.class);
    String classPath =
        Pattern.compile(File.pathSeparator)
            .splitAsStream(all.classPath())
            .filter(isLibrary.negate())
            .collect(Collectors.joining(File.pathSeparator));
    JvmLaunch launch =
        new JvmLaunch(all.main(), all.prefix(), all.flags(), classPath, all.patience());
    try (ChildJvm child = ChildJvm.start(launch)) {
      String answer = child.attempt("metrics");
      assertTrue(answer.startsWith("threw IllegalStateException"), answer);
      assertTrue(answer.contains("io.dropwizard.metrics:metrics-core:4.2.40"), answer);
      assertEquals(0, child.finish());
    }
  }
}

package dev.quire.store.internal.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.inspect.SpaceReport.TableSpace;
import dev.quire.store.internal.txn.Engine;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceReportTest {

  @TempDir private Path parent;

  @Test
  void of_store_addsUpItsPages() {
    Engine engine = new DamagedStore(parent).open();
    try {
      SpaceReport report = SpaceReport.of(engine);
      List<String> names = report.tables().stream().map(TableSpace::name).toList();
      assertEquals(List.of(DamagedStore.LARGE, DamagedStore.NUMBERS, DamagedStore.TEXT), names);
      for (TableSpace table : report.tables()) {
        assertTrue(table.leafFill(4096) > 0.3 && table.leafFill(4096) <= 1, table::toString);
      }
      TableSpace large = report.tables().getFirst();
      assertEquals(8, large.record().entries());
      long values = 3_000 * 36;
      assertTrue(large.overflowBytes() >= values - 3_000, large::toString);
      assertTrue(large.overflowFill(4096) > 0.5 && large.overflowFill(4096) <= 1);
      assertTrue(report.tables().getLast().branchFill(4096) > 0.1);
      long pages = 0;
      for (TableSpace table : report.tables()) {
        pages +=
            table.record().leafPages()
                + table.record().branchPages()
                + table.record().overflowPages();
      }
      assertEquals(pages + 1, report.file().livePages());
    } finally {
      engine.close();
    }
  }
}

package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.FormatDoc;
import dev.quire.store.internal.format.ProcessMetrics;
import dev.quire.store.internal.format.ReaderSlot;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Goal: what `docs/FORMAT.md` says of `shm`, beyond its structs, is what the code does.
final class SharedFormatDocTest {

  private static final FormatDoc DOC = FormatDoc.read();

  @Test
  void counters_inTheDocument_areTheCodes() {
    List<String> codes = Arrays.stream(Counter.values()).map(c -> c.code() + " | " + c).toList();
    assertEquals(codes, DOC.table("### Counters").stream().map(row -> row.first(2)).toList());
  }

  @Test
  void metricsChunks_asDocumented_haveAllSlots() {
    long slots = 0;
    for (int chunk = 0; chunk < 7; chunk++) {
      long bytes = MetricsTable.chunkBytes(chunk);
      assertEquals(0, bytes % ProcessMetrics.SIZE_BYTES, "chunk " + chunk);
      assertEquals(chunk == 0 ? 4 : slots, bytes / ProcessMetrics.SIZE_BYTES, "chunk " + chunk);
      slots += bytes / ProcessMetrics.SIZE_BYTES;
    }
    assertTrue(slots >= ProcessTable.SLOTS && slots / 2 < ProcessTable.SLOTS, "slots " + slots);
  }

  @Test
  void processSlots_inTheDocument_areAsMany() {
    List<String> areas =
        DOC.table("### `Area`").stream().map(row -> row.cells().getLast()).toList();
    assertTrue(areas.contains(ProcessTable.SLOTS + " `ProcessSlot`"), areas::toString);
  }

  @Test
  void readerChunks_asDocumented_double() {
    assertEquals(16, ReaderTable.BLOCK_SLOTS);
    assertEquals(256L * ReaderSlot.SIZE_BYTES, ReaderTable.chunkBytes(0));
    long before = ReaderTable.chunkBytes(0);
    for (int chunk = 1; chunk < 16; chunk++) {
      assertEquals(before, ReaderTable.chunkBytes(chunk), "chunk " + chunk);
      before += ReaderTable.chunkBytes(chunk);
    }
  }
}

package dev.quire.store.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.testing.FaultyRegion.Fault;
import dev.quire.store.testing.RegionOperation.Kind;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultyRegionTest {

  private static final int PAGE = 4096;

  private final NativeBuffers buffers = new NativeBuffers();
  private final MemorySegment ones = buffers.allocate(PAGE).fill((byte) 1);
  private final SimulatedRegion inner = new SimulatedRegion(new byte[4 * PAGE], 8 * PAGE);
  private final FaultyRegion region = new FaultyRegion(inner);

  @AfterEach
  void closeAll() {
    region.close();
    buffers.close();
  }

  @Test
  void fail_secondWriteFull_writesHalfOfItAndGoesOn() {
    region.fail(Kind.WRITE, 2, Fault.FULL);

    region.write(0, ones, 0, PAGE);
    assertThrows(StoreFullException.class, () -> region.write(PAGE, ones, 0, PAGE));
    region.write(2 * PAGE, ones, 0, PAGE);

    byte[] image = inner.cachedImage();
    assertEquals(1, image[PAGE - 1]);
    assertEquals(1, image[PAGE + PAGE / 2 - 1]);
    assertEquals(0, image[PAGE + PAGE / 2]);
    assertEquals(1, image[3 * PAGE - 1]);
    assertEquals(3, region.count(Kind.WRITE));
    assertEquals(1, region.failures());
  }

  @Test
  void fail_writeIo_writesNothing() {
    region.fail(Kind.WRITE, 1, Fault.IO);

    assertThrows(StoreIoException.class, () -> region.write(0, ones, 0, PAGE));

    assertEquals(0, inner.cachedImage()[0]);
  }

  @Test
  void failFrom_growth_failsUntilHealed() {
    region.failFrom(Kind.GROW, 2, Fault.FULL);

    region.growTo(5 * PAGE);
    assertThrows(StoreFullException.class, () -> region.growTo(6 * PAGE));
    assertThrows(StoreFullException.class, () -> region.growTo(6 * PAGE));
    region.heal();
    region.growTo(6 * PAGE);

    assertEquals(6 * PAGE, inner.sizeBytes());
  }

  @Test
  void fail_syncs_countsEachKindAlone() {
    region.fail(Kind.SYNC, 1, Fault.IO);
    region.fail(Kind.SYNC_RANGE, 2, Fault.IO);

    region.syncRange(SyncRole.COMMIT, 0, 1);
    assertThrows(StoreIoException.class, () -> region.sync(SyncRole.COMMIT));
    assertThrows(StoreIoException.class, () -> region.syncRange(SyncRole.COMMIT, 0, 1));
    region.resetOperations();
    assertThrows(StoreIoException.class, () -> region.sync(SyncRole.COMMIT));

    assertEquals(3, region.failures());
  }
}

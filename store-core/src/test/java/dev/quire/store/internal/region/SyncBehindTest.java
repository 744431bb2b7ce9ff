package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreIoException;
import dev.quire.store.testing.ForwardingRegion;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SyncBehindTest {

  /// Says when it is synced, waits until it may, and fails if it shall.
  private static final class SlowRegion extends ForwardingRegion {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);
    final AtomicInteger begun = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    final boolean fails;

    SlowRegion(boolean fails) {
      super(MemoryRegion.temporary(0));
      this.fails = fails;
    }

    @Override
    public void sync(SyncRole role) {
      begun.incrementAndGet();
      entered.countDown();
      try {
        assertTrue(go.await(30, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      ended.incrementAndGet();
      if (fails) {
        throw new StoreIoException("simulated");
      }
    }
  }

  private static SyncBehind begin(Region region) {
    return new SyncBehind(region, Region.SyncRole.CHECKPOINT);
  }

  @Test
  void written_enough_isSyncedWhileMoreIsWritten() throws InterruptedException {
    SlowRegion region = new SlowRegion(false);
    try (SyncBehind syncs = begin(region)) {
      syncs.written(SyncBehind.STEP_BYTES - 1);
      syncs.written(1);
      assertTrue(region.entered.await(30, TimeUnit.SECONDS));
      syncs.written(1);
      region.go.countDown();
      syncs.finish();
      assertEquals(2, region.ended.get());
    }
  }

  @Test
  void finish_littleWritten_syncsOnce() {
    SlowRegion region = new SlowRegion(false);
    region.go.countDown();
    try (SyncBehind syncs = begin(region)) {
      syncs.written(SyncBehind.STEP_BYTES - 1);
      syncs.finish();
    }
    assertEquals(1, region.ended.get());
  }

  @Test
  void finish_anEarlierSyncFailed_failsAndSyncsNoMore() throws InterruptedException {
    SlowRegion region = new SlowRegion(true);
    region.go.countDown();
    try (SyncBehind syncs = begin(region)) {
      syncs.written(SyncBehind.STEP_BYTES);
      assertTrue(region.entered.await(30, TimeUnit.SECONDS));
      assertThrows(StoreIoException.class, syncs::finish);
      assertThrows(StoreIoException.class, () -> syncs.written(1));
    }
    assertEquals(1, region.begun.get());
  }

  @Test
  void close_inASync_waitsForItsEnd() throws InterruptedException {
    SlowRegion region = new SlowRegion(false);
    SyncBehind syncs = begin(region);
    syncs.written(SyncBehind.STEP_BYTES);
    assertTrue(region.entered.await(30, TimeUnit.SECONDS));
    Thread closer = Thread.ofPlatform().start(syncs::close);
    while (closer.getState() != Thread.State.WAITING) {
      assertEquals(0, region.ended.get());
      assertTrue(closer.isAlive());
      Thread.onSpinWait();
    }
    region.go.countDown();
    closer.join();
    assertEquals(1, region.ended.get());
  }
}

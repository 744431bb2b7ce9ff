package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreIoException;
import dev.quire.store.internal.region.Region.SyncRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {

  @TempDir Path directory;
  private Path path;
  private StoreRegistry.Claim claim;
  private LockFile lock;
  private LockProbe other;

  @BeforeEach
  void open() {
    path = directory.resolve("lock");
    claim = StoreRegistry.claim(path, "LockFileTest");
    lock = LockFile.open(claim);
    other = LockProbe.start(path);
  }

  @AfterEach
  void close() {
    other.close();
    lock.close();
    claim.close();
  }

  @Test
  void tryAcquire_thenRelease_isSeenByAnotherProcess() {
    assertTrue(other.seesFree(1));

    assertTrue(lock.tryAcquire(1));
    assertFalse(other.seesFree(1));
    assertTrue(other.seesFree(0));
    assertTrue(other.seesFree(2));

    lock.release(1);
    assertTrue(other.seesFree(1));
  }

  @Test
  void tryAcquire_firstAndLastByte_isAllowedAndNoFurther() {
    int last = LockFile.MAX_BYTES - 1;
    for (int index : new int[] {0, 31, 32, 33, 63, 64, last}) {
      assertTrue(lock.tryAcquire(index));
      assertTrue(lock.isHeld(index));
    }
    assertFalse(other.seesFree(last));
    assertThrows(IllegalArgumentException.class, () -> lock.tryAcquire(last + 1));
    assertThrows(IllegalArgumentException.class, () -> lock.tryAcquire(-1));
    assertThrows(IllegalArgumentException.class, () -> lock.release(last + 1));
  }

  @Test
  void tryAcquire_twice_isRefused() {
    assertTrue(lock.tryAcquire(5));

    assertFalse(lock.tryAcquire(5));
    assertFalse(lock.isHeldByOther(5));
    assertTrue(lock.isHeld(5));
    assertFalse(other.seesFree(5));
  }

  @Test
  void tryAcquire_heldByAnotherProcess_isRefusedUntilItDies() {
    assertTrue(other.take(7));
    assertTrue(other.take(8));

    assertFalse(lock.tryAcquire(7));
    assertTrue(lock.isHeldByOther(7));
    assertTrue(other.drop(7));
    assertTrue(lock.tryAcquire(7));
    assertTrue(lock.isHeldByOther(8));
    other.kill();

    assertFalse(lock.isHeldByOther(8));
    assertTrue(lock.tryAcquire(8));
  }

  @Test
  void isHeldByOther_free_leavesItFree() {
    assertFalse(lock.isHeldByOther(100));

    assertTrue(other.seesFree(100));
    assertFalse(lock.isHeld(100));
  }

  @Test
  void release_notHeld_isRefused() {
    assertThrows(IllegalStateException.class, () -> lock.release(3));
    assertTrue(lock.tryAcquire(3));
    lock.release(3);
    assertThrows(IllegalStateException.class, () -> lock.release(3));
  }

  @Test
  void everyOperation_underAStormOfInterrupts_keepsTheLocks() {
    assertTrue(lock.tryAcquire(1));
    try (MappedRegion data = MappedRegion.create(directory.resolve("data"));
        NativeBuffers buffers = new NativeBuffers()) {
      InterruptStorm.run(
          round -> {
            assertTrue(lock.tryAcquire(2));
            assertFalse(lock.isHeldByOther(3));
            data.growTo(4096L * (round + 1));
            data.write(4096L * round, buffers.allocate(8), 0, 8);
            data.syncRange(SyncRole.COMMIT, 4096L * round, 8);
            lock.release(2);
            return round < 100;
          });
    }
    assertTrue(lock.isIntact());
    assertFalse(other.seesFree(1));
    assertTrue(other.seesFree(2));
  }

  @Test
  void everyOperation_onInterruptedThread_keepsFlagAndLocks() {
    assertTrue(lock.tryAcquire(1));
    Thread.currentThread().interrupt();

    boolean second = lock.tryAcquire(2);
    boolean third = lock.isHeldByOther(3);
    lock.release(2);
    boolean intact = lock.isIntact();

    assertTrue(Thread.interrupted());
    assertTrue(second);
    assertFalse(third);
    assertTrue(intact);
    assertFalse(other.seesFree(1));
    assertTrue(other.seesFree(2));
  }

  @Test
  void tryAcquire_afterGarbageCollection_isStillHeld() {
    assertTrue(lock.tryAcquire(1));
    System.gc();
    assertFalse(other.seesFree(1));
    assertTrue(lock.isHeld(1));
  }

  @Test
  void close_letsGoOfEverything() {
    assertTrue(lock.tryAcquire(1));
    assertTrue(lock.tryAcquire(16));

    lock.close();

    assertTrue(other.seesFree(1));
    assertTrue(other.seesFree(16));
    assertFalse(lock.isIntact());
    assertThrows(IllegalStateException.class, () -> lock.tryAcquire(1));
  }

  @Test
  void isIntact_pathReplacedOrGone_isFalse() throws IOException {
    assertTrue(lock.isIntact());
    assertTrue(claim.identity().isSameFile(lock.identity()));

    Files.move(path, directory.resolve("old"));
    assertFalse(lock.isIntact());
    Files.createFile(path);
    assertFalse(lock.isIntact());
    assertThrows(StoreIoException.class, () -> LockFile.open(claim));
    Files.delete(path);
    Files.move(directory.resolve("old"), path);
    assertTrue(lock.isIntact());
  }
}

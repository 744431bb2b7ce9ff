package dev.quire.store.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.testing.CrashPoint.Moment;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatedRegionTest {

  private static final int PAGE = 4096;
  private static final int SECTOR = 512;
  private static final int CAPACITY = 16 * PAGE;

  private final NativeBuffers buffers = new NativeBuffers();
  private final MemorySegment source = buffers.allocate(CAPACITY);
  private final SimulatedRegion region = new SimulatedRegion(new byte[4 * PAGE], CAPACITY);

  @BeforeEach
  void noOperationYet() {
    assertEquals(List.of(), region.operations());
  }

  @AfterEach
  void closeAll() {
    region.close();
    buffers.close();
  }

  /// Else virtual threads that ask stand in a queue before the writer.
  @Test
  void sizeBytes_whileSomebodyHasTheLock_isToldAtOnce() throws InterruptedException {
    Thread reader = Thread.ofVirtual().unstarted(region::sizeBytes);
    synchronized (region) {
      reader.start();
      assertTrue(reader.join(Duration.ofSeconds(20)));
    }
  }

  @Test
  void sync_makesEverythingDurable() {
    write(100, 2 * PAGE, 1);
    region.growTo(6 * PAGE);
    assertArrayEquals(new byte[4 * PAGE], region.crashImage(CrashPolicy.NONE, 1));
    assertArrayEquals(region.cachedImage(), region.crashImage(CrashPolicy.ALL, 1));

    region.sync(SyncRole.CHECKPOINT);

    for (CrashPolicy policy : CrashPolicy.values()) {
      assertArrayEquals(region.cachedImage(), region.crashImage(policy, 7), policy.name());
    }
    assertEquals(1, region.crashVariantCount());
  }

  @Test
  void syncRange_makesItsPagesDurableAndNoOthers() {
    write(0, 4 * PAGE, 1);

    region.syncRange(SyncRole.COMMIT, PAGE + 10, 10);

    byte[] expected = new byte[4 * PAGE];
    Arrays.fill(expected, PAGE, 2 * PAGE, (byte) 1);
    assertArrayEquals(expected, region.durableImage());
    assertEquals(24, region.unsyncedSectorCount());
    region.syncRange(SyncRole.COMMIT, 2 * PAGE - 1, 2);
    Arrays.fill(expected, PAGE, 3 * PAGE, (byte) 1);
    assertArrayEquals(expected, region.durableImage());
  }

  @Test
  void syncRange_inGrownPart_makesTheLengthDurableSoFar() {
    region.growTo(8 * PAGE);

    region.syncRange(SyncRole.COMMIT, 5 * PAGE, PAGE);

    assertEquals(6 * PAGE, region.durableImage().length);
  }

  @Test
  void crashImage_oneSector_isAnyVersionSinceTheSync() {
    for (int version = 1; version <= 3; version++) {
      write(SECTOR, SECTOR, version);
    }

    Set<Byte> seen = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      seen.add(region.crashImage(CrashPolicy.EACH_SECTOR, seed)[SECTOR]);
    }

    assertEquals(Set.of((byte) 0, (byte) 1, (byte) 2, (byte) 3), seen);
    assertEquals(4, region.crashVariantCount());
    for (int number = 0; number < 4; number++) {
      assertEquals(number, region.crashVariant(number).bytes()[SECTOR]);
    }
  }

  @Test
  void crashVariant_twoSectorsAndGrowth_numbersEverySubset() {
    write(0, 2 * SECTOR, 1);
    region.growTo(5 * PAGE);
    assertEquals(12, region.crashVariantCount());

    Set<List<Integer>> seen = new HashSet<>();
    for (int number = 0; number < 12; number++) {
      byte[] image = region.crashVariant(number).bytes();
      seen.add(List.of((int) image[0], (int) image[SECTOR], image.length));
    }

    assertEquals(12, seen.size());
    assertArrayEquals(region.durableImage(), region.crashVariant(0).bytes());
    assertArrayEquals(region.cachedImage(), region.crashVariant(11).bytes());
  }

  @Test
  void crashImage_eachPage_tearsNoPage() {
    write(0, 4 * PAGE, 1);
    write(0, 4 * PAGE, 2);

    Set<Byte> seen = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      byte[] image = region.crashImage(CrashPolicy.EACH_PAGE, seed);
      for (int i = 0; i < image.length; i++) {
        assertEquals(image[i / PAGE * PAGE], image[i]);
        seen.add(image[i]);
      }
    }

    assertEquals(3, seen.size());
  }

  @Test
  void crashImage_pagePolicies_differInOnePage() {
    write(0, 4 * PAGE, 1);
    for (int seed = 0; seed < 20; seed++) {
      assertEquals(3, pagesWritten(region.crashImage(CrashPolicy.ALL_BUT_ONE_PAGE, seed)));
      assertEquals(1, pagesWritten(region.crashImage(CrashPolicy.ONE_PAGE, seed)));
      assertTrue(pagesWritten(region.crashImage(CrashPolicy.ONE_TORN_PAGE, seed)) >= 3);
    }
  }

  @Test
  void crashImage_prefixAndSuffix_keepTheOrderOfWrites() {
    for (int page = 0; page < 4; page++) {
      write(page * PAGE, PAGE, 1);
    }
    Set<Integer> counts = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      byte[] prefix = region.crashImage(CrashPolicy.PREFIX, seed);
      byte[] suffix = region.crashImage(CrashPolicy.SUFFIX, seed);
      for (int page = 1; page < 4; page++) {
        assertTrue(prefix[page * PAGE] <= prefix[(page - 1) * PAGE]);
        assertTrue(suffix[page * PAGE] >= suffix[(page - 1) * PAGE]);
      }
      counts.add(pagesWritten(prefix));
    }
    assertEquals(Set.of(0, 1, 2, 3, 4), counts);
  }

  @Test
  void crashImage_grownFile_hasAnyLengthBetween() {
    region.growTo(10 * PAGE);
    write(9 * PAGE, PAGE, 1);
    boolean between = false;
    for (int seed = 0; seed < 50; seed++) {
      int length = region.crashImage(CrashPolicy.EACH_SECTOR, seed).length;
      assertTrue(4 * PAGE <= length && length <= 10 * PAGE);
      between |= 4 * PAGE < length && length < 10 * PAGE;
    }
    assertTrue(between);
  }

  @Test
  void crashImage_garbage_liesBeyondTheDurableLengthOnly() {
    region.growTo(10 * PAGE);
    boolean garbage = false;
    for (int seed = 0; seed < 20; seed++) {
      byte[] image = region.crashImage(CrashPolicy.GARBAGE_BEYOND_DURABLE_LENGTH, seed);
      assertArrayEquals(new byte[4 * PAGE], Arrays.copyOf(image, 4 * PAGE));
      garbage |= !Arrays.equals(image, new byte[image.length]);
    }
    assertTrue(garbage);
  }

  @Test
  void crashImage_sameSeed_isTheSame() {
    write(0, 3 * PAGE, 1);
    region.growTo(9 * PAGE);
    for (CrashPolicy policy : CrashPolicy.values()) {
      assertArrayEquals(region.crashImage(policy, 5), region.crashImage(policy, 5));
    }
  }

  @Test
  void truncateTo_unsynced_mayOrMayNotHaveHappened() {
    write(0, 4 * PAGE, 1);
    region.sync(SyncRole.COMMIT);
    region.truncateTo(PAGE);

    assertEquals(4 * PAGE, region.crashImage(CrashPolicy.NONE, 1).length);
    assertEquals(PAGE, region.crashImage(CrashPolicy.ALL, 1).length);
    region.growTo(4 * PAGE);
    region.sync(SyncRole.COMMIT);
    assertEquals(1, pagesWritten(region.durableImage()));
  }

  @Test
  void crashAt_eachMomentOfAWrite_appliesNothingHalfOrAll() {
    for (Moment moment : Moment.values()) {
      try (SimulatedRegion crashing = new SimulatedRegion(new byte[PAGE], PAGE)) {
        crashing.crashAt(new CrashPoint(2, moment));
        crashing.sync(SyncRole.COMMIT);
        source.fill((byte) 1);

        assertThrows(SimulatedCrash.class, () -> crashing.write(0, source, 0, PAGE));

        int written = 0;
        for (byte b : crashing.cachedImage()) {
          written += b;
        }
        assertEquals(moment.ordinal() * PAGE / 2, written);
        assertTrue(crashing.isCrashed());
        assertThrows(SimulatedCrash.class, () -> crashing.sync(SyncRole.COMMIT));
        assertEquals(PAGE, crashing.read(0, source, 0, PAGE));
      }
    }
  }

  @Test
  void crashAt_sync_isDurableOnlyAfterIt() {
    for (Moment moment : Moment.values()) {
      try (SimulatedRegion crashing = new SimulatedRegion(new byte[PAGE], PAGE)) {
        crashing.crashAt(new CrashPoint(2, moment));
        source.fill((byte) 1);
        crashing.write(0, source, 0, PAGE);

        assertThrows(SimulatedCrash.class, () -> crashing.sync(SyncRole.COMMIT));

        assertEquals(moment == Moment.AFTER ? 1 : 0, crashing.durableImage()[0]);
      }
    }
  }

  @Test
  void successor_afterAKill_inheritsWhatIsNotDurable() {
    write(0, PAGE, 1);
    region.close();

    try (SimulatedRegion next = region.successor()) {
      assertArrayEquals(region.cachedImage(), next.cachedImage());
      assertEquals(0, next.crashImage(CrashPolicy.NONE, 1)[0]);
      next.sync(SyncRole.COMMIT);
      assertEquals(1, next.durableImage()[0]);
      assertEquals(0, region.durableImage()[0]);
    }
  }

  @Test
  void failSync_losesThePages_tellsEachRoleOnce() {
    write(0, PAGE, 1);
    region.failSync(1);

    assertThrows(StoreIoException.class, () -> region.sync(SyncRole.COMMIT));
    region.sync(SyncRole.COMMIT);
    assertThrows(StoreIoException.class, () -> region.sync(SyncRole.CHECKPOINT));
    region.sync(SyncRole.CHECKPOINT);

    assertEquals(1, region.cachedImage()[0]);
    assertEquals(0, region.crashImage(CrashPolicy.ALL, 1)[0]);
    write(PAGE - 1, 1, 2);
    region.sync(SyncRole.COMMIT);
    assertEquals(1, region.durableImage()[0]);
  }

  @Test
  void failSync_ofARange_losesThatRangeOnly() {
    write(0, 2 * PAGE, 1);
    region.failSync(1);

    assertThrows(StoreIoException.class, () -> region.syncRange(SyncRole.COMMIT, 0, 8));
    region.sync(SyncRole.COMMIT);

    assertEquals(0, region.durableImage()[0]);
    assertEquals(1, region.durableImage()[PAGE]);
  }

  @Test
  void skipSync_reportsSuccess_butIsNotDurable() {
    region.skipSync(2);
    write(0, PAGE, 1);
    region.sync(SyncRole.COMMIT);
    write(0, PAGE, 2);

    region.syncRange(SyncRole.COMMIT, 0, PAGE);

    assertEquals(1, region.durableImage()[0]);
    region.syncRange(SyncRole.COMMIT, 0, PAGE);
    assertEquals(2, region.durableImage()[0]);
  }

  @Test
  void loseWrite_isCachedButNeverDurable() {
    region.loseWrite(2);
    write(0, PAGE, 1);
    write(PAGE, PAGE, 1);

    region.sync(SyncRole.COMMIT);

    assertEquals(1, region.durableImage()[0]);
    assertEquals(0, region.durableImage()[PAGE]);
    assertEquals(1, region.cachedImage()[PAGE]);
  }

  @Test
  void growTo_beyondTheCapacity_isFull() {
    region.growTo(CAPACITY);

    assertThrows(StoreFullException.class, () -> region.growTo(CAPACITY + 1));
    assertEquals(CAPACITY, region.sizeBytes());
  }

  @Test
  void operations_ofEachKind_areRecordedInOrder() {
    write(10, 20, 1);
    region.growTo(5 * PAGE);
    region.growTo(PAGE);
    region.truncateTo(4 * PAGE);
    region.syncRange(SyncRole.COMMIT, 0, 9);
    region.sync(SyncRole.CHECKPOINT);

    assertEquals(
        List.of(
            RegionOperation.write(10, 20),
            RegionOperation.grow(5 * PAGE),
            RegionOperation.truncate(4 * PAGE),
            RegionOperation.syncRange(SyncRole.COMMIT, 0, 9),
            RegionOperation.sync(SyncRole.CHECKPOINT)),
        region.operations());
    assertFalse(region.isCrashed());
    assertNotEquals(0, region.cachedImage()[10]);
  }

  private void write(long offset, int length, int value) {
    source.fill((byte) value);
    region.write(offset, source, 0, length);
  }

  private static int pagesWritten(byte[] image) {
    int count = 0;
    for (int page = 0; page < image.length; page += PAGE) {
      boolean written = false;
      for (int i = page; i < page + PAGE && i < image.length; i++) {
        written |= image[i] != 0;
      }
      count += written ? 1 : 0;
    }
    return count;
  }
}

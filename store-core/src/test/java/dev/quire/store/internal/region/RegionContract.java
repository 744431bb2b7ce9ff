package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.region.Region.SyncRole;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every [Region] does, on whatever it lies.
abstract class RegionContract {

  static final long PAGE = Region.MAP_ALIGNMENT_BYTES;

  final NativeBuffers buffers = new NativeBuffers();
  Region region;

  /// An empty region that can grow to 16 MiB.
  abstract Region openEmpty();

  @BeforeEach
  final void beginEmpty() {
    region = openEmpty();
    assertEquals(0, region.sizeBytes());
  }

  @AfterEach
  final void closeAll() {
    region.close();
    buffers.close();
  }

  @Test
  void growTo_largerSize_addsZeros() {
    region.growTo(3 * PAGE + 1);

    assertEquals(3 * PAGE + 1, region.sizeBytes());
    assertArrayEquals(new byte[(int) (3 * PAGE + 1)], bytesAt(0, 4 * PAGE));
    assertEquals(-1, region.map(0, PAGE).mismatch(buffers.allocate(PAGE)));
  }

  @Test
  void growTo_sameOrSmallerSize_changesNothing() {
    region.growTo(2 * PAGE);
    write(2 * PAGE - 3, "end".getBytes());

    region.growTo(2 * PAGE);
    region.growTo(PAGE);

    assertEquals(2 * PAGE, region.sizeBytes());
    assertArrayEquals("end".getBytes(), bytesAt(2 * PAGE - 3, 3));
  }

  @Test
  void growTo_again_keepsWhatWasWritten() {
    region.growTo(PAGE + 100);
    write(PAGE, random(100));
    byte[] before = bytesAt(0, PAGE + 100);

    region.growTo(5 * PAGE);

    assertArrayEquals(before, bytesAt(0, PAGE + 100));
    assertArrayEquals(new byte[1000], bytesAt(PAGE + 100, 1000));
  }

  @Test
  void write_anyRange_isSeenByReadsAndMappings() {
    region.growTo(4 * PAGE);
    MemorySegment mapping = region.map(PAGE, 2 * PAGE);
    byte[] bytes = random((int) PAGE);

    write(PAGE + 77, bytes);

    assertArrayEquals(bytes, bytesAt(PAGE + 77, PAGE));
    assertArrayEquals(bytes, mapping.asSlice(77, PAGE).toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void write_fromWithinSource_takesThatRange() {
    region.growTo(PAGE);
    MemorySegment source = copyOf(random(1000));

    region.write(8, source, 100, 200);

    byte[] expected = source.asSlice(100, 200).toArray(ValueLayout.JAVA_BYTE);
    assertArrayEquals(expected, bytesAt(8, 200));
    assertArrayEquals(new byte[8], bytesAt(0, 8));
    assertArrayEquals(new byte[8], bytesAt(208, 8));
  }

  @Test
  void write_manyMebibytes_writesAll() {
    byte[] bytes = random(9 << 20);
    region.growTo(bytes.length);

    write(0, bytes);

    assertArrayEquals(bytes, bytesAt(0, bytes.length));
  }

  @Test
  void write_upToTheEnd_isAllowed() {
    region.growTo(PAGE);

    write(PAGE - 5, new byte[] {1, 2, 3, 4, 5});

    assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, bytesAt(PAGE - 5, 100));
    assertEquals(PAGE, region.sizeBytes());
  }

  @Test
  void write_beyondTheEnd_isRefused() {
    region.growTo(PAGE);

    assertThrows(IllegalArgumentException.class, () -> write(PAGE - 4, new byte[5]));
    assertThrows(IllegalArgumentException.class, () -> write(-1, new byte[1]));
    assertEquals(PAGE, region.sizeBytes());
  }

  @Test
  void write_nothing_changesNothing() {
    region.growTo(PAGE);

    write(PAGE, new byte[0]);

    assertEquals(PAGE, region.sizeBytes());
  }

  @Test
  void read_acrossTheEnd_returnsWhatIsThere() {
    region.growTo(PAGE);
    MemorySegment target = buffers.allocate(PAGE);

    assertEquals(0, region.read(0, target, 0, 0));
    assertEquals(10, region.read(PAGE - 10, target, 0, 10));
    assertEquals(10, region.read(PAGE - 10, target, 0, 11));
    assertEquals(0, region.read(PAGE, target, 0, 10));
    assertEquals(0, region.read(10 * PAGE, target, 0, 10));
  }

  @Test
  void map_theWholeFile_endsWithIt() {
    region.growTo(2 * PAGE + 10);

    assertEquals(2 * PAGE + 10, region.map(0, 2 * PAGE + 10).byteSize());
    assertEquals(10, region.map(2 * PAGE, 10).byteSize());
  }

  @Test
  void map_unalignedOrBeyondTheEnd_isRefused() {
    region.growTo(2 * PAGE);

    assertThrows(IllegalArgumentException.class, () -> region.map(1, PAGE));
    assertThrows(IllegalArgumentException.class, () -> region.map(512, PAGE));
    assertThrows(IllegalArgumentException.class, () -> region.map(-PAGE, PAGE));
    assertThrows(IllegalArgumentException.class, () -> region.map(0, -1));
    assertThrows(IllegalArgumentException.class, () -> region.map(PAGE, PAGE + 1));
    assertEquals(2 * PAGE, region.sizeBytes());
  }

  @Test
  void map_store_isRefused() {
    region.growTo(PAGE);
    MemorySegment mapping = region.map(0, PAGE);

    assertTrue(mapping.isReadOnly());
    assertThrows(
        IllegalArgumentException.class, () -> mapping.set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
  }

  @Test
  void map_beforeGrowth_staysValidAndCurrent() {
    region.growTo(PAGE);
    MemorySegment old = region.map(0, PAGE);

    region.growTo(100 * PAGE);
    write(5, new byte[] {42});

    assertEquals(42, old.get(ValueLayout.JAVA_BYTE, 5));
    assertEquals(42, region.map(0, 100 * PAGE).get(ValueLayout.JAVA_BYTE, 5));
  }

  @Test
  void mapWritable_storableOrNot_isAllowedOrRefused() {
    region.growTo(2 * PAGE);
    if (!region.storable()) {
      assertThrows(IllegalStateException.class, () -> region.mapWritable(0, PAGE));
      return;
    }
    MemorySegment reader = region.map(PAGE, PAGE);

    region.mapWritable(PAGE, PAGE).set(ValueLayout.JAVA_BYTE, 7, (byte) 9);

    assertEquals(9, reader.get(ValueLayout.JAVA_BYTE, 7));
    assertArrayEquals(new byte[] {9}, bytesAt(PAGE + 7, 1));
    assertThrows(IllegalArgumentException.class, () -> region.mapWritable(PAGE, PAGE + 1));
  }

  @Test
  void truncateTo_smallerSize_cutsForGood() {
    region.growTo(4 * PAGE);
    write(0, random((int) (4 * PAGE)));
    byte[] kept = bytesAt(0, PAGE + 100);

    region.truncateTo(PAGE + 100);
    assertEquals(PAGE + 100, region.sizeBytes());
    region.growTo(4 * PAGE);

    assertArrayEquals(kept, bytesAt(0, PAGE + 100));
    assertArrayEquals(new byte[(int) (3 * PAGE - 100)], bytesAt(PAGE + 100, 3 * PAGE));
  }

  @Test
  void truncateTo_largerSize_doesNotGrow() {
    region.growTo(PAGE);

    region.truncateTo(PAGE);
    region.truncateTo(2 * PAGE);

    assertEquals(PAGE, region.sizeBytes());
  }

  @Test
  void sync_ofEachRole_succeeds() {
    region.growTo(4 << 20);
    for (SyncRole role : SyncRole.values()) {
      write(0, random(100));
      region.syncRange(role, 0, 100);
      region.syncRange(role, 4097, 0);
      region.syncRange(role, (4 << 20) - 1, 1);
      region.sync(role);
    }
  }

  @Test
  void everyOperation_onInterruptedThread_succeedsAndKeepsTheFlag() {
    byte[] bytes = random(5000);
    MemorySegment source = copyOf(bytes);
    interrupted(() -> region.growTo(2 << 20));
    interrupted(() -> region.write(1234, source, 0, 5000));
    interrupted(() -> assertArrayEquals(bytes, bytesAt(1234, 5000)));
    interrupted(() -> assertEquals(2 << 20, region.sizeBytes()));
    interrupted(() -> assertEquals(bytes[0], region.map(0, PAGE).get(ValueLayout.JAVA_BYTE, 1234)));
    for (SyncRole role : SyncRole.values()) {
      interrupted(() -> region.syncRange(role, 0, 8192));
      interrupted(() -> region.sync(role));
    }
    interrupted(() -> region.truncateTo(1 << 20));
    assertArrayEquals(bytes, bytesAt(1234, 5000));
  }

  @Test
  void everyOperation_underAStormOfInterrupts_succeeds() {
    region.growTo(PAGE);
    byte[] bytes = random((int) PAGE);
    MemorySegment source = copyOf(bytes);
    InterruptStorm.run(
        round -> {
          region.growTo(PAGE * (round + 2));
          region.write(PAGE * round, source, 0, PAGE);
          region.map(0, PAGE * (round + 1));
          region.syncRange(SyncRole.COMMIT, PAGE * round, PAGE);
          if (round % 16 == 0) {
            region.sync(SyncRole.CHECKPOINT);
          }
          assertArrayEquals(bytes, bytesAt(PAGE * round, PAGE));
          return round < 150;
        });
    for (int round = 0; round <= 150; round++) {
      assertArrayEquals(bytes, bytesAt(PAGE * round, PAGE));
    }
  }

  @Test
  void close_thenMapping_fails() {
    region.growTo(PAGE);
    MemorySegment mapping = region.map(0, PAGE);

    region.close();

    assertThrows(IllegalStateException.class, () -> mapping.get(ValueLayout.JAVA_BYTE, 0));
    assertDoesNotThrow(region::close);
  }

  final void write(long offset, byte[] bytes) {
    region.write(offset, copyOf(bytes), 0, bytes.length);
  }

  final byte[] bytesAt(long offset, long length) {
    MemorySegment target = buffers.allocate(Math.max(1, length));
    long count = region.read(offset, target, 0, length);
    return target.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
  }

  final MemorySegment copyOf(byte[] bytes) {
    MemorySegment segment = buffers.allocate(Math.max(1, bytes.length));
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static void interrupted(Runnable operation) {
    Thread.currentThread().interrupt();
    operation.run();
    assertTrue(Thread.interrupted(), "the flag was lost");
  }
}

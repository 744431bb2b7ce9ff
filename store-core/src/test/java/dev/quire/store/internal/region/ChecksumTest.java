package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumTest {

  private final NativeBuffers buffers = new NativeBuffers();
  private final Checksum checksum = new Checksum();

  @AfterEach
  void freeBuffers() {
    buffers.close();
  }

  @Test
  void of_checkString_isTheCatalogueValue() {
    assertEquals(0xe3069283, checksum.of(segment("123456789"), 0, 9));
  }

  @Test
  void of_nothing_isZero() {
    assertEquals(0, checksum.of(segment("x"), 0, 0));
    assertEquals(0, checksum.of(segment("x"), 1, 0));
  }

  @Test
  void of_twoRanges_isThatOfBothTogether() {
    MemorySegment memory = segment("12345..6789..");

    assertEquals(0xe3069283, checksum.of(memory, 0, 5, 7, 4));
    assertEquals(0xe3069283, checksum.of(segment("678912345"), 4, 5, 0, 4));
  }

  @Test
  void of_rangeAfterRange_doesNotDependOnTheEarlier() {
    MemorySegment memory = segment("123456789123456789");

    assertEquals(0xe3069283, checksum.of(memory, 9, 9));
    assertEquals(0xe3069283, checksum.of(memory, 0, 9));
    assertNotEquals(0xe3069283, checksum.of(memory, 1, 9));
    assertEquals(0xe3069283, checksum.of(segment("123456789"), 0, 9));
  }

  @Test
  void chained_previous_isFedInFirstLowestByteFirst() {
    CRC32C expected = new CRC32C();
    expected.update(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0x12345678).flip());
    expected.update("abc".getBytes(StandardCharsets.US_ASCII));

    assertEquals((int) expected.getValue(), checksum.chained(0x12345678, segment("abc"), 0, 3));
  }

  @Test
  void of_rangeBeyondTheSegment_isRefused() {
    MemorySegment memory = segment("12345");

    assertThrows(IndexOutOfBoundsException.class, () -> checksum.of(memory, 0, 6));
    assertThrows(IndexOutOfBoundsException.class, () -> checksum.of(memory, 6, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> checksum.of(memory, -1, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> checksum.of(memory, 0, -1));
    assertThrows(IndexOutOfBoundsException.class, () -> checksum.of(memory, 1, Long.MAX_VALUE));
  }

  @Test
  void of_mapping_isRefused(@TempDir Path directory) {
    try (MappedRegion region = MappedRegion.create(directory.resolve("data"))) {
      region.growTo(4096);
      MemorySegment mapping = region.map(0, 4096);

      assertThrows(IllegalArgumentException.class, () -> checksum.of(mapping, 0, 8));
      assertThrows(IllegalArgumentException.class, () -> checksum.of(mapping.asSlice(8, 8), 0, 8));
    }
  }

  private MemorySegment segment(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    MemorySegment memory = buffers.allocate(bytes.length);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return memory;
  }
}

package dev.quire.store.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyBytesTest {

  private static MemorySegment exact(byte[] bytes) {
    MemorySegment segment = Arena.ofAuto().allocate(bytes.length);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  @Test
  void compare_anyLengths_isUnsignedByteOrder() {
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      byte[] left = new byte[random.nextInt(20)];
      byte[] right = new byte[random.nextInt(20)];
      for (int i = 0; i < 20; i++) {
        byte value = (byte) (random.nextInt(8) == 0 ? 0xFF : 0);
        if (i < left.length) {
          left[i] = value;
        }
        if (i < right.length) {
          right[i] = random.nextInt(30) == 0 ? (byte) 0x80 : value;
        }
      }
      MemorySegment page = exact(right);
      int order = KeyBytes.compare(left, left.length, 0, page, 0, right.length);
      int expected = Arrays.compareUnsigned(left, right);
      assertEquals(Integer.signum(expected), Integer.signum(order));
      boolean same = left.length == right.length && expected == 0;
      if (left.length >= right.length) {
        boolean begins = Arrays.equals(Arrays.copyOf(left, right.length), right);
        assertEquals(begins, KeyBytes.matches(left, 0, page, 0, right.length));
        int side = KeyBytes.comparePrefix(left, left.length, page, 0, right.length);
        assertEquals(begins, side == 0);
        assertTrue(!same || begins);
      }
    }
  }

  @Test
  void comparePrefix_keyShorterThanPrefix_isLess() {
    MemorySegment prefix = exact(new byte[] {1, 2, 3});
    assertTrue(KeyBytes.comparePrefix(new byte[] {1, 2}, 2, prefix, 0, 3) < 0);
    assertTrue(KeyBytes.comparePrefix(new byte[] {1, 3}, 2, prefix, 0, 3) > 0);
    assertEquals(0, KeyBytes.comparePrefix(new byte[] {9}, 1, prefix, 0, 0));
    assertEquals(0, KeyBytes.comparePrefix(new byte[] {1, 2, 3, 0}, 4, prefix, 0, 3));
  }

  @Test
  void word_behindTheEnd_isPaddedWithZeros() {
    byte[] key = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99};
    assertEquals(0x0102030405060708L, KeyBytes.word(key, 10, 0));
    assertEquals(0x0304050607080900L, KeyBytes.word(key, 9, 2));
    assertEquals(0x0A00000000000000L, KeyBytes.word(key, 10, 9));
    assertEquals(0, KeyBytes.word(key, 10, 10));
    assertEquals(0x0102030000000000L, KeyBytes.word(key, 3, 0));
    assertEquals(0x0300000000000000L, KeyBytes.word(key, 3, 2));
    assertEquals(0, KeyBytes.word(key, 3, 3));
    assertEquals(0, KeyBytes.word(key, 0, 0));
    assertEquals(0x090A0000, KeyBytes.head(key, 10, 8));
    assertEquals(0x01020304, KeyBytes.head(key, 10, 0));
    assertEquals(0, KeyBytes.head(key, 10, 10));
  }

  @Test
  void head_ofPageBytes_isThatOfTheKey() {
    byte[] key = {(byte) 0xFF, 0, 7, 1, 5};
    for (int count = 0; count <= key.length; count++) {
      byte[] bytes = Arrays.copyOf(key, count);
      assertEquals(KeyBytes.head(key, count, 0), KeyBytes.head(exact(bytes), 0, count));
    }
  }

  @Test
  void matches_lastByteDiffers_isFalse() {
    for (int length = 1; length < 40; length++) {
      byte[] key = new byte[length];
      byte[] other = key.clone();
      assertTrue(KeyBytes.matches(key, 0, exact(other), 0, length));
      other[length - 1] = 1;
      assertFalse(KeyBytes.matches(key, 0, exact(other), 0, length));
    }
  }

  @Test
  void fingerprint_everyByteCounts() {
    for (int length : new int[] {1, 7, 8, 9, 16, 17, 30, 100}) {
      for (int at = 0; at < length; at++) {
        byte[] key = new byte[length];
        int collisions = 0;
        int zero = Fingerprint.of(key, length);
        for (int value = 1; value < 256; value++) {
          key[at] = (byte) value;
          collisions += Fingerprint.of(key, length) == zero ? 1 : 0;
        }
        assertTrue(collisions < 8, "length " + length + ", byte " + at + ": " + collisions);
      }
    }
  }

  @Test
  void fingerprint_storedValues_neverChange() {
    assertEquals(0, Fingerprint.of(new byte[0], 0));
    assertEquals(142, Fingerprint.of(new byte[1], 1));
    assertEquals(159, Fingerprint.of("quire".getBytes(), 5));
    assertEquals(100, Fingerprint.of("0123456789abcdef".getBytes(), 16));
    assertEquals(55, Fingerprint.of("a key of more than sixteen bytes".getBytes(), 32));
  }
}

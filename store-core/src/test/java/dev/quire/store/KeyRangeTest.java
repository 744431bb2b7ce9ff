package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyRangeTest {

  private static byte[] key(int... values) {
    byte[] key = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      key[i] = (byte) values[i];
    }
    return key;
  }

  @Test
  void prefix_ordinary_endsAtItsSuccessor() {
    KeyRange range = KeyRange.prefix(key(1, 2));
    assertArrayEquals(key(1, 2), range.from());
    assertArrayEquals(key(1, 3), range.to());
    assertTrue(range.fromInclusive());
    assertFalse(range.toInclusive());
  }

  @Test
  void prefix_endingInAllOnes_carries() {
    assertArrayEquals(key(2), KeyRange.prefix(key(1, 0xFF, 0xFF)).to());
    assertNull(KeyRange.prefix(key(0xFF, 0xFF)).to());
    assertNull(KeyRange.prefix(key()).to());
  }

  @Test
  void contains_bytesAreUnsigned() {
    assertTrue(KeyRange.atLeast(key(0x7F)).contains(key(0x80)));
    assertFalse(KeyRange.atMost(key(0x7F)).contains(key(0x80)));
  }

  @Test
  void arrays_passedAndReturned_areCopies() {
    byte[] from = key(1);
    KeyRange range = KeyRange.atLeast(from);
    from[0] = 9;
    byte[] returned = range.from();
    assertArrayEquals(key(1), returned);
    assertEquals(KeyRange.atLeast(key(1)), range);
  }

  @Test
  void equals_sameEndsAndDirection() {
    assertEquals(KeyRange.between(key(1), key(2)), KeyRange.between(key(1), true, key(2), false));
    assertEquals(
        KeyRange.between(key(1), key(2)).hashCode(), KeyRange.between(key(1), key(2)).hashCode());
    assertNotEquals(KeyRange.all(), KeyRange.all().reversed());
    assertEquals(KeyRange.all(), KeyRange.all().reversed().reversed());
  }

  @Test
  void toString_isIntervalNotation() {
    assertEquals("[-, -]", KeyRange.all().toString());
    assertEquals("[61, 62)", KeyRange.prefix(key('a')).toString());
    assertEquals("(61, -] descending", KeyRange.greaterThan(key('a')).reversed().toString());
  }

  @Test
  void forIntegerKeys_anyEnds_holdTheSameKeysOfEightBytes() {
    long seed = Long.getLong("quire.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      KeyRange range =
          KeyRange.between(end(random), random.nextBoolean(), end(random), random.nextBoolean());
      KeyRange fitting = range.forIntegerKeys();
      for (byte[] probe : probes(random)) {
        assertEquals(
            range.contains(probe),
            fitting.contains(probe),
            () -> "-Dquire.seed=" + seed + ": " + range + " became " + fitting);
      }
    }
  }

  private static byte[] end(Random random) {
    byte[] end = new byte[random.nextInt(11)];
    for (int i = 0; i < end.length; i++) {
      end[i] = (byte) random.nextInt(2);
    }
    return end;
  }

  private static List<byte[]> probes(Random random) {
    List<byte[]> probes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      byte[] probe = new byte[8];
      for (int j = 0; j < probe.length; j++) {
        probe[j] = (byte) random.nextInt(2);
      }
      probes.add(probe);
    }
    return probes;
  }

  @Test
  void keys_numbers_areBigEndian() {
    assertArrayEquals(key(0, 0, 0, 0, 0, 0, 1, 2), Keys.ofLong(258));
    assertEquals(258, Keys.toLong(Keys.ofLong(258)));
    assertEquals(-1, Keys.toLong(Keys.ofLong(-1)));
    assertThrows(IllegalArgumentException.class, () -> Keys.toLong(key(1)));
  }
}

package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BytesTest {

  @Test
  void compare_unequalBytes_areUnsigned() {
    assertOrder(-1, new byte[] {0x7f}, new byte[] {(byte) 0x80});
    assertOrder(-1, new byte[] {1, 0}, new byte[] {1, (byte) 0xff});
    assertOrder(1, new byte[] {2}, new byte[] {1, 5});
  }

  @Test
  void compare_prefix_comesFirst() {
    assertOrder(-1, new byte[] {}, new byte[] {0});
    assertOrder(-1, new byte[] {1, 2}, new byte[] {1, 2, 0});
    assertOrder(0, new byte[] {}, new byte[] {});
    assertOrder(0, new byte[] {1, 2}, new byte[] {1, 2});
  }

  @Test
  void compare_randomKeys_agreesWithTheJdk() {
    long seed = Long.getLong("quire.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      byte[] a = key(random);
      byte[] b = key(random);
      assertOrder(Integer.signum(Arrays.compareUnsigned(a, b)), a, b, "-Dquire.seed=" + seed);
    }
  }

  @Test
  void compare_ranges_lookAtNothingElse() {
    MemorySegment a = MemorySegment.ofArray(new byte[] {9, 1, 2, 3});
    MemorySegment b = MemorySegment.ofArray(new byte[] {1, 2, 4});

    assertEquals(0, Bytes.compare(a, 1, 2, b, 0, 2));
    assertEquals(-1, Integer.signum(Bytes.compare(a, 1, 3, b, 0, 3)));
    assertEquals(0, Bytes.compare(a, 1, 2, new byte[] {1, 2, 7}, 2));
    assertEquals(0, Bytes.compare(new byte[] {1, 2, 7}, 2, new byte[] {1, 2, 8}, 2));
  }

  @Test
  void preview_anyBytes_isPrintable() {
    byte[] bytes = {'a', ' ', '~', '"', '\\', 0, 0x1f, 0x7f, (byte) 0xff};

    assertEquals("\"a ~\\\"\\\\\\x00\\x1f\\x7f\\xff\"", Bytes.preview(bytes, bytes.length));
    assertEquals("\"\"", Bytes.preview(bytes, 0));
  }

  @Test
  void preview_longBytes_isCutAfter32() {
    byte[] bytes = new byte[33];
    Arrays.fill(bytes, (byte) 'k');

    assertEquals('"' + "k".repeat(32) + '"', Bytes.preview(bytes, 32));
    assertEquals('"' + "k".repeat(32) + "\"... (33 bytes)", Bytes.preview(bytes, 33));
    MemorySegment memory = MemorySegment.ofArray(bytes);
    assertEquals("\"kk\"", Bytes.preview(memory, 31, 2));
  }

  private static void assertOrder(int expected, byte[] a, byte[] b) {
    assertOrder(expected, a, b, Arrays.toString(a) + " and " + Arrays.toString(b));
  }

  private static void assertOrder(int expected, byte[] a, byte[] b, String message) {
    MemorySegment aMemory = MemorySegment.ofArray(a);
    MemorySegment bMemory = MemorySegment.ofArray(b);
    assertEquals(expected, Integer.signum(Bytes.compare(a, a.length, b, b.length)), message);
    assertEquals(
        expected,
        Integer.signum(Bytes.compare(aMemory, 0, a.length, bMemory, 0, b.length)),
        message);
    assertEquals(
        -expected, Integer.signum(Bytes.compare(bMemory, 0, b.length, a, a.length)), message);
  }

  private static byte[] key(Random random) {
    byte[] key = new byte[random.nextInt(20)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (random.nextInt(3) - 1);
    }
    return key;
  }
}

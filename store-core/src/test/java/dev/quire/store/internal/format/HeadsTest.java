package dev.quire.store.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeadsTest {

  @Test
  void atLeast_anyCount_isFirstNotLess() {
    Random random = new Random(1);
    for (int count = 0; count < 200; count++) {
      int[] heads = random.ints(count, -20, 20).toArray();
      for (int i = 0; i < count; i++) {
        heads[i] ^= Integer.MIN_VALUE;
      }
      Arrays.sort(heads);
      MemorySegment segment = Arena.ofAuto().allocate(4L * count + 4);
      for (int i = 0; i < count; i++) {
        heads[i] ^= Integer.MIN_VALUE;
        segment.set(Le.U32, 4L * i, heads[i]);
      }
      for (int head = -21; head <= 21; head++) {
        int expected = 0;
        int expectedEnd = 0;
        for (int found : heads) {
          expected += Integer.compareUnsigned(found, head) < 0 ? 1 : 0;
          expectedEnd += Integer.compareUnsigned(found, head) <= 0 ? 1 : 0;
        }
        int low = Heads.atLeast(segment, 0, 0, count, head);
        assertEquals(expected, low);
        assertEquals(expectedEnd, Heads.equalEnd(segment, 0, low, count, head));
      }
    }
  }
}

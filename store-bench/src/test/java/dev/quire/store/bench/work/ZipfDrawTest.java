package dev.quire.store.bench.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ZipfDrawTest {

  private static final int ENTRIES = 10_000;
  private static final int DRAWN = 1 << 20;

  private static int[] countsInOrder() {
    ZipfDraw draw = new ZipfDraw(ENTRIES, 42);
    int[] counts = new int[ENTRIES];
    for (int i = 0; i < DRAWN; i++) {
      counts[draw.nextIndex()]++;
    }
    Arrays.sort(counts);
    return counts;
  }

  @Test
  void nextIndex_mostFrequent_hasItsShare() {
    double zeta = 0;
    for (int rank = 1; rank <= ENTRIES; rank++) {
      zeta += Math.pow(rank, -0.99);
    }
    int most = countsInOrder()[ENTRIES - 1];
    assertEquals(1 / zeta, (double) most / DRAWN, 0.01);
  }

  @Test
  void nextIndex_hundredth_isFarLessFrequentThanTheFirst() {
    int[] counts = countsInOrder();
    assertTrue(counts[ENTRIES - 100] < counts[ENTRIES - 1] / 50);
    assertTrue(counts[ENTRIES - 100] > counts[ENTRIES - 1] / 200);
  }
}

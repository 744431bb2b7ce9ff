package dev.quire.store.cli.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/// The number that tells whether samples came over is another one if they did not.
class SampleWindowsTest {

  private static final int BLOCKS = 5;

  private final MemorySegment block = Arena.ofAuto().allocate(SampleBlock.BYTES);

  private SampleWindows windows(LongConsumer spoil) {
    SampleWindows windows = new SampleWindows();
    for (long number = 0; number < BLOCKS; number++) {
      SampleBlock.fill(block, number);
      spoil.accept(number);
      windows.add(block);
    }
    return windows;
  }

  @Test
  void add_sameBlocks_givesTheSame() {
    SampleWindows windows = windows(number -> {});
    assertEquals(BLOCKS * SampleBlock.SAMPLES / SampleWindows.SAMPLES, windows.count());
    assertEquals(windows.checksum(), windows(number -> {}).checksum());
  }

  @Test
  void add_oneSampleChanged_givesAnother() {
    long right = windows(number -> {}).checksum();
    long middle = SampleBlock.FIRST_SAMPLE + 1234L * SampleBlock.SAMPLE_BYTES + SampleBlock.VALUE;
    long wrong =
        windows(
                number -> {
                  if (number == 2) {
                    double value = block.get(SampleBlock.DOUBLE, middle);
                    block.set(SampleBlock.DOUBLE, middle, value + 1);
                  }
                })
            .checksum();
    assertNotEquals(right, wrong);
  }

  @Test
  void add_blockTwiceOrInAnotherPlace_givesAnother() {
    long right = windows(number -> {}).checksum();
    assertNotEquals(
        right, windows(number -> SampleBlock.fill(block, Math.max(0, number - 1))).checksum());
    assertNotEquals(right, windows(number -> SampleBlock.fill(block, number ^ 1)).checksum());
  }

  @Test
  void add_window_hasLeastGreatestAndMean() {
    double least = Double.MAX_VALUE;
    double greatest = -Double.MAX_VALUE;
    double sum = 0;
    int count = 0;
    SampleWindows windows = new SampleWindows();
    for (long number = 0; number < 2; number++) {
      SampleBlock.fill(block, number);
      windows.add(block);
      for (int i = 0; i < SampleBlock.SAMPLES && count < SampleWindows.SAMPLES; i++) {
        double value =
            block.get(
                SampleBlock.DOUBLE,
                SampleBlock.FIRST_SAMPLE + (long) i * SampleBlock.SAMPLE_BYTES + SampleBlock.VALUE);
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
        sum += value;
        count++;
      }
    }
    assertEquals(
        new SampleWindows.Window(0, least, greatest, sum / SampleWindows.SAMPLES), windows.last());
  }
}

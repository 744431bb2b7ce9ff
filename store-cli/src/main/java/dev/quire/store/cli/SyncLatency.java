package dev.quire.store.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// How long a disk takes to keep 4 KiB for good.
///
/// @param medianNanos half of the syncs took less
/// @param worstNanos the longest
record SyncLatency(long medianNanos, long worstNanos) {

  private static final int SYNCS = 50;
  private static final long SLOW_NANOS = 20_000_000;
  private static final long DISK_NANOS = 3_000_000;
  private static final long FLASH_NANOS = 50_000;

  /// Measures it with a file in `place`, which is removed again.
  static SyncLatency measure(Path place) throws IOException {
    Path file = Files.createTempFile(place, ".quire-sync", ".tmp");
    long[] nanos = new long[SYNCS];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocate(4096);
      for (int i = 0; i < SYNCS; i++) {
        long begin = System.nanoTime();
        channel.write(block.clear(), 0);
        channel.force(false);
        nanos[i] = System.nanoTime() - begin;
      }
    } finally {
      Files.delete(file);
    }
    Arrays.sort(nanos);
    return new SyncLatency(nanos[SYNCS / 2], nanos[SYNCS - 1]);
  }

  /// Whether durable commits, one by one, are slow on it.
  boolean isSlow() {
    return medianNanos > SLOW_NANOS;
  }

  /// The two numbers.
  String text() {
    return "median " + Amounts.micros(medianNanos) + ", worst " + Amounts.micros(worstNanos);
  }

  /// What they mean.
  String verdict() {
    if (isSlow()) {
      return "slow: each durable commit waits so long; group commits, or use INTERVAL durability";
    }
    if (medianNanos > DISK_NANOS) {
      return "usual for a spinning or a remote disk: group commits where rates matter";
    }
    return medianNanos >= FLASH_NANOS
        ? "good: usual for an SSD"
        : "faster than disks are: it is memory, or a cache that may or may not outlive a power cut";
  }
}

package dev.quire.store.testing;

import dev.quire.store.testing.SimulatedDisk.Version;
import java.util.Map;
import java.util.SplittableRandom;

/// One image that a crash can leave, told by what it consists of: the durable bytes, and chosen
/// versions of sectors that are not durable. Valid until the disk changes.
///
/// Images with equal bytes have equal fingerprints, so those that were seen before need not be
/// made.
public final class CrashImage {

  /// Says that what was never written is zero.
  private static final long ZEROS = 0;

  private final SimulatedDisk disk;
  private final Map<Integer, Version> chosen;
  private final int length;
  private final long garbageSeed;

  CrashImage(SimulatedDisk disk, Map<Integer, Version> chosen, int length) {
    this(disk, chosen, length, ZEROS);
  }

  private CrashImage(
      SimulatedDisk disk, Map<Integer, Version> chosen, int length, long garbageSeed) {
    this.disk = disk;
    this.chosen = chosen;
    this.length = length;
    this.garbageSeed = garbageSeed;
  }

  /// The same, with garbage where the file is longer than it durably was and nothing was written.
  CrashImage withGarbage(long seed) {
    return new CrashImage(disk, chosen, length, seed | 1);
  }

  /// A number that follows from the bytes.
  public long fingerprint() {
    long sum = disk.durableFingerprint(length);
    for (Map.Entry<Integer, Version> entry : chosen.entrySet()) {
      int sector = entry.getKey();
      if ((long) sector * SimulatedDisk.SECTOR_BYTES < length) {
        sum += entry.getValue().fingerprint() - disk.durableSectorFingerprint(sector);
      }
    }
    return SimulatedDisk.mix(sum + SimulatedDisk.mix(length + 1L)) + garbageSeed;
  }

  /// The bytes.
  public byte[] bytes() {
    byte[] image = new byte[length];
    disk.copyDurable(image);
    for (Map.Entry<Integer, Version> entry : chosen.entrySet()) {
      int offset = entry.getKey() * SimulatedDisk.SECTOR_BYTES;
      if (offset < length) {
        int count = Math.min(SimulatedDisk.SECTOR_BYTES, length - offset);
        System.arraycopy(entry.getValue().content(), 0, image, offset, count);
      }
    }
    if (garbageSeed != ZEROS) {
      fillWithGarbage(image);
    }
    return image;
  }

  private void fillWithGarbage(byte[] image) {
    SplittableRandom random = new SplittableRandom(garbageSeed);
    byte[] garbage = new byte[SimulatedDisk.SECTOR_BYTES];
    int first = disk.firstSectorBehind();
    for (int sector = first; sector * SimulatedDisk.SECTOR_BYTES < image.length; sector++) {
      if (!chosen.containsKey(sector)) {
        random.nextBytes(garbage);
        int offset = sector * SimulatedDisk.SECTOR_BYTES;
        int count = Math.min(SimulatedDisk.SECTOR_BYTES, image.length - offset);
        System.arraycopy(garbage, 0, image, offset, count);
      }
    }
  }
}

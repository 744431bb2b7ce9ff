package dev.quire.store.testing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// What a disk holds under a page cache: the durable bytes, and every version of every sector that
/// was written since it was last synced.
///
/// Choices are made by a [SplittableRandom]: the first numbers of `Random` hardly depend on small
/// seeds.
///
/// Sectors of 512 bytes are written as a whole or not at all; nothing else is promised. Syncs work
/// on whole pages of 4 KiB. A page that was dropped (its writeback failed, or the disk lost it) is
/// clean in the cache: it becomes durable only if it is written again.
final class SimulatedDisk {

  static final int SECTOR_BYTES = 512;
  static final int PAGE_BYTES = 4096;
  private static final int SECTORS_PER_PAGE = PAGE_BYTES / SECTOR_BYTES;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// One content of a sector, and the number of the operation that made it.
  record Version(long operation, byte[] content, long fingerprint) {}

  /// One length of the file, and the number of the operation that made it.
  private record Length(long operation, long sizeBytes) {}

  /// The durable bytes; zero from `durableLength` on.
  private byte[] durable;

  private int durableLength;

  /// Fingerprints of the durable sectors, and their sum; made when they are first asked for.
  private long[] fingerprints = {};

  private long fingerprintSum;

  /// Versions since the last sync, oldest first, by sector number. No list is empty.
  private final TreeMap<Integer, List<Version>> unsynced = new TreeMap<>();

  /// Lengths since the last sync, oldest first.
  private final List<Length> lengths = new ArrayList<>();

  /// Sectors whose cached content is not durable and will not be.
  private final BitSet dropped = new BitSet();

  /// Whether anybody will ask what a crash leaves.
  private boolean watched = true;

  /// A disk with these bytes, which are nobody else's.
  SimulatedDisk(byte[] image) {
    durable = image;
    durableLength = image.length;
  }

  SimulatedDisk(SimulatedDisk other) {
    durable = other.durable.clone();
    durableLength = other.durableLength;
    fingerprints = other.fingerprints.clone();
    fingerprintSum = other.fingerprintSum;
    other.unsynced.forEach((sector, versions) -> unsynced.put(sector, new ArrayList<>(versions)));
    lengths.addAll(other.lengths);
    dropped.or(other.dropped);
  }

  /// From now on nobody asks what a crash leaves, so nothing is kept for that.
  void unwatch() {
    watched = false;
  }

  /// A range of the cache has changed: all pages that it touches are dirty.
  void written(long operation, MemorySegment cache, long offset, long length) {
    if (length == 0 || !watched) {
      return;
    }
    int first = sectorOf(offset);
    int last = sectorOf(offset + length - 1);
    for (int sector = first; sector <= last; sector++) {
      addVersion(operation, cache, sector);
    }
    int end = (last / SECTORS_PER_PAGE + 1) * SECTORS_PER_PAGE;
    int sector = dropped.nextSetBit(first / SECTORS_PER_PAGE * SECTORS_PER_PAGE);
    while (sector >= 0 && sector < end) {
      addVersion(operation, cache, sector);
      sector = dropped.nextSetBit(sector + 1);
    }
  }

  /// The file has a new length. What was cut off is zero in the cache already.
  void resized(long operation, long sizeBytes) {
    lengths.add(new Length(operation, sizeBytes));
  }

  /// Everything becomes durable.
  void sync() {
    for (Map.Entry<Integer, List<Version>> entry : unsynced.entrySet()) {
      persist(entry.getKey(), entry.getValue().getLast());
    }
    unsynced.clear();
    setDurableLength(currentLength());
    lengths.clear();
  }

  /// The pages that the range touches become durable, and so much of the length as they need.
  void syncRange(long offset, long length) {
    var range = sectorsOfPages(offset, length);
    for (Map.Entry<Integer, List<Version>> entry : range.entrySet()) {
      persist(entry.getKey(), entry.getValue().getLast());
    }
    range.clear();
    int end = (int) Math.min(offset + length, currentLength());
    durableLength = Math.max(durableLength, end);
  }

  /// A writeback failed: what was dirty is clean now, and not durable.
  void dropAll() {
    unsynced.keySet().forEach(dropped::set);
    unsynced.clear();
  }

  /// The same for the pages that a range touches.
  void dropRange(long offset, long length) {
    var range = sectorsOfPages(offset, length);
    range.keySet().forEach(dropped::set);
    range.clear();
  }

  int unsyncedSectorCount() {
    return unsynced.size();
  }

  byte[] durableImage() {
    return Arrays.copyOf(durable, durableLength);
  }

  void copyDurable(byte[] target) {
    System.arraycopy(durable, 0, target, 0, Math.min(target.length, durableLength));
  }

  /// The first sector of which nothing is durable.
  int firstSectorBehind() {
    return Math.ceilDiv(durableLength, SECTOR_BYTES);
  }

  /// Number of images that a crash can leave, with the length as it was, as it is, or between;
  /// [Long#MAX_VALUE] if there are more than that.
  long variantCount() {
    long count = lengthChoices();
    for (List<Version> versions : unsynced.values()) {
      count = times(count, versions.size() + 1);
    }
    return count;
  }

  /// The image of the given number, from 0 (nothing unsynced) to [#variantCount] - 1 (everything).
  CrashImage variant(long number) {
    long rest = number;
    TreeMap<Integer, Version> chosen = new TreeMap<>();
    for (Map.Entry<Integer, List<Version>> entry : unsynced.entrySet()) {
      int choices = entry.getValue().size() + 1;
      int choice = (int) (rest % choices);
      rest /= choices;
      if (choice > 0) {
        chosen.put(entry.getKey(), entry.getValue().get(choice - 1));
      }
    }
    return new CrashImage(this, chosen, lengthChoice(rest));
  }

  /// The same count if pages are written as a whole.
  long pageVariantCount() {
    long count = lengthChoices();
    for (int page : unsyncedPages()) {
      count = times(count, momentsOf(page).size());
    }
    return count;
  }

  /// The image of the given number, of whole pages.
  CrashImage pageVariant(long number) {
    long rest = number;
    TreeMap<Integer, Version> chosen = new TreeMap<>();
    for (int page : unsyncedPages()) {
      List<Long> moments = momentsOf(page);
      long moment = moments.get((int) (rest % moments.size()));
      rest /= moments.size();
      sectorsOf(page).forEach((sector, versions) -> choose(chosen, sector, versions, moment));
    }
    return new CrashImage(this, chosen, lengthChoice(rest));
  }

  /// An image that a crash can leave.
  CrashImage image(CrashPolicy policy, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return switch (policy) {
      case NONE -> image(Map.of(), durableLength);
      case ALL -> image(upTo(Long.MAX_VALUE), (int) currentLength());
      case EACH_SECTOR -> image(eachSector(random), anyLength(random));
      case EACH_PAGE -> image(eachPage(random), anyLength(random));
      case ALL_BUT_ONE_PAGE -> {
        TreeMap<Integer, Version> chosen = upTo(Long.MAX_VALUE);
        chosen.keySet().removeAll(sectorsOfAnyPage(random));
        yield image(chosen, (int) currentLength());
      }
      case ONE_PAGE -> {
        TreeMap<Integer, Version> chosen = upTo(Long.MAX_VALUE);
        chosen.keySet().retainAll(sectorsOfAnyPage(random));
        yield image(chosen, anyLength(random));
      }
      case ONE_TORN_PAGE -> {
        TreeMap<Integer, Version> chosen = upTo(Long.MAX_VALUE);
        List<Integer> torn = sectorsOfAnyPage(random);
        torn.removeIf(_ -> random.nextBoolean());
        chosen.keySet().removeAll(torn);
        yield image(chosen, (int) currentLength());
      }
      case PREFIX -> {
        long last = anyOperation(random);
        yield image(upTo(last), lengthAt(last));
      }
      case SUFFIX -> image(from(anyOperation(random)), (int) currentLength());
      case GARBAGE_BEYOND_DURABLE_LENGTH -> {
        TreeMap<Integer, Version> chosen = eachSector(random);
        yield image(chosen, anyLength(random)).withGarbage(random.nextLong());
      }
    };
  }

  /// Sum of the fingerprints of the durable sectors below a length.
  long durableFingerprint(int length) {
    requireFingerprints();
    long sum = fingerprintSum;
    for (int sector = Math.ceilDiv(length, SECTOR_BYTES); sector < fingerprints.length; sector++) {
      sum -= fingerprints[sector];
    }
    return sum;
  }

  long durableSectorFingerprint(int sector) {
    requireFingerprints();
    return sector < fingerprints.length ? fingerprints[sector] : 0;
  }

  /// Spreads the bits of a number.
  static long mix(long number) {
    long z = (number ^ number >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /// The fingerprint of a sector; 0 if it is zero.
  private static long fingerprint(int sector, byte[] bytes, int offset) {
    long hash = 0;
    for (int at = 0; at < SECTOR_BYTES; at += Long.BYTES) {
      hash = hash * 0x9e3779b97f4a7c15L + (long) LONG.get(bytes, offset + at);
    }
    return hash == 0 ? 0 : mix(hash ^ mix(sector + 1L));
  }

  private void requireFingerprints() {
    if (fingerprints.length == 0) {
      fingerprints = new long[durable.length / SECTOR_BYTES];
      fingerprintSum = 0;
      for (int sector = 0; sector < Math.min(fingerprints.length, firstSectorBehind()); sector++) {
        fingerprints[sector] = fingerprint(sector, durable, sector * SECTOR_BYTES);
        fingerprintSum += fingerprints[sector];
      }
    }
  }

  private void setFingerprint(int sector, long fingerprint) {
    if (fingerprints.length > 0) {
      if (sector >= fingerprints.length) {
        fingerprints = Arrays.copyOf(fingerprints, Math.max(sector + 1, fingerprints.length * 2));
      }
      fingerprintSum += fingerprint - fingerprints[sector];
      fingerprints[sector] = fingerprint;
    }
  }

  private CrashImage image(Map<Integer, Version> chosen, int length) {
    return new CrashImage(this, chosen, length);
  }

  private int lengthChoices() {
    return currentLength() == durableLength ? 1 : 3;
  }

  private int lengthChoice(long number) {
    long between = (durableLength + currentLength()) / (2 * SECTOR_BYTES) * SECTOR_BYTES;
    return number == 0 ? durableLength : (int) (number == 1 ? between : currentLength());
  }

  private static long times(long count, int choices) {
    return count > Long.MAX_VALUE / choices ? Long.MAX_VALUE : count * choices;
  }

  private void addVersion(long operation, MemorySegment cache, int sector) {
    byte[] content = new byte[SECTOR_BYTES];
    long offset = (long) sector * SECTOR_BYTES;
    int length = (int) Math.min(SECTOR_BYTES, cache.byteSize() - offset);
    MemorySegment.copy(cache, ValueLayout.JAVA_BYTE, offset, content, 0, length);
    List<Version> versions = unsynced.computeIfAbsent(sector, _ -> new ArrayList<>(1));
    // What an operation wrote in two halves is one version in the end.
    if (!versions.isEmpty() && versions.getLast().operation() == operation) {
      versions.removeLast();
    }
    versions.add(new Version(operation, content, fingerprint(sector, content, 0)));
    dropped.clear(sector);
  }

  private void persist(int sector, Version version) {
    int offset = sector * SECTOR_BYTES;
    if (durable.length < offset + SECTOR_BYTES) {
      durable = Arrays.copyOf(durable, Math.max(offset + SECTOR_BYTES, durable.length * 2));
    }
    System.arraycopy(version.content(), 0, durable, offset, SECTOR_BYTES);
    setFingerprint(sector, version.fingerprint());
  }

  private void setDurableLength(long sizeBytes) {
    int length = (int) sizeBytes;
    if (durable.length < length) {
      durable = Arrays.copyOf(durable, length);
    }
    if (length < durableLength) {
      Arrays.fill(durable, length, Math.min(durable.length, durableLength), (byte) 0);
      fingerprints = new long[0];
    }
    durableLength = length;
  }

  private long currentLength() {
    return lengths.isEmpty() ? durableLength : lengths.getLast().sizeBytes();
  }

  private int lengthAt(long operation) {
    long length = durableLength;
    for (Length change : lengths) {
      if (change.operation() <= operation) {
        length = change.sizeBytes();
      }
    }
    return (int) length;
  }

  private int anyLength(SplittableRandom random) {
    if (lengths.isEmpty()) {
      return durableLength;
    }
    int some = (int) lengths.get(random.nextInt(lengths.size())).sizeBytes();
    int least = Math.min(some, durableLength);
    int most = Math.max(some, durableLength);
    return switch (random.nextInt(3)) {
      case 0 -> durableLength;
      case 1 -> some;
      default -> least + random.nextInt(most - least + 1);
    };
  }

  private Map<Integer, List<Version>> sectorsOfPages(long offset, long length) {
    long end = Math.ceilDiv(offset + length, PAGE_BYTES) * PAGE_BYTES;
    long start = offset / PAGE_BYTES * PAGE_BYTES;
    return length == 0 ? new TreeMap<>() : unsynced.subMap(sectorOf(start), sectorOf(end));
  }

  private Map<Integer, List<Version>> sectorsOf(int page) {
    return unsynced.subMap(page * SECTORS_PER_PAGE, (page + 1) * SECTORS_PER_PAGE);
  }

  private TreeMap<Integer, Version> upTo(long operation) {
    TreeMap<Integer, Version> chosen = new TreeMap<>();
    unsynced.forEach((sector, versions) -> choose(chosen, sector, versions, operation));
    return chosen;
  }

  private TreeMap<Integer, Version> from(long operation) {
    TreeMap<Integer, Version> chosen = upTo(Long.MAX_VALUE);
    unsynced.forEach(
        (sector, versions) -> {
          if (versions.getLast().operation() < operation) {
            chosen.remove(sector);
          }
        });
    return chosen;
  }

  private TreeMap<Integer, Version> eachSector(SplittableRandom random) {
    TreeMap<Integer, Version> chosen = new TreeMap<>();
    unsynced.forEach(
        (sector, versions) -> {
          int choice = random.nextInt(versions.size() + 1);
          if (choice > 0) {
            chosen.put(sector, versions.get(choice - 1));
          }
        });
    return chosen;
  }

  private TreeMap<Integer, Version> eachPage(SplittableRandom random) {
    TreeMap<Integer, Version> chosen = new TreeMap<>();
    for (int page : unsyncedPages()) {
      List<Long> moments = momentsOf(page);
      long moment = moments.get(random.nextInt(moments.size()));
      sectorsOf(page).forEach((sector, versions) -> choose(chosen, sector, versions, moment));
    }
    return chosen;
  }

  /// When a page changed, in order, beginning with 0 for its durable content.
  private List<Long> momentsOf(int page) {
    List<Long> moments = new ArrayList<>(List.of(0L));
    sectorsOf(page).values().forEach(all -> all.forEach(v -> moments.add(v.operation())));
    return moments.stream().distinct().sorted().toList();
  }

  /// The newest version that is not younger than the operation, if there is one.
  private static void choose(
      Map<Integer, Version> chosen, int sector, List<Version> versions, long operation) {
    for (Version version : versions) {
      if (version.operation() <= operation) {
        chosen.put(sector, version);
      }
    }
  }

  private List<Integer> unsyncedPages() {
    return unsynced.keySet().stream().map(sector -> sector / SECTORS_PER_PAGE).distinct().toList();
  }

  private List<Integer> sectorsOfAnyPage(SplittableRandom random) {
    List<Integer> pages = unsyncedPages();
    List<Integer> sectors = new ArrayList<>();
    if (!pages.isEmpty()) {
      int page = pages.get(random.nextInt(pages.size()));
      for (int i = 0; i < SECTORS_PER_PAGE; i++) {
        sectors.add(page * SECTORS_PER_PAGE + i);
      }
    }
    return sectors;
  }

  private long anyOperation(SplittableRandom random) {
    List<Long> moments = new ArrayList<>(List.of(0L));
    unsynced.values().forEach(versions -> versions.forEach(v -> moments.add(v.operation())));
    lengths.forEach(length -> moments.add(length.operation()));
    List<Long> distinct = moments.stream().distinct().sorted().toList();
    return distinct.get(random.nextInt(distinct.size()));
  }

  private static int sectorOf(long offset) {
    return Math.toIntExact(offset / SECTOR_BYTES);
  }
}

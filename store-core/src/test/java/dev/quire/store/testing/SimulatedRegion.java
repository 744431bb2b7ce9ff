package dev.quire.store.testing;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.internal.region.Region;
import dev.quire.store.testing.CrashPoint.Moment;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A data file on a disk that can crash at every operation, and tells afterwards which images it
/// may hold.
///
/// The cache, which mappings show, is what processes see; a [SimulatedDisk] below it knows what a
/// crash of the machine leaves. Operations (writes, growths, cuts, syncs) are numbered from 1.
/// After the crash every further one crashes too, so that no `finally` goes on working on a dead
/// machine.
///
/// Two ways to go on after a crash: a new region from [#crashImage] (the machine stopped), or
/// [#successor] (a process was killed; the page cache lives on).
public final class SimulatedRegion implements Region {

  /// Null if the cache is memory that is used again.
  private final @Nullable Arena arena;

  private final MemorySegment cache;
  private final long capacityBytes;
  private long largestBytes;
  private final SimulatedDisk disk;
  private volatile long sizeBytes;

  private final List<RegionOperation> operations = new ArrayList<>();
  private final Set<Long> lostWrites = new HashSet<>();
  private final Set<Long> skippedSyncs = new HashSet<>();
  private final Set<Long> failingSyncs = new HashSet<>();
  private final EnumSet<SyncRole> unreportedFailures = EnumSet.noneOf(SyncRole.class);
  private long writes;
  private long syncs;
  private @Nullable CrashPoint crashPoint;
  private boolean crashed;
  private byte @Nullable [] remains;
  private boolean released;

  /// An empty file that can grow to `capacityBytes`.
  public SimulatedRegion(long capacityBytes) {
    this(new byte[0], capacityBytes);
  }

  /// A file with the given bytes, all of them durable.
  public SimulatedRegion(byte[] image, long capacityBytes) {
    this(new SimulatedDisk(image.clone()), Math.max(image.length, capacityBytes), Arena.ofShared());
    fill(image);
  }

  private SimulatedRegion(SimulatedDisk disk, long capacityBytes, @Nullable Arena arena) {
    this.disk = disk;
    this.capacityBytes = capacityBytes;
    this.arena = arena;
    this.cache =
        arena == null
            ? CacheMemory.take(capacityBytes, MAP_ALIGNMENT_BYTES)
            : arena.allocate(capacityBytes, MAP_ALIGNMENT_BYTES);
  }

  /// The same, made fast: the region takes `image` for its own, and its memory is used again after
  /// [#close], so nothing may hold a mapping of it then.
  public static SimulatedRegion ofImage(byte[] image, long capacityBytes) {
    SimulatedDisk disk = new SimulatedDisk(image);
    SimulatedRegion region = new SimulatedRegion(disk, capacityBytes, null);
    region.fill(image);
    return region;
  }

  /// From now on nobody asks what a crash leaves: the region is only a file.
  public synchronized void unwatch() {
    disk.unwatch();
  }

  private void fill(byte[] image) {
    setSize(image.length);
    MemorySegment.copy(image, 0, cache, ValueLayout.JAVA_BYTE, 0, image.length);
  }

  private void setSize(long newSizeBytes) {
    sizeBytes = newSizeBytes;
    largestBytes = Math.max(largestBytes, newSizeBytes);
  }

  /// Crashes at this point, or never if null. Counted from the region's first operation.
  public synchronized void crashAt(@Nullable CrashPoint point) {
    crashPoint = point;
  }

  /// The disk loses the write of this number (from 1, writes counted alone) without a word.
  public synchronized void loseWrite(long number) {
    lostWrites.add(number);
  }

  /// The sync of this number (from 1, both kinds counted together) does nothing and reports
  /// success: a fault that tests must find.
  public synchronized void skipSync(long number) {
    skippedSyncs.add(number);
  }

  /// The sync of this number fails as the kernel's does: the pages are clean afterwards and not
  /// durable, the other role hears of it once, and later syncs succeed.
  public synchronized void failSync(long number) {
    failingSyncs.add(number);
  }

  /// The same of the next sync.
  public synchronized void failNextSync() {
    failingSyncs.add(syncs + 1);
  }

  /// All operations so far; the one in which it crashed is the last.
  public synchronized List<RegionOperation> operations() {
    return List.copyOf(operations);
  }

  /// Whether the crash point was reached.
  public synchronized boolean isCrashed() {
    return crashed;
  }

  /// The file as processes see it.
  public synchronized byte[] cachedImage() {
    return remains == null ? copyOfCache() : remains.clone();
  }

  /// What is certainly on the disk.
  public synchronized byte[] durableImage() {
    return disk.durableImage();
  }

  /// What a crash of the machine now may leave on the disk.
  public synchronized byte[] crashImage(CrashPolicy policy, long seed) {
    return disk.image(policy, seed).bytes();
  }

  /// The same, not yet made; valid until the next operation.
  public synchronized CrashImage crash(CrashPolicy policy, long seed) {
    return disk.image(policy, seed);
  }

  /// How many images a crash now may leave if each sector that is not durable survives in any
  /// version or not at all; [Long#MAX_VALUE] if too many to number.
  public synchronized long crashVariantCount() {
    return disk.variantCount();
  }

  /// The image of that number (from 0); valid until the next operation.
  public synchronized CrashImage crashVariant(long number) {
    return disk.variant(number);
  }

  /// How many images there are if pages survive as a whole.
  public synchronized long crashPageVariantCount() {
    return disk.pageVariantCount();
  }

  /// The image of that number (from 0) of whole pages; valid until the next operation.
  public synchronized CrashImage crashPageVariant(long number) {
    return disk.pageVariant(number);
  }

  /// Sectors whose content is not durable.
  public synchronized int unsyncedSectorCount() {
    return disk.unsyncedSectorCount();
  }

  /// The same file for the next process, after this one was killed: what was not durable still is
  /// not. Faults and crash points are not inherited.
  public synchronized SimulatedRegion successor() {
    SimulatedRegion next =
        new SimulatedRegion(new SimulatedDisk(disk), capacityBytes, Arena.ofShared());
    next.setSize(sizeBytes);
    MemorySegment.copy(cachedImage(), 0, next.cache, ValueLayout.JAVA_BYTE, 0, (int) sizeBytes);
    return next;
  }

  /// Without the lock, as of a real file: readers ask beside a writer, in virtual threads too.
  @Override
  public String name() {
    return "simulated/data";
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public synchronized MemorySegment map(long offset, long length) {
    if (offset % MAP_ALIGNMENT_BYTES != 0) {
      throw new IllegalArgumentException("a mapping at " + offset);
    }
    requireWithin(offset, length);
    return cache.asSlice(offset, length).asReadOnly();
  }

  @Override
  public boolean storable() {
    return false;
  }

  @Override
  public MemorySegment mapWritable(long offset, long length) {
    throw new IllegalStateException("a durable region is written by write() only");
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long length) {
    write(offset, source, sourceOffset, length, () -> {});
  }

  /// Writes, and calls `halfway` when the first half has reached the cache.
  public synchronized void write(
      long offset, MemorySegment source, long sourceOffset, long length, Runnable halfway) {
    requireWithin(offset, length);
    Moment moment = begin(RegionOperation.write(offset, length));
    long number = ++writes;
    long half = length / 2;
    MemorySegment.copy(source, sourceOffset, cache, offset, half);
    disk.written(operations.size(), cache, offset, half);
    halfway.run();
    long applied = moment == Moment.DURING ? half : length;
    MemorySegment.copy(source, sourceOffset + half, cache, offset + half, applied - half);
    disk.written(operations.size(), cache, offset + half, applied - half);
    if (lostWrites.contains(number)) {
      disk.dropRange(offset, applied);
    }
    end(moment);
  }

  @Override
  public synchronized long read(long offset, MemorySegment target, long targetOffset, long length) {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("no range: " + length + " bytes at " + offset);
    }
    long count = Math.clamp(sizeBytes - offset, 0, length);
    MemorySegment.copy(cache, Math.min(offset, sizeBytes), target, targetOffset, count);
    return count;
  }

  @Override
  public synchronized void growTo(long newSizeBytes) {
    if (newSizeBytes <= sizeBytes) {
      return;
    }
    Moment moment = begin(RegionOperation.grow(newSizeBytes));
    if (newSizeBytes > capacityBytes) {
      throw new StoreFullException(
          "growing to " + newSizeBytes + " bytes of " + capacityBytes + " failed: simulated");
    }
    resize(newSizeBytes);
    end(moment);
  }

  @Override
  public synchronized void truncateTo(long newSizeBytes) {
    if (newSizeBytes >= sizeBytes) {
      return;
    }
    Moment moment = begin(RegionOperation.truncate(newSizeBytes));
    cache.asSlice(newSizeBytes, sizeBytes - newSizeBytes).fill((byte) 0);
    disk.written(operations.size(), cache, newSizeBytes, sizeBytes - newSizeBytes);
    resize(newSizeBytes);
    end(moment);
  }

  @Override
  public synchronized void sync(SyncRole role) {
    Moment moment = begin(RegionOperation.sync(role));
    long number = ++syncs;
    if (moment != Moment.DURING && !skippedSyncs.contains(number)) {
      if (failingSyncs.contains(number)) {
        disk.dropAll();
        failFor(role);
      }
      disk.sync();
      reportEarlierFailure(role);
    }
    end(moment);
  }

  @Override
  public synchronized void syncRange(SyncRole role, long offset, long length) {
    requireWithin(offset, length);
    Moment moment = begin(RegionOperation.syncRange(role, offset, length));
    long number = ++syncs;
    if (moment != Moment.DURING && !skippedSyncs.contains(number)) {
      if (failingSyncs.contains(number)) {
        disk.dropRange(offset, length);
        failFor(role);
      }
      disk.syncRange(offset, length);
      reportEarlierFailure(role);
    }
    end(moment);
  }

  /// Takes the next number for the operation.
  ///
  /// @return AFTER or DURING if it crashes there; BEFORE if it does not crash
  private Moment begin(RegionOperation operation) {
    if (crashed) {
      throw new SimulatedCrash(operation + " after the crash");
    }
    if (remains != null || released) {
      throw new IllegalStateException("the region is closed");
    }
    operations.add(operation);
    if (crashPoint == null || crashPoint.operation() != operations.size()) {
      return Moment.BEFORE;
    }
    if (crashPoint.moment() == Moment.BEFORE) {
      throw crash();
    }
    return crashPoint.moment();
  }

  private void end(Moment moment) {
    if (moment != Moment.BEFORE) {
      throw crash();
    }
  }

  private SimulatedCrash crash() {
    crashed = true;
    return new SimulatedCrash(crashPoint + ": " + operations.getLast());
  }

  private void failFor(SyncRole role) {
    unreportedFailures.addAll(EnumSet.complementOf(EnumSet.of(role)));
    unreportedFailures.remove(role);
    throw new StoreIoException("syncing failed: simulated Input/output error");
  }

  private void reportEarlierFailure(SyncRole role) {
    if (unreportedFailures.remove(role)) {
      throw new StoreIoException("syncing failed: simulated Input/output error of an earlier sync");
    }
  }

  private void resize(long newSizeBytes) {
    setSize(newSizeBytes);
    disk.resized(operations.size(), newSizeBytes);
  }

  private void requireWithin(long offset, long length) {
    if (offset < 0 || length < 0 || offset > sizeBytes - length) {
      throw new IllegalArgumentException(
          length + " bytes at " + offset + " of a file of " + sizeBytes + " bytes");
    }
  }

  private byte[] copyOfCache() {
    return cache.asSlice(0, sizeBytes).toArray(ValueLayout.JAVA_BYTE);
  }

  /// Frees the cache. Images and the successor can still be asked for, unless it is memory that is
  /// used again.
  @Override
  public synchronized void close() {
    if (arena == null) {
      if (!released) {
        released = true;
        CacheMemory.giveBack(cache, largestBytes);
      }
    } else if (remains == null) {
      remains = copyOfCache();
      arena.close();
    }
  }
}

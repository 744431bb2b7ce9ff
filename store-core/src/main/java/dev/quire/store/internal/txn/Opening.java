package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.FileIdentity;
import dev.quire.store.internal.region.LockFile;
import dev.quire.store.internal.region.MappedRegion;
import dev.quire.store.internal.region.MemoryRegion;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.region.SharedRegion;
import dev.quire.store.internal.region.StoreRegistry;
import dev.quire.store.options.Checksums;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// From a path to a running [Engine].
///
/// Under lock byte 0, so that one process opens or closes at a time. If a process has the store
/// open, join it: its `shm` says all. Else create the data file if there is none; then take over
/// `shm` where it can be trusted, else recover from the superblock and the log.
final class Opening {

  /// What tests put between the engine and its world.
  ///
  /// @param region around the region of the data file
  /// @param steps is told of steps
  record Seams(UnaryOperator<Region> region, Steps steps) {
    static final Seams NONE = new Seams(UnaryOperator.identity(), Steps.NONE);
  }

  private Opening() {}

  static Engine open(Path directory, StoreOptions options) {
    return open(directory, options, Seams.NONE);
  }

  static Engine open(Path named, StoreOptions options, Seams seams) {
    if (options.readOnly()) {
      return ReadOnlyOpening.open(named, options);
    }
    StoreCreation.prepareDirectory(named, options);
    Engine engine = open(Directories.realPath(named), options, seams, false);
    if (engine == null) {
      throw new AssertionError("opening gave nothing");
    }
    engine.start();
    return engine;
  }

  /// Becomes one more process of a store that others have open, to read only: without threads.
  ///
  /// @return null if nobody has it open
  static @Nullable Engine joinToRead(Path directory, StoreOptions options) {
    return open(Directories.realPath(directory), options, Seams.NONE, true);
  }

  private static @Nullable Engine open(
      Path directory, StoreOptions options, Seams seams, boolean onlyJoin) {
    StoreFiles files = new StoreFiles(seams.steps());
    try {
      StoreRegistry.Claim claim = StoreRegistry.claim(directory.resolve(StoreFiles.LOCK), "quire");
      files.own(claim);
      files.own(LockFile.open(claim), directory);
      ProcessLocks locks = files.locks();
      takeOpenByte(locks, directory, options);
      Engine engine = null;
      try {
        boolean others = locks.hasOthers();
        if (others || !onlyJoin) {
          locks.takeSlot();
          engine = openData(directory, options, files, seams, others);
        }
      } finally {
        locks.release(ProcessLocks.OPEN);
      }
      if (engine == null) {
        files.close();
      }
      return engine;
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  static Engine inMemory(StoreOptions options) {
    StoreFiles files = new StoreFiles(Steps.NONE);
    try {
      StoreOptions own = options.withChecksums(volatileChecksums(options));
      Superblock first = StoreCreation.firstSuperblock(own, 0);
      MemoryRegion region = MemoryRegion.temporary(first.fileSizeBytes());
      files.own(region);
      Engine engine = recover(region, own, files, first, null);
      engine.start();
      return engine;
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  /// Opens the store in a region, without its background thread: checkpoints run when they are
  /// asked for, or when a commit finds the ring full.
  static Engine onRegion(Region region, StoreOptions options) {
    StoreFiles files = new StoreFiles(Steps.NONE);
    files.own(region);
    try {
      if (region.sizeBytes() == 0) {
        StoreCreation.create(region, options, files);
      }
      return recover(region, options, files, readSuperblock(region, files), null);
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  private static Checksums volatileChecksums(StoreOptions options) {
    return options.checksums() == Checksums.WRITE ? Checksums.OFF : options.checksums();
  }

  private static Engine openData(
      Path directory, StoreOptions options, StoreFiles files, Seams seams, boolean others) {
    Path dataPath = directory.resolve(StoreFiles.DATA);
    Path sharedPath = directory.resolve(StoreFiles.SHM);
    if (!Files.exists(dataPath)) {
      if (others) {
        throw gone(dataPath);
      }
      StoreCreation.createData(directory, options);
      Directories.delete(sharedPath);
    }
    StoreCreation.requireOneName(dataPath, options);
    MappedRegion mapped = MappedRegion.open(dataPath);
    Region region = seams.region().apply(mapped);
    files.own(region);
    files.locks().guard(mapped.identity());
    FileIdentity lock = files.lockIdentity();
    return others
        ? join(region, options, files, lock, mapped.identity(), sharedPath)
        : resumeOrRecover(region, options, files, lock, mapped.identity(), sharedPath);
  }

  /// Becomes one more process of a store that is open.
  private static Engine join(
      Region region,
      StoreOptions options,
      StoreFiles files,
      FileIdentity lock,
      FileIdentity data,
      Path sharedPath) {
    if (!Files.exists(sharedPath)) {
      throw gone(sharedPath);
    }
    Superblock superblock = readSuperblock(region, files);
    SharedRegion shared = SharedRegion.open(sharedPath);
    files.own(shared, sharedPath);
    SharedState state = new SharedState(shared);
    SharedIdentity identity = SharedIdentity.of(superblock, lock, data);
    if (shared.sizeBytes() < SharedState.FIRST_SIZE_BYTES || !identity.matches(state.segment())) {
      throw new StoreLockedException(
          sharedPath
              + " is not that of the process that has the store open: a file of the store was"
              + " replaced meanwhile; close the store in every process and open it again");
    }
    state.requireSound();
    state.areas().mapAll();
    files.locks().enter(state);
    return new Engine(new EngineParts(options, superblock, region, state, files), files);
  }

  private static StoreLockedException gone(Path path) {
    return new StoreLockedException(
        path
            + " is missing, although another process has the store open: that one only reads, so wait"
            + " until it is done; or something removed the file, so close the store in every process"
            + " and open it again");
  }

  /// Takes over `shm`, or recovers and makes a new one; without the background thread.
  static Engine resumeOrRecover(
      Region region,
      StoreOptions options,
      StoreFiles files,
      FileIdentity lock,
      FileIdentity data,
      Path sharedPath) {
    Superblock superblock = readSuperblock(region, files);
    SharedIdentity identity = SharedIdentity.of(superblock, lock, data);
    if (Files.exists(sharedPath)) {
      identity.requireSameLock(sharedPath);
      Engine engine = Takeover.tryResume(region, options, files, superblock, identity, sharedPath);
      if (engine != null) {
        return engine;
      }
      superblock = readSuperblock(region, files);
    }
    Directories.delete(sharedPath);
    return recover(region, options, files, superblock, new Named(sharedPath, identity));
  }

  /// The name of `shm` and what it says about its store.
  record Named(Path path, SharedIdentity identity) {}

  private static Engine recover(
      Region region,
      StoreOptions options,
      StoreFiles files,
      Superblock superblock,
      @Nullable Named named) {
    SharedRegion shared =
        named == null
            ? SharedRegion.temporary(SharedState.FIRST_SIZE_BYTES)
            : SharedRegion.create(named.path(), SharedState.FIRST_SIZE_BYTES);
    files.own(shared, named == null ? null : named.path());
    SharedState state = new SharedState(shared);
    state.createAreas();
    Engine engine = Recovery.recover(region, options, files, superblock, state);
    if (named != null) {
      named.identity().write(state.segment());
      shared.install(named.path());
    }
    return engine;
  }

  private static Superblock readSuperblock(Region region, StoreFiles files) {
    Superblock b = SuperblockFile.readNewest(region, files.buffers());
    long needed = b.highWaterPage() * b.pageSizeBytes();
    if (region.sizeBytes() < needed) {
      throw new StoreTruncatedException(
          "the data file has "
              + region.sizeBytes()
              + " bytes, its superblock needs "
              + needed
              + ": something cut it; restore a backup");
    }
    return b;
  }

  private static void takeOpenByte(ProcessLocks locks, Path directory, StoreOptions options) {
    long timeoutNanos = options.lockTimeout().toNanos();
    if (!locks.take(ProcessLocks.OPEN, System.nanoTime() + timeoutNanos)) {
      throw new StoreLockedException(
          "waited "
              + options.lockTimeout().toMillis()
              + " ms: another process is opening or closing "
              + directory
              + "; if it is stopped, let it go on or end it");
    }
  }
}

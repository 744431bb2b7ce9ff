package dev.quire.store.internal.txn;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.FileAccess;
import dev.quire.store.internal.region.FileIdentity;
import dev.quire.store.internal.region.LockFile;
import dev.quire.store.internal.region.MappedRegion;
import dev.quire.store.internal.region.MemoryRegion;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.region.SharedRegion;
import dev.quire.store.internal.region.StoreRegistry;
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

  /// Where a store is.
  ///
  /// @param directory its directory
  /// @param access what its new files are made with
  /// @param kind how long it is asked to live
  /// @param isNew whether the directory was made for it just now
  record Place(Path directory, FileAccess access, StoreKind kind, boolean isNew) {
    Path data() {
      return directory.resolve(StoreFiles.DATA);
    }

    Path shared() {
      return directory.resolve(StoreFiles.SHM);
    }
  }

  static Engine open(Path directory, StoreOptions options, StoreKind kind) {
    return open(directory, options, kind, Seams.NONE);
  }

  static Engine open(Path named, StoreOptions options, StoreKind kind, Seams seams) {
    if (options.readOnly() && kind == StoreKind.DURABLE) {
      return ReadOnlyOpening.open(named, options);
    }
    boolean isNew = !Files.exists(named);
    FileAccess access = StoreCreation.prepareDirectory(named, options);
    Place place = new Place(Directories.realPath(named), access, kind, isNew);
    Engine engine = open(place, options, seams, false);
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
    FileAccess access = StoreCreation.prepareDirectory(directory, options);
    Place place = new Place(Directories.realPath(directory), access, StoreKind.DURABLE, false);
    return open(place, options, Seams.NONE, true);
  }

  private static @Nullable Engine open(
      Place place, StoreOptions options, Seams seams, boolean onlyJoin) {
    FileAccess access = place.access();
    StoreFiles files = new StoreFiles(seams.steps());
    try {
      Path lockPath = place.directory().resolve(StoreFiles.LOCK);
      if (!Files.exists(lockPath) && Files.exists(place.data())) {
        requireStore(place.data(), files);
      }
      StoreRegistry.Claim claim = StoreRegistry.claim(lockPath, "quire", access);
      files.own(claim);
      files.own(LockFile.open(claim), place.directory());
      ProcessLocks locks = files.locks();
      takeOpenByte(locks, place.directory(), options);
      Engine engine = null;
      try {
        locks.requirePresent();
        boolean others = locks.hasOthers();
        if (others || !onlyJoin) {
          locks.takeSlot();
          engine = openData(place, options, files, seams, others);
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

  /// Fails if the file is none of a store, before anything is written beside it.
  private static void requireStore(Path data, StoreFiles files) {
    try (MappedRegion region = MappedRegion.openReadOnly(data)) {
      SuperblockFile.readNewestOfAny(region, files.buffers());
    }
  }

  static Engine inMemory(StoreOptions options) {
    StoreFiles files = new StoreFiles(Steps.NONE);
    try {
      Superblock first = MemoryStore.firstSuperblock(options);
      MemoryRegion region = MemoryRegion.temporary(first.fileSizeBytes());
      files.own(region);
      Engine engine = recover(region, options, files, first, null);
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
    return onRegion(region, options, new StoreFiles(Steps.NONE));
  }

  /// The same, with what `files` has already.
  static Engine onRegion(Region region, StoreOptions options, StoreFiles files) {
    files.own(region);
    try {
      if (region.sizeBytes() == 0) {
        StoreCreation.create(region, options, files);
      }
      Superblock superblock = readSuperblock(region, files);
      if (MemoryStore.isMemoryStore(superblock) != region.storable()) {
        throw new NotAStoreException(
            region.name() + " is of a store of another kind: durable, or in memory");
      }
      return recover(region, options, files, superblock, null);
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  private static Engine openData(
      Place place, StoreOptions options, StoreFiles files, Seams seams, boolean others) {
    if (!Files.exists(place.data())) {
      if (others) {
        throw gone(place.data());
      }
      files.madeStore();
      Directories.delete(place.shared());
      if (place.kind() != StoreKind.DURABLE) {
        return MemoryStore.create(place, options, files, seams);
      }
      StoreCreation.createData(place, options, seams.region());
    }
    StoreCreation.requireOneName(place.data(), options);
    MappedRegion mapped = MappedRegion.open(place.data());
    files.own(mapped);
    FileIdentity data = mapped.identity();
    Superblock superblock = readSuperblock(mapped, files);
    requirePageSize(superblock, options);
    SharedIdentity identity = SharedIdentity.of(superblock, files.lockIdentity(), data);
    if (MemoryStore.isMemoryStore(superblock)) {
      mapped.close();
      return MemoryStore.open(place, options, files, seams, identity, others);
    }
    if (place.kind() != StoreKind.DURABLE) {
      throw new NotAStoreException(
          place.directory() + " holds a durable store, not one in memory; open it by its path");
    }
    Region region = seams.region().apply(mapped);
    files.own(region);
    files.locks().guard(data);
    return others
        ? join(region, options, files, identity, place.shared())
        : resumeOrRecover(region, options, files, identity.lock(), data, place.shared());
  }

  /// Becomes one more process of a store that is open.
  static Engine join(
      Region region,
      StoreOptions options,
      StoreFiles files,
      SharedIdentity identity,
      Path sharedPath) {
    if (!Files.exists(sharedPath)) {
      throw gone(sharedPath);
    }
    Superblock superblock = readSuperblock(region, files);
    SharedRegion shared = SharedRegion.open(sharedPath);
    files.own(shared, sharedPath);
    SharedState state = new SharedState(shared);
    SharedIdentity.requireKnownVersion(state.segment(), sharedPath);
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

  static StoreLockedException gone(Path path) {
    return new StoreLockedException(
        path
            + " is missing, although another process has the store open: something removed the"
            + " file; close the store in every process and open it again");
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
    Named named = new Named(sharedPath, identity);
    if (CopiedStore.isOne(sharedPath, identity, files)) {
      CopiedStore.requireSound(region, options, superblock);
      return recover(region, options, files, superblock, named);
    }
    if (Files.exists(sharedPath)) {
      identity.requireSameLock(sharedPath);
      Engine engine = Takeover.tryResume(region, options, files, superblock, identity, sharedPath);
      if (engine != null) {
        return engine;
      }
      superblock = readSuperblock(region, files);
    }
    Directories.delete(sharedPath);
    return recover(region, options, files, superblock, named);
  }

  /// The name of `shm` and what it says about its store.
  record Named(Path path, SharedIdentity identity) {
    /// Others may use it as they may use `data`.
    FileAccess access() {
      Path data = path.resolveSibling(StoreFiles.DATA);
      return Files.exists(data) ? FileAccess.of(data) : FileAccess.OWNER;
    }
  }

  static Engine recover(
      Region region,
      StoreOptions options,
      StoreFiles files,
      Superblock superblock,
      @Nullable Named named) {
    SharedRegion shared;
    if (named == null) {
      shared = files.temporaryShared();
    } else {
      shared = SharedRegion.create(named.path(), SharedState.FIRST_SIZE_BYTES, named.access());
      files.own(shared, named.path());
    }
    SharedState state = new SharedState(shared);
    state.createAreas();
    Engine engine = Recovery.recover(region, options, files, superblock, state);
    if (named != null) {
      named.identity().write(state.segment());
      shared.install(named.path());
    }
    return engine;
  }

  /// The page size is chosen when a store is made. The default is no choice.
  static void requirePageSize(Superblock superblock, StoreOptions options) {
    int asked = options.pageSizeBytes();
    if (asked != StoreOptions.defaults().pageSizeBytes() && asked != superblock.pageSizeBytes()) {
      throw new IllegalArgumentException(
          "the store has pages of "
              + superblock.pageSizeBytes()
              + " bytes, asked for was "
              + asked
              + ": the page size is chosen when a store is made; leave the option out");
    }
  }

  private static Superblock readSuperblock(Region region, StoreFiles files) {
    return SuperblockFile.readNewest(region, files.buffers());
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

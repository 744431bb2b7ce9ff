package dev.quire.store.internal.txn;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.SuperblockPage;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.FileIdentity;
import dev.quire.store.internal.region.FileSystemKind;
import dev.quire.store.internal.region.LockFile;
import dev.quire.store.internal.region.MappedRegion;
import dev.quire.store.internal.region.MemoryRegion;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.region.SharedRegion;
import dev.quire.store.internal.region.StoreRegistry;
import dev.quire.store.options.Checksums;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// From a path to a running [Engine].
///
/// Under lock byte 0, so that one process opens at a time: create the data file if there is none;
/// then take over `shm` where it can be trusted, else recover from the superblock and the log.
final class Opening {

  private static final long OPEN_BYTE = 0;
  private static final long FIRST_PROCESS_BYTE = 16;
  private static final long RETRY_NANOS = 1_000_000;
  private static final Set<String> OWN_NAMES =
      Set.of(
          StoreFiles.DATA,
          StoreFiles.SHM,
          StoreFiles.LOCK,
          StoreFiles.DATA + ".new",
          StoreFiles.SHM + ".new");

  private Opening() {}

  static Engine open(Path directory, StoreOptions options) {
    if (options.readOnly()) {
      return ReadOnlyOpening.open(directory, options);
    }
    prepareDirectory(directory, options);
    StoreFiles files = new StoreFiles();
    try {
      Path lockPath = directory.resolve(StoreFiles.LOCK);
      StoreRegistry.Claim claim = StoreRegistry.claim(lockPath, "quire");
      files.own(claim);
      LockFile lock = LockFile.open(claim);
      files.own(lock);
      acquireOpenByte(lock, directory, options);
      try {
        requireAlone(lock, directory);
        lock.tryAcquire(FIRST_PROCESS_BYTE);
        return openData(directory, options, files, lock);
      } finally {
        lock.release(OPEN_BYTE);
      }
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  static Engine inMemory(StoreOptions options) {
    StoreFiles files = new StoreFiles();
    try {
      StoreOptions own = options.withChecksums(volatileChecksums(options));
      Superblock first = firstSuperblock(own, 0);
      MemoryRegion region = MemoryRegion.temporary(first.fileSizeBytes());
      files.own(region);
      return started(recover(region, own, files, first, null));
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  /// Opens the store in a region, without its background thread: checkpoints run when they are
  /// asked for, or when a commit finds the ring full.
  static Engine onRegion(Region region, StoreOptions options) {
    StoreFiles files = new StoreFiles();
    files.own(region);
    try {
      if (region.sizeBytes() == 0) {
        create(region, options, files);
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
      Path directory, StoreOptions options, StoreFiles files, LockFile lock) {
    Path dataPath = directory.resolve(StoreFiles.DATA);
    Path sharedPath = directory.resolve(StoreFiles.SHM);
    if (!Files.exists(dataPath)) {
      createData(directory, options);
      Directories.delete(sharedPath);
    }
    MappedRegion region = MappedRegion.open(dataPath);
    files.own(region);
    FileIdentity data = FileIdentity.of(dataPath);
    return started(resumeOrRecover(region, options, files, lock.identity(), data, sharedPath));
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

  private static Engine started(Engine engine) {
    engine.start();
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

  /// Makes the data file under another name, and gives it its own when it is whole and durable.
  private static void createData(Path directory, StoreOptions options) {
    Path unfinished = directory.resolve(StoreFiles.DATA + ".new");
    Directories.delete(unfinished);
    StoreFiles files = new StoreFiles();
    try {
      MappedRegion region = MappedRegion.create(unfinished);
      files.own(region);
      create(region, options, files);
      region.moveTo(directory.resolve(StoreFiles.DATA));
    } finally {
      files.close();
    }
  }

  /// Writes superblock and ring of a new store. The ring is written in small pieces: large ones
  /// would make its page cache one block of which every sync writes the whole.
  private static void create(Region region, StoreOptions options, StoreFiles files) {
    Superblock first = firstSuperblock(options, options.ringSizeBytes());
    region.growTo(first.fileSizeBytes());
    MemorySegment zeros = files.buffers().allocate(Region.MAP_ALIGNMENT_BYTES);
    for (long at = 0; at < first.fileSizeBytes(); at += zeros.byteSize()) {
      region.write(at, zeros, 0, zeros.byteSize());
    }
    new SuperblockFile(region, files.buffers(), first.pageSizeBytes()).writeUnsynced(first);
    region.sync(Region.SyncRole.CHECKPOINT);
  }

  /// @param ringSize 0 for a store in memory
  private static Superblock firstSuperblock(StoreOptions options, long ringSize) {
    int pageSize = options.pageSizeBytes();
    UUID id = UUID.randomUUID();
    long fileSize = (long) Superblock.SUPERBLOCK_PAGES * pageSize + ringSize;
    return new Superblock(
        pageSize,
        options.checksums() == Checksums.OFF ? 0 : SuperblockPage.FLAG_CHECKSUMS,
        id.getMostSignificantBits(),
        id.getLeastSignificantBits(),
        System.currentTimeMillis(),
        1,
        1,
        0,
        0,
        1,
        fileSize / pageSize,
        fileSize,
        ringSize,
        0,
        0,
        1,
        1 + EngineParts.STAMP_RESERVE,
        0,
        0,
        1);
  }

  private static void prepareDirectory(Path directory, StoreOptions options) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new NotAStoreException(
          directory + " is a file; a store is a directory. Give the path of a directory");
    }
    if (!Files.exists(directory.resolve(StoreFiles.DATA))) {
      if (!options.createIfMissing()) {
        throw new NotAStoreException("there is no store at " + directory);
      }
      requireNothingElse(directory);
      Directories.create(directory);
    }
    FileSystemKind kind = FileSystemKind.of(directory);
    if (!kind.isTrusted() && !options.force()) {
      throw new StoreIoException(
          directory
              + " is on a file system of type "
              + kind
              + ", which does not keep a store safe; choose a local one, or open it with force");
    }
  }

  private static void requireNothingElse(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    for (String name : Directories.names(directory)) {
      if (!OWN_NAMES.contains(name)) {
        throw new NotAStoreException(
            directory
                + " is not a store and holds other files ("
                + name
                + "); give an empty or a new directory");
      }
    }
  }

  private static void acquireOpenByte(LockFile lock, Path directory, StoreOptions options) {
    long deadline = System.nanoTime() + options.lockTimeout().toNanos();
    while (!lock.tryAcquire(OPEN_BYTE)) {
      if (System.nanoTime() - deadline > 0) {
        throw new StoreLockedException(
            "waited "
                + options.lockTimeout().toMillis()
                + " ms: another process is opening "
                + directory
                + "; if it is stopped, let it go on or end it");
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
  }

  private static void requireAlone(LockFile lock, Path directory) {
    for (int slot = 0; slot < ProcessTable.SLOTS; slot++) {
      if (lock.isHeldByOther(FIRST_PROCESS_BYTE + slot)) {
        throw new StoreLockedException(
            directory
                + " is open in another process ("
                + SharedIdentity.describeProcess(directory.resolve(StoreFiles.SHM), slot)
                + "); one process at a time can have it open");
      }
    }
  }
}

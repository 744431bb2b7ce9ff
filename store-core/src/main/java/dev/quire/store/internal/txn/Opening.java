package dev.quire.store.internal.txn;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.SuperblockPage;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.FileAccess;
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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// From a path to a running [Engine].
///
/// Under lock byte 0, so that one process opens at a time: create the data file if there is none;
/// then take over `shm` where it can be trusted, else recover from the superblock and the log.
final class Opening {

  private static final Set<String> OWN_NAMES =
      Set.of(
          StoreFiles.DATA,
          StoreFiles.SHM,
          StoreFiles.LOCK,
          StoreFiles.DATA + ".new",
          StoreFiles.SHM + ".new");

  private Opening() {}

  static Engine open(Path directory, StoreOptions options, StoreKind kind) {
    FileAccess access = prepareDirectory(directory, options);
    StoreFiles files = new StoreFiles();
    try {
      Path lockPath = directory.resolve(StoreFiles.LOCK);
      StoreRegistry.Claim claim = StoreRegistry.claim(lockPath, "quire", access);
      files.own(claim);
      LockFile lock = LockFile.open(claim);
      files.own(lock);
      acquireOpenByte(lock, directory, options);
      try {
        requirePresent(lock);
        requireAlone(lock, directory);
        lock.tryAcquire(LockBytes.FIRST_PROCESS);
        Place place = new Place(directory, access, kind);
        return started(openData(place, options, files, lock));
      } finally {
        lock.release(LockBytes.OPENING);
      }
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  static Engine inMemory(StoreOptions options) {
    StoreFiles files = new StoreFiles();
    try {
      Superblock first = MemoryStore.firstSuperblock(options);
      MemoryRegion region = MemoryRegion.temporary(first.fileSizeBytes());
      files.own(region);
      return started(recover(region, options, files, first, null));
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

  /// Where a store is.
  ///
  /// @param directory its directory
  /// @param access what its new files are made with
  /// @param kind how long it is asked to live
  record Place(Path directory, FileAccess access, StoreKind kind) {
    Path data() {
      return directory.resolve(StoreFiles.DATA);
    }

    Path shared() {
      return directory.resolve(StoreFiles.SHM);
    }
  }

  private static Engine openData(
      Place place, StoreOptions options, StoreFiles files, LockFile lock) {
    if (!Files.exists(place.data())) {
      Directories.delete(place.shared());
      if (place.kind() != StoreKind.DURABLE) {
        return MemoryStore.create(place, options, files, lock.identity());
      }
      createData(place, options);
    }
    MappedRegion region = MappedRegion.open(place.data());
    files.own(region);
    FileIdentity data = region.identity();
    Superblock superblock = readSuperblock(region, files);
    if (MemoryStore.isMemoryStore(superblock)) {
      region.close();
      SharedIdentity identity = SharedIdentity.of(superblock, lock.identity(), data);
      return MemoryStore.open(place, options, files, identity);
    }
    if (place.kind() != StoreKind.DURABLE) {
      throw new NotAStoreException(
          place.directory() + " holds a durable store, not one in memory; open it by its path");
    }
    return resumeOrRecover(region, options, files, lock.identity(), data, place.shared());
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
    SharedRegion shared =
        named == null
            ? SharedRegion.temporary(SharedState.FIRST_SIZE_BYTES)
            : SharedRegion.create(named.path(), SharedState.FIRST_SIZE_BYTES, named.access());
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
  private static void createData(Place place, StoreOptions options) {
    Path unfinished = place.directory().resolve(StoreFiles.DATA + ".new");
    Directories.delete(unfinished);
    StoreFiles files = new StoreFiles();
    try {
      MappedRegion region = MappedRegion.create(unfinished, place.access());
      files.own(region);
      create(region, options, files);
      region.moveTo(place.data());
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
  static Superblock firstSuperblock(StoreOptions options, long ringSize) {
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

  /// Creates the directory if the options say so.
  ///
  /// @return what new files in it are made with
  private static FileAccess prepareDirectory(Path directory, StoreOptions options) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new NotAStoreException(
          directory + " is a file; a store is a directory. Give the path of a directory");
    }
    for (String name : OWN_NAMES) {
      Directories.requireNoLink(directory.resolve(name));
    }
    FileAccess access;
    Path data = directory.resolve(StoreFiles.DATA);
    if (Files.exists(data)) {
      access = FileAccess.of(data);
    } else {
      if (!options.createIfMissing()) {
        throw new NotAStoreException("there is no store at " + directory);
      }
      requireNothingElse(directory);
      access = options.group() ? FileAccess.ofGroup(directory) : FileAccess.OWNER;
      Directories.create(directory, access);
    }
    requireTrusted(directory, FileSystemKind.of(directory), options);
    return access;
  }

  /// Fails if the file system does not keep a store safe, unless it is forced to.
  static void requireTrusted(Path directory, FileSystemKind kind, StoreOptions options) {
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
    if (!LockBytes.acquireOpening(lock, options.lockTimeout().toNanos())) {
      throw new StoreLockedException(
          "waited "
              + options.lockTimeout().toMillis()
              + " ms: another process is opening "
              + directory
              + "; if it is stopped, let it go on or end it");
    }
  }

  /// Fails if the lock file was removed before its byte was taken: then the store was unlinked.
  private static void requirePresent(LockFile lock) {
    if (!lock.isIntact()) {
      throw new StoreIoException(
          "the store was removed while it was being opened; open it again",
          new NoSuchFileException(StoreFiles.LOCK));
    }
  }

  private static void requireAlone(LockFile lock, Path directory) {
    for (int slot = 0; slot < ProcessTable.SLOTS; slot++) {
      if (lock.isHeldByOther(LockBytes.FIRST_PROCESS + slot)) {
        throw new StoreLockedException(
            directory
                + " is open in another process ("
                + SharedIdentity.describeProcess(directory.resolve(StoreFiles.SHM), slot)
                + "); one process at a time can have it open");
      }
    }
  }
}

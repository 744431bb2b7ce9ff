package dev.quire.store.internal.txn;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.FileIdentity;
import dev.quire.store.internal.region.LockFile;
import dev.quire.store.internal.region.MemoryRegion;
import dev.quire.store.internal.region.SharedRegion;
import dev.quire.store.internal.txn.Opening.Named;
import dev.quire.store.internal.txn.Opening.Place;
import dev.quire.store.options.Checksums;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/// The files of a store in memory that has a directory.
///
/// There is no log to recover from: `shm` has the only head. So such a store is what its `shm` says
/// or it is lost. `data` gets its name last: where it is, there was a whole `shm`.
final class MemoryStore {

  /// Begins the name of a store that is being removed.
  static final String REMOVED_PREFIX = ".removed-";

  private static final List<String> FILES =
      List.of(
          StoreFiles.DATA,
          StoreFiles.DATA + ".new",
          StoreFiles.SHM,
          StoreFiles.SHM + ".new",
          StoreFiles.LOCK);

  private MemoryStore() {}

  /// The superblock of a new store in memory: no ring, and no checksums unless they are insisted
  /// on.
  static Superblock firstSuperblock(StoreOptions options) {
    Checksums asked = options.checksums();
    Checksums own = asked == Checksums.WRITE ? Checksums.OFF : asked;
    return Opening.firstSuperblock(options.withChecksums(own), 0);
  }

  /// Whether a superblock is that of a store in memory.
  static boolean isMemoryStore(Superblock superblock) {
    return superblock.ringSizeBytes() == 0;
  }

  /// Makes `data` under another name, then a whole `shm`, and gives `data` its name last.
  static Engine create(Place place, StoreOptions options, StoreFiles files, FileIdentity lock) {
    try {
      Superblock first = firstSuperblock(options);
      MemoryRegion region = MemoryRegion.create(place.data(), first.fileSizeBytes());
      files.own(region);
      new SuperblockFile(region, files.buffers(), first.pageSizeBytes()).writeUnsynced(first);
      SharedIdentity identity = SharedIdentity.of(first, lock, region.identity());
      Engine engine =
          Opening.recover(region, options, files, first, new Named(place.shared(), identity));
      region.install(place.data());
      own(place, files);
      return engine;
    } catch (RuntimeException | Error e) {
      // Nobody could find what lies there, and it takes up memory.
      remove(place.directory());
      throw e;
    }
  }

  /// Goes on where the last user stopped; a store of another boot begins anew.
  static Engine open(Place place, StoreOptions options, StoreFiles files, SharedIdentity identity) {
    if (isOfAnotherBoot(identity, place.shared())) {
      if (!options.createIfMissing()) {
        throw new NotAStoreException(
            "the store in memory at " + place.directory() + " ended when the machine did");
      }
      Directories.delete(place.data());
      Directories.delete(place.shared());
      return create(place, options, files, identity.lock());
    }
    MemoryRegion region = MemoryRegion.open(place.data());
    files.own(region);
    Superblock superblock = identity.superblock();
    Engine engine =
        Files.exists(place.shared())
            ? Takeover.tryResume(region, options, files, superblock, identity, place.shared())
            : null;
    if (engine == null) {
      throw lost(place.directory());
    }
    own(place, files);
    return engine;
  }

  private static void own(Place place, StoreFiles files) {
    if (place.kind() == StoreKind.TEMPORARY) {
      files.ownTemporary(place.directory());
    }
  }

  /// Removes a store: first its name, at once, then the files. The byte [LockBytes#OPENING] is
  /// held, or nobody can have it.
  static void remove(Path directory) {
    Path removed = directory.resolveSibling(REMOVED_PREFIX + UUID.randomUUID());
    Directories.rename(directory, removed);
    for (String name : FILES) {
      Directories.delete(removed.resolve(name));
    }
    Directories.delete(removed);
  }

  /// Whether the files are those of a store.
  static boolean isStore(Path directory) {
    return FILES.containsAll(Directories.names(directory));
  }

  /// Whether the store ended because the machine has been started since.
  private static boolean isOfAnotherBoot(SharedIdentity identity, Path sharedPath) {
    if (!Files.exists(sharedPath)) {
      return false;
    }
    try (SharedRegion shared = SharedRegion.open(sharedPath)) {
      return shared.sizeBytes() >= SharedState.FIRST_SIZE_BYTES
          && identity.matchesOnAnotherBoot(shared.segment());
    }
  }

  /// What to say of a store whose `shm` cannot be trusted.
  private static StoreFailedException lost(Path directory) {
    Path sharedPath = directory.resolve(StoreFiles.SHM);
    String reason =
        Files.exists(sharedPath)
            ? "its file shm is damaged, belongs to other files, or says that a write failed"
            : "its file shm is missing";
    return new StoreFailedException(
        "the store in memory at "
            + directory
            + " is lost: "
            + reason
            + "; unlink it and make a new one");
  }

  /// Removes a temporary store unless another process uses it, too. This process still has it open.
  static void removeIfLast(Path directory, LockFile lock, long timeoutNanos) {
    // Who has the byte for long opens it, and is the next to come by here.
    if (LockBytes.acquireOpening(lock, timeoutNanos)) {
      try {
        if (LockBytes.countUsers(lock) == 1 && lock.isIntact()) {
          remove(directory);
        }
      } finally {
        lock.release(LockBytes.OPENING);
      }
    }
  }
}

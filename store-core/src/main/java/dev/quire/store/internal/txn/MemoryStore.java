package dev.quire.store.internal.txn;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.FileIdentity;
import dev.quire.store.internal.region.MemoryRegion;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.region.SharedRegion;
import dev.quire.store.internal.txn.Opening.Named;
import dev.quire.store.internal.txn.Opening.Place;
import dev.quire.store.internal.txn.Opening.Seams;
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
    return StoreCreation.firstSuperblock(options.withChecksums(own), 0);
  }

  /// Whether a superblock is that of a store in memory.
  static boolean isMemoryStore(Superblock superblock) {
    return superblock.ringSizeBytes() == 0;
  }

  /// Makes `data` under another name, then a whole `shm`, and gives `data` its name last.
  static Engine create(Place place, StoreOptions options, StoreFiles files, Seams seams) {
    try {
      Superblock first = firstSuperblock(options);
      MemoryRegion memory = MemoryRegion.create(place.data(), first.fileSizeBytes());
      Region region = seams.region().apply(memory);
      own(region, place, files);
      new SuperblockFile(region, files.buffers(), first.pageSizeBytes()).writeUnsynced(first);
      FileIdentity lock = files.lockIdentity();
      SharedIdentity identity = SharedIdentity.of(first, lock, memory.identity());
      Engine engine =
          Opening.recover(region, options, files, first, new Named(place.shared(), identity));
      memory.install(place.data());
      return engine;
    } catch (RuntimeException | Error e) {
      // Nobody could find what lies there, and it takes up memory.
      try {
        remove(place.directory());
      } catch (StoreIoException leftBehind) {
        e.addSuppressed(leftBehind);
      }
      throw e;
    }
  }

  /// Joins the processes that have it open, or goes on where the last one stopped; a store of
  /// another boot begins anew.
  static Engine open(
      Place place,
      StoreOptions options,
      StoreFiles files,
      Seams seams,
      SharedIdentity identity,
      boolean others) {
    if (!others && isOfAnotherBoot(identity, place.shared())) {
      if (!options.createIfMissing()) {
        throw new NotAStoreException(
            "the store in memory at " + place.directory() + " ended when the machine did");
      }
      Directories.delete(place.data());
      Directories.delete(place.shared());
      files.madeStore();
      return create(place, options, files, seams);
    }
    Region region = seams.region().apply(MemoryRegion.open(place.data()));
    own(region, place, files);
    if (others) {
      return Opening.join(region, options, files, identity, place.shared());
    }
    Superblock superblock = identity.superblock();
    Engine engine =
        Files.exists(place.shared())
            ? Takeover.tryResume(region, options, files, superblock, identity, place.shared())
            : null;
    if (engine == null) {
      throw lost(place.directory());
    }
    return engine;
  }

  private static void own(Region region, Place place, StoreFiles files) {
    files.own(region);
    files.locks().allowUnlinking();
    if (place.kind() == StoreKind.TEMPORARY) {
      files.ownTemporary(place.directory());
    }
  }

  /// Removes a store: first its name, at once, then the files. Lock byte 0 is held, or nobody can
  /// have it.
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
}

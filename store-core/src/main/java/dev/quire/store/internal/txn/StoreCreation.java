package dev.quire.store.internal.txn;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.SuperblockPage;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.FileAccess;
import dev.quire.store.internal.region.FileIdentity;
import dev.quire.store.internal.region.FileSystemKind;
import dev.quire.store.internal.region.MappedRegion;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.txn.Opening.Place;
import dev.quire.store.options.Checksums;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// A new store: its directory and its data file.
final class StoreCreation {

  private static final Set<String> OWN_NAMES =
      Set.of(
          StoreFiles.DATA,
          StoreFiles.SHM,
          StoreFiles.LOCK,
          StoreFiles.DATA + ".new",
          StoreFiles.SHM + ".new");

  private StoreCreation() {}

  /// Makes the data file under another name, and gives it its own when it is whole and durable.
  /// What was begun is removed if that fails. Lock byte 0 is held, and nobody else has the store
  /// open.
  static void createData(Place place, StoreOptions options, UnaryOperator<Region> seam) {
    Path unfinished = place.directory().resolve(StoreFiles.DATA + ".new");
    Directories.delete(unfinished);
    try (StoreFiles files = new StoreFiles(Steps.NONE)) {
      MappedRegion region = MappedRegion.create(unfinished, place.access());
      files.own(region);
      create(seam.apply(region), options, files);
      region.moveTo(place.data());
    } catch (StoreException e) {
      try {
        Directories.delete(unfinished);
        if (place.isNew()) {
          Directories.delete(place.directory().resolve(StoreFiles.LOCK));
          Directories.delete(place.directory());
        }
      } catch (StoreIoException leftBehind) {
        e.addSuppressed(leftBehind);
      }
      throw e;
    }
  }

  /// Writes superblock and ring of a new store. The ring is written in small pieces: large ones
  /// would make its page cache one block of which every sync writes the whole.
  static void create(Region region, StoreOptions options, StoreFiles files) {
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

  /// Makes the directory if the options say so, and refuses one that is no place for a store.
  ///
  /// @return what new files in it are made with
  static FileAccess prepareDirectory(Path directory, StoreOptions options) {
    requireDirectory(directory);
    requireTrusted(directory, FileSystemKind.of(directory), options);
    FileAccess access;
    Path data = directory.resolve(StoreFiles.DATA);
    if (Files.exists(data)) {
      access = FileAccess.of(data);
    } else {
      if (!options.createIfMissing()) {
        throw noStore(directory);
      }
      requireNothingElse(directory);
      access = options.group() ? FileAccess.ofGroup(directory) : FileAccess.OWNER;
      Directories.create(directory, access);
    }
    return access;
  }

  /// Fails if the path is neither a directory nor free, or if something else is in the place of a
  /// file. A symbolic link is: who comes to the file by its own name would have another lock.
  static void requireDirectory(Path directory) {
    Path existing = directory;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (Files.exists(existing) && !Files.isDirectory(existing)) {
      throw new NotAStoreException(
          existing
              + " is a file; a store is a directory"
              + (existing.equals(directory) ? "" : ", and " + directory + " would lie below it")
              + ". Give the path of a directory");
    }
    if (Files.exists(existing) && !Files.isExecutable(existing)) {
      throw new StoreIoException(
          existing + " may not be entered by this user; its owner can allow it");
    }
    for (String name : OWN_NAMES) {
      Directories.requireFileOrNothing(directory.resolve(name));
    }
  }

  /// What to say when a store is to be opened that is not there.
  static NotAStoreException noStore(Path directory) {
    return new NotAStoreException(
        "there is no store at "
            + directory
            + (Files.exists(directory) ? ", which has no file " + StoreFiles.DATA : "")
            + "; give the directory of one, or let one be made there");
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

  /// Refuses a data file that has a second name: through that one, in another directory, processes
  /// would use it without a lock in common.
  static void requireOneName(Path data, StoreOptions options) {
    long names = FileIdentity.names(data);
    if (names > 1 && !options.force()) {
      throw new StoreLockedException(
          data
              + " has "
              + names
              + " names (hard links), so it may be open elsewhere without a lock in common; copy"
              + " it to a file of its own, or open it with force if no other name is used");
    }
  }
}

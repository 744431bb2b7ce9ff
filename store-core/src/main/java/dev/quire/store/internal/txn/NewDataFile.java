package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.FileAccess;
import dev.quire.store.internal.region.LockFile;
import dev.quire.store.internal.region.MappedRegion;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.region.StoreRegistry;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// The data file of a store whose content is known: made under another name, and given its own when
/// it is whole and durable. Nobody can make or open a store in the directory meanwhile.
public final class NewDataFile {

  private static final Set<String> OWN_NAMES =
      Set.of(StoreFiles.DATA + ".new", StoreFiles.SHM, StoreFiles.LOCK);

  private NewDataFile() {}

  /// Writes the content.
  @FunctionalInterface
  public interface Content {
    /// @param region empty; to be synced before this returns
    void writeTo(Region region);
  }

  /// Makes the directory, if there is none, and the data file in it.
  ///
  /// @throws StoreIoException if it holds a store already
  /// @throws StoreLockedException if somebody makes or opens a store in it
  public static void create(Path named, StoreOptions options, Content content) {
    StoreOptions creating = options.withReadOnly(false).withCreateIfMissing(true);
    FileAccess access = StoreCreation.prepareDirectory(named, creating);
    Path directory = Directories.realPath(named);
    // Before `lock` is claimed: this process may have that store open.
    requireNone(directory);
    StoreFiles files = new StoreFiles(Steps.NONE);
    try {
      Path lockPath = directory.resolve(StoreFiles.LOCK);
      StoreRegistry.Claim claim = StoreRegistry.claim(lockPath, "quire", access);
      files.own(claim);
      files.own(LockFile.open(claim), directory);
      ProcessLocks locks = files.locks();
      if (!locks.take(ProcessLocks.OPEN, System.nanoTime() + options.lockTimeout().toNanos())) {
        throw new StoreLockedException(
            "another process is opening or closing " + directory + "; give another directory");
      }
      try {
        locks.requirePresent();
        write(directory, access, content);
      } finally {
        locks.release(ProcessLocks.OPEN);
      }
    } finally {
      files.close();
    }
  }

  private static void requireNone(Path directory) {
    if (Files.exists(directory.resolve(StoreFiles.DATA))) {
      throw new StoreIoException(
          directory + " holds a store already; give a new or an empty directory");
    }
  }

  private static void write(Path directory, FileAccess access, Content content) {
    requireNone(directory);
    Directories.delete(directory.resolve(StoreFiles.SHM));
    install(directory, access, content);
  }

  /// @throws StoreIoException if a store lies beside the file, and takes a file of this name for
  ///   its own
  public static void requireForeign(Path file) {
    Path data = file.resolveSibling(StoreFiles.DATA);
    if (OWN_NAMES.contains(String.valueOf(file.getFileName())) && Files.exists(data)) {
      throw new StoreIoException(
          file + " is a name of the store's own that lies there; give another place");
    }
  }

  /// Puts a new data file in the place of that of a store, which the caller has open by
  /// [#openResting].
  public static void replace(Path named, Content content) {
    Path directory = Directories.realPath(named);
    install(directory, FileAccess.of(directory.resolve(StoreFiles.DATA)), content);
  }

  /// Brings a store to rest and opens it to read, so that nobody else can open it until it is
  /// closed.
  ///
  /// @throws StoreLockedException if somebody has it open
  public static Engine openResting(Path directory, StoreOptions options) {
    StoreOptions existing = options.withReadOnly(false).withCreateIfMissing(false);
    Opening.open(directory, existing, StoreKind.DURABLE).close();
    Engine engine = null;
    if (!Files.exists(directory.resolve(StoreFiles.SHM))) {
      engine = ReadOnlyOpening.openIfResting(directory, existing.withReadOnly(true));
    }
    if (engine == null) {
      throw new StoreLockedException(
          directory + " is open in another process; close it there and try again");
    }
    return engine;
  }

  private static void install(Path directory, FileAccess access, Content content) {
    Path unfinished = directory.resolve(StoreFiles.DATA + ".new");
    Directories.delete(unfinished);
    boolean done = false;
    try (MappedRegion region = MappedRegion.create(unfinished, access)) {
      content.writeTo(region);
      region.moveTo(directory.resolve(StoreFiles.DATA));
      done = true;
    } finally {
      if (!done) {
        Directories.delete(unfinished);
      }
    }
  }
}

package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.FileIdentity;
import dev.quire.store.internal.region.LockFile;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The stores that this process has open through this class loader: opening one again gives the
/// same engine.
///
/// A store is known by its files, not by its path: a store that was unlinked while it is open is
/// another one than the store that has its name now. It is known as well by its directory and
/// `data`, when somebody removes the lock file under it.
final class OpenEngines {

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final List<Handles> OPEN = new ArrayList<>();

  private static final class Handles {
    final Engine engine;
    final Path directory;
    final @Nullable LockFile lock;
    final @Nullable FileIdentity data;
    int count = 1;

    Handles(Engine engine, Path directory) {
      this.engine = engine;
      this.directory = directory;
      this.lock = engine.lock();
      this.data = identity(directory.resolve(StoreFiles.DATA));
    }
  }

  private OpenEngines() {}

  static Engine open(Path directory, StoreOptions options, StoreKind kind) {
    LOCK.lock();
    try {
      Handles known = find(directory);
      if (known != null) {
        requireSameOptions(directory, known.engine.options(), options);
        known.count++;
        return known.engine;
      }
      Engine engine = Opening.open(directory, options, kind);
      OPEN.add(new Handles(engine, place(directory)));
      return engine;
    } finally {
      LOCK.unlock();
    }
  }

  /// Ends a handle.
  ///
  /// @return whether it was the last one of a store without a directory
  static boolean release(Engine engine) {
    LOCK.lock();
    try {
      Handles handles = find(engine);
      if (handles == null) {
        return true;
      }
      if (handles.count == 1) {
        // Closed under the lock: whoever opens the store next finds it at rest.
        try {
          engine.closeNow();
        } finally {
          // Not if the turn could not be had: then the store is open as before.
          if (!engine.isOpen()) {
            OPEN.remove(handles);
          }
        }
      } else {
        handles.count--;
      }
      return false;
    } finally {
      LOCK.unlock();
    }
  }

  /// Does something while no store is opened or closed here.
  static int exclusively(IntSupplier work) {
    LOCK.lock();
    try {
      return work.getAsInt();
    } finally {
      LOCK.unlock();
    }
  }

  /// The lock file of the store in a directory, if this class loader has it open: it must not be
  /// opened a second time.
  static @Nullable LockFile findLock(Path directory) {
    Handles known = find(directory);
    return known == null ? null : known.lock;
  }

  /// Whether the engine is that of the store in a directory.
  static boolean isOf(Engine engine, Path directory) {
    LOCK.lock();
    try {
      Handles known = find(directory);
      return known != null && known.engine == engine;
    } finally {
      LOCK.unlock();
    }
  }

  private static @Nullable Handles find(Path directory) {
    Path real = place(directory);
    FileIdentity lock = identity(real.resolve(StoreFiles.LOCK));
    FileIdentity data = identity(real.resolve(StoreFiles.DATA));
    for (Handles handles : OPEN) {
      LockFile open = handles.lock;
      if (open != null && isSame(open.identity(), lock)
          || handles.directory.equals(real) && isSame(handles.data, data)) {
        return handles;
      }
    }
    return null;
  }

  /// The directory without links on the way to it, as far as it is there.
  private static Path place(Path directory) {
    try {
      return Files.exists(directory) ? Directories.realPath(directory) : directory;
    } catch (StoreIoException e) {
      // Removed just now.
      return directory;
    }
  }

  private static boolean isSame(@Nullable FileIdentity open, @Nullable FileIdentity asked) {
    return open != null && asked != null && open.isSameFile(asked);
  }

  // Which of several engines it is.
  @SuppressWarnings("ReferenceEquality")
  private static @Nullable Handles find(Engine engine) {
    for (Handles handles : OPEN) {
      if (handles.engine == engine) {
        return handles;
      }
    }
    return null;
  }

  private static @Nullable FileIdentity identity(Path file) {
    try {
      return Files.exists(file) ? FileIdentity.of(file) : null;
    } catch (StoreIoException e) {
      // Removed just now.
      return null;
    }
  }

  private static void requireSameOptions(Path directory, StoreOptions open, StoreOptions asked) {
    if (!open.equals(asked.withCreateIfMissing(open.createIfMissing()))) {
      throw new StoreLockedException(
          directory
              + " is open in this process with other options ("
              + open
              + "); open it with the same, or close it first");
    }
  }
}

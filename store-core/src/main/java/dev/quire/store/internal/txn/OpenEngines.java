package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The stores that this process has open through this class loader: opening one again gives the
/// same engine.
final class OpenEngines {

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Map<Path, Handles> OPEN = new HashMap<>();

  private static final class Handles {
    final Engine engine;
    int count = 1;

    Handles(Engine engine) {
      this.engine = engine;
    }
  }

  private OpenEngines() {}

  static Engine open(Path directory, StoreOptions options) {
    LOCK.lock();
    try {
      Path existing = realPath(directory);
      Handles known = existing == null ? null : OPEN.get(existing);
      if (known != null) {
        requireSameOptions(directory, known.engine.options(), options);
        known.count++;
        return known.engine;
      }
      Engine engine = Opening.open(directory, options);
      Path real = realPath(directory);
      OPEN.put(real == null ? directory.toAbsolutePath() : real, new Handles(engine));
      return engine;
    } finally {
      LOCK.unlock();
    }
  }

  /// Ends a handle.
  ///
  /// @return whether it was the last one, or the engine is of a store without a directory
  static boolean release(Engine engine) {
    LOCK.lock();
    try {
      Path directory = directoryOf(engine);
      Handles handles = directory == null ? null : OPEN.get(directory);
      if (directory == null || handles == null) {
        return true;
      }
      if (handles.count == 1) {
        // Closed under the lock: whoever opens the store next finds it at rest.
        engine.closeNow();
        OPEN.remove(directory);
      } else {
        handles.count--;
      }
      return false;
    } finally {
      LOCK.unlock();
    }
  }

  private static @Nullable Path directoryOf(Engine engine) {
    for (Map.Entry<Path, Handles> entry : OPEN.entrySet()) {
      if (entry.getValue().engine == engine) {
        return entry.getKey();
      }
    }
    return null;
  }

  private static void requireSameOptions(Path directory, StoreOptions open, StoreOptions asked) {
    if (!open.equals(asked)) {
      throw new StoreLockedException(
          directory
              + " is open in this process with other options ("
              + open
              + "); open it with the same, or close it first");
    }
  }

  private static @Nullable Path realPath(Path directory) {
    try {
      return Files.exists(directory) ? directory.toRealPath() : null;
    } catch (IOException e) {
      throw new StoreIoException("resolving " + directory + " failed: " + e.getMessage(), e);
    }
  }
}

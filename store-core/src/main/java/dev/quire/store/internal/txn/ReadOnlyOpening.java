package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.FileIdentity;
import dev.quire.store.internal.region.LockFile;
import dev.quire.store.internal.region.MappedRegion;
import dev.quire.store.internal.region.SharedRegion;
import dev.quire.store.internal.region.StoreRegistry;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// From a path to an [Engine] that changes nothing: no file is made, written or removed, and the
/// directory need not be writable.
///
/// What is read is the newest superblock's state. Its pages are on the medium and nobody reuses
/// them: a store that was not closed in order is whole there, though later transactions are
/// missing. What `shm` would be lies in memory.
///
/// If other processes have the store open, and this one may write what processes share, it joins
/// them: it pins the newest transaction like any reader.
///
/// Readers hold the bytes of the lock file shared, so that no process begins to write meanwhile. If
/// there is no lock file, nobody has the store open, and nobody is kept from opening it.
final class ReadOnlyOpening {

  private static final long OPEN_BYTE = 0;
  private static final long FIRST_PROCESS_BYTE = 16;
  private static final long RETRY_NANOS = 1_000_000;

  private ReadOnlyOpening() {}

  static Engine open(Path directory, StoreOptions options) {
    Path data = directory.resolve(StoreFiles.DATA);
    StoreCreation.requireDirectory(directory);
    if (!Files.exists(data)) {
      throw StoreCreation.noStore(directory);
    }
    StoreCreation.requireOneName(data, options);
    long deadline = System.nanoTime() + options.lockTimeout().toNanos();
    while (true) {
      Engine joined = mayJoin(directory) ? Opening.joinToRead(directory, options) : null;
      if (joined != null) {
        return joined;
      }
      Engine atRest = openAtRest(directory, data, options);
      if (atRest != null) {
        return atRest;
      }
      // Somebody has opened it to write meanwhile: join that one, if it can be joined.
      if (!mayJoin(directory) || System.nanoTime() - deadline > 0) {
        throw unjoinable(directory);
      }
    }
  }

  private static boolean mayJoin(Path directory) {
    return Files.isWritable(directory.resolve(StoreFiles.LOCK))
        && Files.isWritable(directory.resolve(StoreFiles.SHM))
        && Files.isWritable(directory.resolve(StoreFiles.DATA));
  }

  /// Opens a store that nobody has open, and keeps everybody from opening it.
  ///
  /// @return null if somebody has it open
  static @Nullable Engine openIfResting(Path directory, StoreOptions options) {
    Path data = directory.resolve(StoreFiles.DATA);
    StoreCreation.requireDirectory(directory);
    StoreCreation.requireOneName(data, options);
    return openAtRest(directory, data, options);
  }

  /// @return null if another process has the store open and may write
  private static @Nullable Engine openAtRest(Path directory, Path data, StoreOptions options) {
    StoreFiles files = new StoreFiles(Steps.NONE);
    try {
      if (!keepWritersOut(directory, options, files)) {
        files.close();
        return null;
      }
      MappedRegion region = MappedRegion.openReadOnly(data);
      files.own(region);
      Superblock superblock = SuperblockFile.readNewest(region, files.buffers());
      Opening.requirePageSize(superblock, options);
      Path sharedPath = directory.resolve(StoreFiles.SHM);
      FileIdentity dataFile = region.identity();
      SharedIdentity identity = SharedIdentity.of(superblock, dataFile, dataFile);
      if (CopiedStore.isOne(sharedPath, identity, files)) {
        CopiedStore.requireSound(region, options, superblock);
      }
      SharedRegion shared = SharedRegion.temporary(SharedState.FIRST_SIZE_BYTES);
      files.own(shared, null);
      SharedState state = new SharedState(shared);
      state.createAreas();
      Engine engine = Recovery.asOfSuperblock(region, options, files, superblock, state);
      if (Files.exists(sharedPath)) {
        engine.parts().setBehind();
      }
      return engine;
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  /// @return false if another process has the store open and may write
  static boolean keepWritersOut(Path directory, StoreOptions options, StoreFiles files) {
    Path lockPath = directory.resolve(StoreFiles.LOCK);
    if (!Files.exists(lockPath)) {
      return true;
    }
    StoreRegistry.Claim claim = StoreRegistry.claim(lockPath, "quire");
    files.own(claim);
    LockFile lock = LockFile.openShared(claim);
    files.own(lock);
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
    for (int slot = 0; slot < ProcessTable.SLOTS; slot++) {
      if (!lock.tryAcquire(FIRST_PROCESS_BYTE + slot)) {
        return false;
      }
    }
    lock.release(OPEN_BYTE);
    return true;
  }

  private static StoreLockedException unjoinable(Path directory) {
    for (String name : new String[] {StoreFiles.SHM, StoreFiles.DATA}) {
      if (!Files.exists(directory.resolve(name))) {
        return Opening.gone(directory.resolve(name));
      }
    }
    return new StoreLockedException(
        directory
            + " is open in another process, which may write at any time; to read it meanwhile"
            + " this process must be allowed to write its files "
            + StoreFiles.LOCK
            + ", "
            + StoreFiles.SHM
            + " and "
            + StoreFiles.DATA
            + ", where readers are entered");
  }
}

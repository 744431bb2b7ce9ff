package dev.quire.store.internal.txn;

import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.FileIdentity;
import dev.quire.store.internal.region.LockFile;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.region.SharedRegion;
import dev.quire.store.internal.region.StoreRegistry;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The open files and the memory of one store, closed in the order in which they depend on each
/// other.
final class StoreFiles implements AutoCloseable {

  static final String DATA = "data";
  static final String SHM = "shm";
  static final String LOCK = "lock";

  private final NativeBuffers buffers = new NativeBuffers();
  private final Steps steps;
  private ProcessLocks locks = ProcessLocks.alone();
  private @Nullable Region region;
  private @Nullable SharedRegion shared;
  private @Nullable SharedRegion lent;
  private @Nullable Path sharedPath;
  private @Nullable Path temporaryDirectory;
  private @Nullable LockFile lock;
  private StoreRegistry.@Nullable Claim claim;
  private boolean isNew;

  StoreFiles(Steps steps) {
    this.steps = steps;
  }

  Steps steps() {
    return steps;
  }

  /// The lock bytes of this process.
  ProcessLocks locks() {
    return locks;
  }

  /// Which file `lock` is.
  FileIdentity lockIdentity() {
    LockFile file = lock;
    if (file == null) {
      throw new IllegalStateException("the store has no lock file");
    }
    return file.identity();
  }

  /// There was no store, and now there is one.
  void madeStore() {
    isNew = true;
  }

  /// Whether the store was made by this opening.
  boolean isNew() {
    return isNew;
  }

  NativeBuffers buffers() {
    return buffers;
  }

  void own(Region newRegion) {
    region = newRegion;
  }

  /// @param path of the file that is removed at the end, or null if it has no name
  void own(SharedRegion newShared, @Nullable Path path) {
    shared = newShared;
    sharedPath = path;
  }

  /// A `shm` that outlives the store, full of zeros.
  void lend(SharedRegion region) {
    lent = region;
  }

  /// A new `shm` without a name, closed with the store; or the one that was lent.
  SharedRegion temporaryShared() {
    SharedRegion given = lent;
    if (given != null) {
      return given;
    }
    SharedRegion made = SharedRegion.temporary(SharedState.FIRST_SIZE_BYTES);
    own(made, null);
    return made;
  }

  void own(LockFile newLock, Path directory) {
    lock = newLock;
    locks = ProcessLocks.of(newLock, directory);
  }

  /// A lock file of which the store only holds bytes, to keep others out.
  void own(LockFile newLock) {
    lock = newLock;
  }

  void own(StoreRegistry.Claim newClaim) {
    claim = newClaim;
  }

  /// The lock file of a store in a directory, or null.
  @Nullable LockFile lock() {
    return lock;
  }

  /// The store is gone when its last user is.
  void ownTemporary(Path directory) {
    temporaryDirectory = directory;
  }

  /// Removes a temporary store, unless it was unlinked. Byte 0 is held, and nobody else has it
  /// open.
  void removeTemporary() {
    Path directory = temporaryDirectory;
    LockFile file = lock;
    if (directory != null && file != null && file.isIntact()) {
      MemoryStore.remove(directory);
    }
  }

  /// Removes `shm`: the store is at rest, or must be recovered from superblock and log.
  void removeShared() {
    Path path = sharedPath;
    if (path != null) {
      Directories.delete(path);
    }
  }

  /// Closes everything. A `shm` that was not removed stays for the next opener.
  @Override
  public void close() {
    try {
      closeRegions();
    } finally {
      closeLocks();
    }
  }

  private void closeRegions() {
    Region openRegion = region;
    SharedRegion openShared = shared;
    try {
      if (openRegion != null) {
        openRegion.close();
      }
    } finally {
      if (openShared != null) {
        openShared.close();
      }
      buffers.close();
    }
  }

  private void closeLocks() {
    LockFile openLock = lock;
    StoreRegistry.Claim openClaim = claim;
    if (openLock != null) {
      openLock.close();
    }
    if (openClaim != null) {
      openClaim.close();
    }
  }
}

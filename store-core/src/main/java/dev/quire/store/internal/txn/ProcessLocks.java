package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.internal.region.FileIdentity;
import dev.quire.store.internal.region.LockFile;
import dev.quire.store.internal.region.NamedFile;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The bytes of `lock` as far as this process has them, and its place among the processes.
///
/// | byte   | held by                                                          |
/// |--------|------------------------------------------------------------------|
/// | 0      | who opens or closes the store, while it does                     |
/// | 1      | the process that has the writer's turn                           |
/// | 2      | the process that runs a checkpoint, from its plan to `durable`   |
/// | 3      | the process that purges expired entries in the background        |
/// | 16 + i | the process with slot i, as long as it has the store open        |
///
/// A process is dead if its byte can be taken; its pid says nothing. A store without a lock file
/// (in memory, in a region of a test) has one process: every byte is its own at once.
final class ProcessLocks {

  static final long OPEN = 0;
  static final long TURN = 1;
  static final long CHECKPOINT = 2;
  static final long SWEEP = 3;
  private static final long FIRST_PROCESS = 16;
  private static final long RETRY_NANOS = 1_000_000;

  private final @Nullable LockFile lock;
  private final Path directory;
  private @Nullable NamedFile data;
  private boolean unlinkable;
  private int slot;
  private long incarnation;

  private ProcessLocks(@Nullable LockFile lock, Path directory) {
    this.lock = lock;
    this.directory = directory;
  }

  /// Of a store that no other process can open.
  static ProcessLocks alone() {
    return new ProcessLocks(null, Path.of(""));
  }

  static ProcessLocks of(LockFile lock, Path directory) {
    return new ProcessLocks(lock, directory);
  }

  /// Whether other processes can open the store.
  boolean isShared() {
    return lock != null;
  }

  /// Slot of this process.
  int slot() {
    return slot;
  }

  /// What this process writes into the slots that it owns: its slot + 1 in the upper, its
  /// incarnation in the lower half.
  long owner() {
    return slot + 1L << 32 | incarnation & 0xFFFF_FFFFL;
  }

  /// Takes a byte without waiting.
  ///
  /// @return false if another process has it, or this one already
  boolean tryTake(long index) {
    LockFile file = lock;
    return file == null || file.tryAcquire(index);
  }

  void release(long index) {
    LockFile file = lock;
    if (file != null) {
      file.release(index);
    }
  }

  /// Takes a byte, waiting for it if need be.
  ///
  /// @param deadline as [System#nanoTime]
  /// @return false if somebody else had it all the time
  boolean take(long index, long deadline) {
    while (!tryTake(index)) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      pause(RETRY_NANOS);
    }
    return true;
  }

  /// Waits a moment, also if the thread is interrupted, which it stays.
  static void pause(long nanos) {
    boolean interrupted = Thread.interrupted();
    LockSupport.parkNanos(nanos);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether a process other than this one has the store open. Byte 0 is held.
  boolean hasOthers() {
    LockFile file = lock;
    if (file != null) {
      for (int i = 0; i < ProcessTable.SLOTS; i++) {
        if (file.isHeldByOther(FIRST_PROCESS + i)) {
          return true;
        }
      }
    }
    return false;
  }

  /// How many processes have the store open, this one included. Byte 0 is held, so none comes or
  /// goes by closing it.
  int countUsers() {
    LockFile file = lock;
    int users = 0;
    for (int i = 0; file != null && i < ProcessTable.SLOTS; i++) {
      if (file.isHeld(FIRST_PROCESS + i) || file.isHeldByOther(FIRST_PROCESS + i)) {
        users++;
      }
    }
    return users;
  }

  /// Fails if `lock` was removed before byte 0 of it was taken: then the store was unlinked.
  void requirePresent() {
    LockFile file = lock;
    if (file != null && !file.isIntact()) {
      throw new StoreIoException(
          directory + " was removed while it was being opened; open it again",
          new NoSuchFileException(directory.toString()));
    }
  }

  /// Takes a free process byte, and with that a slot.
  ///
  /// @throws StoreLockedException if there is none
  void takeSlot() {
    for (slot = 0; slot < ProcessTable.SLOTS; slot++) {
      if (tryTake(FIRST_PROCESS + slot)) {
        return;
      }
    }
    throw new StoreLockedException(
        directory
            + " has no place for one more process: one that only reads it as it lies keeps writers"
            + " out, or "
            + ProcessTable.SLOTS
            + " processes have it open, which is all that a store allows; close it there");
  }

  /// The file `data` that this process has open.
  void guard(FileIdentity dataFile) {
    data = new NamedFile(directory.resolve(StoreFiles.DATA), dataFile);
  }

  /// The names may go away or mean other files while this process has the store open: stores in
  /// memory are unlinked like that, and all who have one open go on with it.
  void allowUnlinking() {
    unlinkable = true;
  }

  /// Enters this process into the table. From here on it may claim things.
  void enter(SharedState state) {
    MetricsTable.enter(state, slot);
    incarnation = ProcessTable.enter(state, slot);
  }

  /// Calls `action` if the process of a slot is dead, while its byte keeps anybody from taking the
  /// slot.
  void ifDead(int other, Runnable action) {
    if (other != slot && tryTake(FIRST_PROCESS + other)) {
      try {
        action.run();
      } finally {
        release(FIRST_PROCESS + other);
      }
    }
  }

  /// Whether the process of another slot is dead, as far as its byte tells. May be told that it is
  /// not while somebody looks at the same byte: ask again.
  boolean isDead(int other) {
    if (!tryTake(FIRST_PROCESS + other)) {
      return false;
    }
    release(FIRST_PROCESS + other);
    return true;
  }

  /// Whether this process still is who it was: nobody took it for dead.
  boolean isEntered(SharedState state) {
    return !isShared() || ProcessTable.incarnation(state, slot) == incarnation;
  }

  /// Fails unless the names `lock` and `data` still mean the files that this process has open.
  /// Otherwise others look at other files, and what it does is not theirs.
  void requireIntact() {
    if (unlinkable) {
      return;
    }
    LockFile file = lock;
    if (file != null && !file.isIntact()) {
      throw replaced(StoreFiles.LOCK);
    }
    NamedFile opened = data;
    if (opened != null && !opened.isIntact()) {
      throw replaced(StoreFiles.DATA);
    }
  }

  private StoreIoException replaced(String name) {
    return new StoreIoException(
        directory.resolve(name)
            + " was removed or replaced while the store is open; nothing can be written any more:"
            + " close the store in every process");
  }
}

package dev.quire.store.internal.txn;

import static dev.quire.store.internal.format.SharedHeader.BOOT_ID;
import static dev.quire.store.internal.format.SharedHeader.DATA_KEY;
import static dev.quire.store.internal.format.SharedHeader.LOCK_KEY;
import static dev.quire.store.internal.format.SharedHeader.MAGIC_WORD;
import static dev.quire.store.internal.format.SharedHeader.READY;
import static dev.quire.store.internal.format.SharedHeader.STORE_ID;

import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.errors.UnsupportedFormatException;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.region.BootId;
import dev.quire.store.internal.region.FileIdentity;
import dev.quire.store.internal.region.SharedRegion;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// Which store, which files and which boot of the machine a `shm` belongs to.
///
/// @param superblock whose store id and page size are compared
/// @param lock the file `lock`
/// @param data the file `data`
/// @param boot the current boot
record SharedIdentity(Superblock superblock, FileIdentity lock, FileIdentity data, BootId boot) {

  static SharedIdentity of(Superblock superblock, FileIdentity lock, FileIdentity data) {
    return new SharedIdentity(superblock, lock, data, BootId.current());
  }

  /// Writes the identity; the rest of `shm` is filled already.
  void write(MemorySegment shm) {
    Word.set(shm, MAGIC_WORD, SharedHeader.MAGIC);
    SharedHeader.setVersion(shm, superblock.pageSizeBytes());
    Word.set(shm, STORE_ID, superblock.storeIdHigh());
    Word.set(shm, STORE_ID + 8, superblock.storeIdLow());
    Word.set(shm, BOOT_ID, boot.high());
    Word.set(shm, BOOT_ID + 8, boot.low());
    Word.set(shm, LOCK_KEY, lock.inode());
    Word.set(shm, LOCK_KEY + 8, lock.createdNanos());
    Word.set(shm, DATA_KEY, data.inode());
    Word.set(shm, DATA_KEY + 8, data.createdNanos());
    Word.setRelease(shm, READY, 1);
  }

  /// Whether a `shm` is whole and belongs to this store, these files and this boot.
  boolean matches(MemorySegment shm) {
    return isOfThisBoot(shm) && isOfTheseFiles(shm);
  }

  /// Whether a `shm` is whole and belongs to this store and these files, but to another boot.
  boolean matchesOnAnotherBoot(MemorySegment shm) {
    return !isOfThisBoot(shm) && isOfTheseFiles(shm);
  }

  /// Fails if a `shm` that a process has in use is of another version of it.
  static void requireKnownVersion(MemorySegment shm, Path sharedPath) {
    boolean isWhole = shm.byteSize() >= SharedHeader.SIZE_BYTES && isShared(shm);
    int version = isWhole ? SharedHeader.version(shm) : SharedHeader.VERSION;
    if (version != SharedHeader.VERSION) {
      throw new UnsupportedFormatException(
          "another process has the store open with another version of this library: "
              + sharedPath
              + " has version "
              + version
              + ", this library shares version "
              + SharedHeader.VERSION
              + "; close the store there, or use the same library");
    }
  }

  private static boolean isShared(MemorySegment shm) {
    return Word.getAcquire(shm, READY) == 1 && Word.get(shm, MAGIC_WORD) == SharedHeader.MAGIC;
  }

  /// Whether a `shm` is whole and belongs to another `data`.
  boolean isOfOtherData(MemorySegment shm) {
    return isShared(shm)
        && (Word.get(shm, DATA_KEY) != data.inode()
            || !isSameTime(Word.get(shm, DATA_KEY + 8), data.createdNanos()));
  }

  private boolean isOfThisBoot(MemorySegment shm) {
    return Word.get(shm, BOOT_ID) == boot.high() && Word.get(shm, BOOT_ID + 8) == boot.low();
  }

  private boolean isOfTheseFiles(MemorySegment shm) {
    return isShared(shm)
        && SharedHeader.isVersion(shm, superblock.pageSizeBytes())
        && Word.get(shm, STORE_ID) == superblock.storeIdHigh()
        && Word.get(shm, STORE_ID + 8) == superblock.storeIdLow()
        && Word.get(shm, LOCK_KEY) == lock.inode()
        && Word.get(shm, DATA_KEY) == data.inode()
        && isSameTime(Word.get(shm, LOCK_KEY + 8), lock.createdNanos())
        && isSameTime(Word.get(shm, DATA_KEY + 8), data.createdNanos());
  }

  /// Zero stands for a time that the file system did not tell.
  private static boolean isSameTime(long a, long b) {
    return a == b || a == 0 || b == 0;
  }

  /// Fails if a `shm` of this boot and this `data` names another `lock`: then `lock` was removed or
  /// replaced, and a process that has the old one open cannot be seen.
  void requireSameLock(Path sharedPath) {
    try (SharedRegion shared = SharedRegion.open(sharedPath)) {
      MemorySegment shm = shared.segment();
      if (shm.byteSize() >= SharedHeader.SIZE_BYTES
          && withLockOf(shm).matches(shm)
          && !matches(shm)) {
        throw new StoreLockedException(
            "the file `lock` beside "
                + sharedPath
                + " was removed or replaced while the store was open, so nobody can tell whether it"
                + " still is; close it in every process, remove "
                + sharedPath
                + ", and open it again");
      }
    }
  }

  private SharedIdentity withLockOf(MemorySegment shm) {
    FileIdentity named = new FileIdentity(0, Word.get(shm, LOCK_KEY), Word.get(shm, LOCK_KEY + 8));
    return new SharedIdentity(superblock, named, data, boot);
  }
}

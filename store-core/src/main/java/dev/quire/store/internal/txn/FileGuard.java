package dev.quire.store.internal.txn;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;

/// Notices what others do to the files of an open store: another file in the place of `data` or
/// `lock`, a file that was cut, one that was written over. Guarded by the turn; the background
/// thread has one of its own.
final class FileGuard {

  /// What is committed in this time after such a thing may be lost with it.
  private static final long LOOK_NANOS = 1_000_000;

  private final EngineParts parts;
  private final SuperblockFile superblocks;
  private long lookedNanos = System.nanoTime() - LOOK_NANOS;

  FileGuard(EngineParts parts) {
    this.parts = parts;
    this.superblocks = new SuperblockFile(parts.region, parts.buffers, parts.pageSizeBytes());
  }

  /// Looks, if the last look was some time ago.
  void lookNowAndThen() {
    if (System.nanoTime() - lookedNanos >= LOOK_NANOS) {
      look();
      lookedNanos = System.nanoTime();
    }
  }

  /// Looks at the files.
  ///
  /// @throws dev.quire.store.errors.StoreIoException if a name means another file
  /// @throws dev.quire.store.errors.StoreTruncatedException if `data` was cut
  /// @throws CorruptPageException if `data` was written over
  void look() {
    parts.locks.requireIntact();
    parts.data.requireWhole();
    if (!parts.isVolatile() && !hasDurableSuperblock()) {
      parts.data.requireWhole();
      parts.state.poison();
      throw new CorruptPageException(
          new Violation(
              0,
              "superblock " + parts.state.durableSequence() + " in its slot",
              "another one, or none: something outside the store has written to its file; close"
                  + " the store in every process, and restore a backup if it does not open"));
    }
  }

  private boolean hasDurableSuperblock() {
    while (true) {
      long sequence = parts.state.durableSequence();
      if (superblocks.find(sequence) != null) {
        return true;
      }
      // Else another process has finished a checkpoint just now, and another begun.
      if (sequence == parts.state.durableSequence()) {
        return false;
      }
    }
  }
}

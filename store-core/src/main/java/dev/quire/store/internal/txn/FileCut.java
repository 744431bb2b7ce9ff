package dev.quire.store.internal.txn;

/// Cuts free pages off the end of the file of a store that is in use.
///
/// Only if no other process has it open, and none can come: byte 0 is held. Then nobody but this
/// process has mapped the file. The order of steps makes each of them a place to die at:
///
/// 1. A superblock that needs no more of the file than there will be.
/// 2. The mapping, for snapshots that begin from now on, and a head that says how long it is.
/// 3. The high-water page, which whoever takes over gives out pages from.
/// 4. The cut.
final class FileCut {

  /// The file is longer than what is given out: see [DataFile#require].
  private static final int PAGES_BEHIND = 1;

  private final EngineParts parts;
  private final CommitSequence commits;
  private final Checkpoint checkpoint;

  FileCut(EngineParts parts, CommitSequence commits, Checkpoint checkpoint) {
    this.parts = parts;
    this.commits = commits;
    this.checkpoint = checkpoint;
  }

  /// Cuts the file behind the last page that anybody needs, if that can be done now. The turn is
  /// held.
  ///
  /// @param leastPages fewer are not worth a checkpoint
  void run(long leastPages) {
    ProcessLocks locks = parts.locks;
    if (parts.isVolatile() || freeAtEnd() < leastPages || !locks.tryTake(ProcessLocks.OPEN)) {
      return;
    }
    try {
      if (!locks.hasOthers()) {
        checkpoint.runLast();
        checkpoint.whileNone(this::cut);
      }
    } finally {
      locks.release(ProcessLocks.OPEN);
    }
  }

  /// Bytes behind the last page in use, in pages.
  private long freeAtEnd() {
    parts.spaceLock.lock();
    try {
      return parts.region.sizeBytes() / parts.pageSizeBytes() - endOfUse();
    } finally {
      parts.spaceLock.unlock();
    }
  }

  /// First page number behind all that are used. Nothing is taken: there is no transaction.
  private long endOfUse() {
    parts.allocator.reclaim();
    long end = parts.allocator.highWater();
    while (end > parts.superblock.firstPage() && !parts.map.isUsed(end - 1)) {
      end--;
    }
    return end;
  }

  private void cut() {
    long end;
    long size;
    parts.spaceLock.lock();
    try {
      end = endOfUse();
      size = (end + PAGES_BEHIND) * parts.pageSizeBytes();
      if (size >= parts.region.sizeBytes()) {
        return;
      }
      parts.data.mapLess(size);
      parts.allocator.refresh(end);
    } finally {
      parts.spaceLock.unlock();
    }
    commits.republish();
    parts.spaceLock.lock();
    try {
      parts.state.lowerHighWater(end);
    } finally {
      parts.spaceLock.unlock();
    }
    parts.region.truncateTo(size);
  }
}

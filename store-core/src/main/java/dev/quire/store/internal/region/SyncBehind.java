package dev.quire.store.internal.region;

import org.jspecify.annotations.Nullable;

/// Makes durable what another thread writes to a region, while that one goes on writing: so the
/// medium works from the beginning, and not only when all is written.
///
/// One thread of its own syncs each time that enough was written since it last looked. The writer
/// never waits for it before the end. The kernel reports a failed writeback once, so a sync that
/// failed is kept, and told at the next call.
///
/// Used by one writer.
public final class SyncBehind implements AutoCloseable {

  /// So much is written between two syncs, at least.
  static final long STEP_BYTES = 16 << 20;

  private final Region region;
  private final Region.SyncRole role;
  private final Thread thread;

  /// The fields below are guarded by this object.
  private long unsyncedBytes;

  private boolean ended;
  private @Nullable RuntimeException failure;

  /// @param role as what to sync
  public SyncBehind(Region region, Region.SyncRole role) {
    this.region = region;
    this.role = role;
    this.thread =
        Thread.ofPlatform()
            .name("quire-sync-behind")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .unstarted(this::run);
    thread.start();
  }

  /// So many bytes more were written.
  ///
  /// @throws dev.quire.store.errors.StoreException if a sync has failed
  public synchronized void written(long bytes) {
    requireSound();
    unsyncedBytes += bytes;
    if (unsyncedBytes >= STEP_BYTES) {
      notifyAll();
    }
  }

  /// Makes the rest durable. Nothing may be written after it.
  ///
  /// @throws dev.quire.store.errors.StoreException if this or an earlier sync has failed
  public void finish() {
    close();
    synchronized (this) {
      requireSound();
    }
    region.sync(role);
  }

  private void requireSound() {
    if (failure != null) {
      throw failure;
    }
  }

  private void run() {
    try {
      while (awaitStep()) {
        region.sync(role);
      }
    } catch (RuntimeException e) {
      synchronized (this) {
        failure = e;
      }
    }
  }

  /// Waits until there is enough to sync.
  ///
  /// @return false if nothing more is written
  private synchronized boolean awaitStep() {
    while (unsyncedBytes < STEP_BYTES && !ended) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Nobody has this thread to interrupt it.
        return false;
      }
    }
    unsyncedBytes = 0;
    return !ended;
  }

  /// Ends the thread, and comes back when it touches the region no more.
  @Override
  public void close() {
    synchronized (this) {
      ended = true;
      notifyAll();
    }
    CalmThread.joinInSpiteOfInterrupts(thread);
  }
}

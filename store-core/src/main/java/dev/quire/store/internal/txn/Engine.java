package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.page.RestingMap;
import dev.quire.store.internal.region.LockFile;
import dev.quire.store.internal.region.Region;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One open store: begins snapshots and write sessions, and ends with an orderly close.
///
/// A store that is opened again in the same process is the same engine; it is closed when every
/// handle is.
public final class Engine {

  private final EngineParts parts;
  private final StoreFiles files;
  private final WriterTurn turn = new WriterTurn();
  private final WriterMemory memory;
  private final CommitGroup group;
  private final Checkpoint checkpoint;
  private final Checkpointer checkpointer;
  private final CommitSequence commits;
  private final ReentrantLock closeLock = new ReentrantLock();
  private volatile boolean open = true;

  Engine(EngineParts parts, StoreFiles files, RestingMap resting) {
    this.parts = parts;
    this.files = files;
    this.memory = new WriterMemory(parts);
    this.group = new CommitGroup(parts);
    this.checkpoint = new Checkpoint(parts, resting);
    this.checkpointer = new Checkpointer(parts, checkpoint, group);
    this.commits = new CommitSequence(parts, memory, turn, group, checkpoint, checkpointer);
  }

  /// Opens the store in a directory, creating it if the options say so.
  public static Engine open(Path directory, StoreOptions options) {
    return OpenEngines.open(directory, options, StoreKind.DURABLE);
  }

  /// Opens a new store that lives in memory and has no name.
  public static Engine inMemory(StoreOptions options) {
    return Opening.inMemory(options);
  }

  /// Opens the store in a region that nobody else uses, by the way of a machine crash.
  public static Engine onRegion(Region region, StoreOptions options) {
    Engine engine = Opening.onRegion(region, options);
    engine.start();
    return engine;
  }

  public StoreOptions options() {
    return parts.options;
  }

  public boolean isOpen() {
    return open;
  }

  /// Pins the newest transaction.
  ///
  /// @throws IllegalStateException if the store is closed
  public Snapshot beginRead() {
    requireOpen();
    return parts.readers.begin();
  }

  /// Takes the writer's turn and begins a transaction on the newest committed state.
  ///
  /// @param durability [Durability.Sync] or [Durability.Interval], or the store's own
  /// @param timeout how long to wait for the turn
  /// @throws IllegalStateException if the store is closed, or this thread has a session already
  public WriteSession beginWrite(Durability durability, Duration timeout) {
    requireOpen();
    if (durability instanceof Durability.Checkpoint
        && !(parts.options.durability() instanceof Durability.Checkpoint)) {
      throw new IllegalArgumentException(
          "durability CHECKPOINT is a property of a store; a transaction may choose SYNC or"
              + " INTERVAL");
    }
    turn.acquire(timeout);
    try {
      requireOpen();
      parts.state.requireSound();
      return new WriteSession(parts, memory, commits, commits.tip(), durability);
    } catch (RuntimeException | Error e) {
      turn.release();
      throw e;
    }
  }

  /// A session that replays the log: its transaction is the last of the log.
  WriteSession beginReplay(Head base) {
    turn.acquire(Duration.ZERO);
    return new WriteSession(parts, memory, commits, base, Durability.CHECKPOINT);
  }

  /// Brings the newest transaction to rest in the data file.
  public void checkpoint() {
    requireOpen();
    checkpoint.run();
  }

  public EngineStats stats() {
    requireOpen();
    return EngineStats.of(parts);
  }

  /// The parts, for the floors that inspect a store.
  public EngineView view() {
    requireOpen();
    return new EngineView(parts, checkpoint);
  }

  /// The lock file of a store in a directory, or null.
  @Nullable LockFile lock() {
    return files.lock();
  }

  EngineParts parts() {
    return parts;
  }

  Checkpoint checkpoints() {
    return checkpoint;
  }

  /// Makes the log durable as far as it is published, as the background thread does in intervals.
  void syncLog() {
    group.syncLog();
  }

  void start() {
    checkpointer.start();
  }

  /// Ends this handle; the last one brings the store to rest and closes its files. Idempotent.
  public void close() {
    if (OpenEngines.release(this)) {
      closeNow();
    }
  }

  /// Brings the store to rest and closes its files.
  void closeNow() {
    closeLock.lock();
    try {
      if (open) {
        turn.acquire(parts.options.lockTimeout());
        open = false;
        try {
          comeToRest();
        } finally {
          turn.release();
        }
      }
    } finally {
      closeLock.unlock();
    }
  }

  private void comeToRest() {
    checkpointer.close();
    try {
      if (!parts.isVolatile() && !parts.state.isPoisoned()) {
        group.drain();
        long size = checkpoint.runLast();
        // Before the cut: whoever finds `shm` may rely on the length that its head names.
        files.removeShared();
        if (parts.readers.countPins() == 0 && size < parts.region.sizeBytes()) {
          parts.region.truncateTo(size);
        }
      }
      files.removeTemporary();
    } finally {
      files.close();
    }
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the store is closed");
    }
  }
}

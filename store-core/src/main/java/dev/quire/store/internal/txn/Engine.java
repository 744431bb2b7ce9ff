package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.region.LockFile;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.region.Region;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One open store: begins snapshots and write sessions, and ends with an orderly close.
///
/// A store that is opened again in the same process is the same engine; it is closed when every
/// handle is.
public final class Engine {

  /// More than enough for the turn to be free, if it was kept for a process that left.
  private static final long LAST_TURN_NANOS = 2_000_000_000;

  private final EngineParts parts;
  private final StoreFiles files;
  private final WriterMemory memory;
  private final CommitGroup group;
  private final WriterTurn turn;
  private final Successor successor;
  private final Checkpoint checkpoint;
  private final Checkpointer checkpointer;
  private final CommitSequence commits;
  private final ExpirySweeper sweeper;
  private final Compaction compaction;
  private final FileCut cut;
  private final ReentrantLock closeLock = new ReentrantLock();
  private volatile boolean open = true;

  Engine(EngineParts parts, StoreFiles files) {
    this.parts = parts;
    this.files = files;
    this.memory = new WriterMemory(parts);
    this.group = new CommitGroup(parts);
    this.turn = new WriterTurn(parts, group);
    this.successor = new Successor(parts);
    this.checkpoint = new Checkpoint(parts, turn, successor);
    this.sweeper = new ExpirySweeper(this, parts);
    this.checkpointer = new Checkpointer(parts, checkpoint, group, sweeper);
    this.commits = new CommitSequence(parts, memory, turn, group, checkpoint, checkpointer);
    this.compaction = new Compaction(parts, memory, commits, checkpoint);
    this.cut = new FileCut(parts, commits, checkpoint);
    parts.turn.onArrival(this::turnArrived);
  }

  /// The process has got the turn: what it knows of the store may be old, and who had the turn may
  /// have died with it.
  private void turnArrived(boolean clean, boolean foreign) {
    if (parts.state.isPoisoned()) {
      return;
    }
    parts.state.areas().mapAll();
    if (!clean) {
      succeed();
    } else if (foreign) {
      parts.data.mapping(parts.state.head().fileSizeBytes());
      parts.spaceLock.lock();
      try {
        parts.allocator.refresh(parts.state.highWater());
      } finally {
        parts.spaceLock.unlock();
      }
    }
    checkpoint.settle();
    commits.refreshTip();
    memory.hasDetached |= foreign || !clean;
    memory.nextExpiryMillis = foreign || !clean ? 0 : memory.nextExpiryMillis;
  }

  /// Goes on where a process stopped that died with the turn.
  private void succeed() {
    parts.steps.reached(Steps.Step.TAKEOVER_BEGUN);
    parts.data.mapping(parts.state.head().fileSizeBytes());
    boolean checkpointHeld = parts.locks.tryTake(ProcessLocks.CHECKPOINT);
    try {
      successor.completeSpace(checkpointHeld);
    } finally {
      if (checkpointHeld) {
        parts.locks.release(ProcessLocks.CHECKPOINT);
      }
    }
    if (!parts.isVolatile() && !successor.hasRoomForVoid()) {
      checkpoint.runForTaker();
    }
    try {
      successor.endDeadLog();
    } catch (RuntimeException | Error e) {
      parts.state.poison();
      throw e;
    }
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

  /// The time, by the store's clock, in epoch milliseconds.
  public long nowMillis() {
    return parts.options.clock().millis();
  }

  public boolean isOpen() {
    return open;
  }

  /// Pins the newest transaction.
  ///
  /// @throws IllegalStateException if the store is closed
  public Snapshot beginRead() {
    requireOpen();
    try {
      Snapshot snapshot = parts.readers.begin();
      PendingFault.raise();
      return snapshot;
    } catch (InternalError e) {
      throw MappedFaults.translate(memory.pages, e);
    }
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
    try {
      turn.acquire(timeout);
      try {
        requireOpen();
        parts.state.requireSound();
        return new WriteSession(parts, memory, commits, commits.tip(), durability, nowMillis());
      } catch (RuntimeException | Error e) {
        turn.release();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(memory.pages, e);
    }
  }

  /// A session that replays the log: its transaction is the last of the log.
  WriteSession beginReplay(Head base) {
    turn.acquire(Duration.ZERO);
    return new WriteSession(parts, memory, commits, base, Durability.CHECKPOINT, 0);
  }

  /// Brings the newest transaction to rest in the data file.
  public void checkpoint() {
    requireOpen();
    try {
      checkpoint.run();
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(memory.pages, e);
    }
  }

  /// Moves pages from the end of the file to free places before, if `leastGainPages` can be gained.
  void compact(long leastGainPages) {
    requireOpen();
    turn.acquire(parts.options.lockTimeout());
    try {
      compaction.run(leastGainPages);
      checkpoint.run();
    } finally {
      compaction.end();
      turn.release();
    }
  }

  /// Does one step of a compaction beside other writers: one transaction, or, when nothing is left
  /// to be moved, a checkpoint and the cut of the file.
  ///
  /// @param leastGainPages nothing is done for less
  /// @param pages the transaction moves about so many pages at most
  public CompactionStep compactStep(long leastGainPages, int pages) {
    requireOpen();
    long moved = 0;
    boolean last = true;
    if (!parts.isVolatile()) {
      if (!compaction.isUnderWay()) {
        checkpoint.run();
      }
      moved = inTurn(() -> compaction.step(leastGainPages, pages));
      last = !compaction.isUnderWay();
      if (last) {
        checkpoint.run();
        inTurn(
            () -> {
              cut.run(leastGainPages);
              return 0;
            });
      }
    }
    return new CompactionStep(moved, last, parts.region.sizeBytes());
  }

  private long inTurn(LongSupplier action) {
    turn.acquire(parts.options.lockTimeout());
    try {
      requireOpen();
      parts.state.requireSound();
      return action.getAsLong();
    } finally {
      turn.release();
    }
  }

  public EngineStats stats() {
    requireOpen();
    return settled(() -> EngineStats.of(parts));
  }

  /// What all processes have done to the store.
  public EngineActivity activity() {
    requireOpen();
    return settled(() -> EngineActivity.of(parts));
  }

  /// What was read of `shm`.
  ///
  /// @throws dev.quire.store.errors.StoreTruncatedException if somebody has cut it
  public <T> T settled(Supplier<T> reading) {
    try {
      T read = reading.get();
      PendingFault.raise();
      return read;
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(memory.pages, e);
    }
  }

  /// The parts, for the floors that inspect a store.
  public EngineView view() {
    requireOpen();
    return new EngineView(parts, checkpoint);
  }

  /// Whether this is the engine of the store in a directory.
  public boolean isOf(Path directory) {
    return OpenEngines.isOf(this, directory);
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
    turn.start();
    sweeper.look();
  }

  /// Ends this handle; the last one brings the store to rest and closes its files. Idempotent.
  public void close() {
    if (OpenEngines.release(this)) {
      closeNow();
    }
  }

  /// Leaves the store to the other processes that have it open, or brings it to rest; closes its
  /// files.
  void closeNow() {
    closeLock.lock();
    try {
      if (open) {
        sweeper.stop();
        closeOpen();
      }
    } finally {
      if (open) {
        sweeper.goOn();
      }
      closeLock.unlock();
    }
  }

  private void closeOpen() {
    turn.acquireThread(parts.options.lockTimeout());
    open = false;
    try {
      end();
    } finally {
      turn.releaseThread();
    }
  }

  private void end() {
    checkpointer.close();
    turn.close();
    ProcessLocks locks = parts.locks;
    try {
      group.drain();
      // Whoever opens the store meanwhile waits; so nobody joins it while it comes to rest.
      boolean alone =
          locks.take(ProcessLocks.OPEN, System.nanoTime() + parts.options.lockTimeout().toNanos())
              && !locks.hasOthers();
      boolean changes = !parts.isVolatile() && !parts.options.readOnly();
      if (alone && changes && !parts.state.isPoisoned()) {
        comeToRest();
      } else if (!parts.state.isExpelled()) {
        leave();
        if (alone) {
          files.removeTemporary();
        }
      }
    } catch (InternalError e) {
      throw MappedFaults.translate(memory.pages, e);
    } finally {
      files.close();
    }
  }

  /// Lets go of what others wait for. The reader slots stay as they are: threads that have not
  /// heard of the end may still store into them. When `shm` is unmapped and the process's byte is
  /// free, whoever sweeps frees them.
  private void leave() {
    checkpoint.awaitEnd();
    parts.turn.handOver();
  }

  private void comeToRest() {
    if (!parts.turn.acquire(System.nanoTime() + LAST_TURN_NANOS)) {
      throw new AssertionError("no process lives, and one has the writer's turn");
    }
    parts.readers.sweep();
    if (parts.readers.countPins() == 0) {
      compaction.run(Compaction.LEAST_GAIN_PAGES);
    }
    long size = checkpoint.runLast();
    // Before the cut: whoever finds `shm` may rely on the length that its head names.
    files.removeShared();
    if (parts.readers.countPins() == 0 && size < parts.region.sizeBytes()) {
      parts.region.truncateTo(size);
    }
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the store is closed");
    }
    if (parts.state.isExpelled()) {
      parts.state.requireSound();
    }
  }
}

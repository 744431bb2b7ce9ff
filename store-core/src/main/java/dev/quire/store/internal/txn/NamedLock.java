package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.LockRecord;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.tree.TreeReader;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.options.Durability;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A lock that one holder among all processes has: a record in a table of the store's own.
///
/// Taking and giving back are write transactions, so they are ordered with all others. The record
/// names the process; it counts for nothing once that process does not live any more. Within the
/// process the holder is the object that took the lock, not a thread: it is told by the record's
/// fence, which grows with each taking and is never given twice. So what is written with the fence
/// can be told from what a former holder writes late.
public final class NamedLock {

  private static final byte[] TABLE = "quire.locks".getBytes(StandardCharsets.UTF_8);

  /// A holder may die without a commit that would end the wait: it is looked at so often.
  private static final Duration LOOK_AT_HOLDER = Duration.ofMillis(20);

  /// A machine that crashes takes all holders with it: giving back need not be durable.
  private static final Durability GIVING_BACK = Durability.interval(Duration.ofSeconds(1));

  private final EngineHandle handle;
  private final NamedLocks locks;
  private final byte[] name;

  /// Of the taking that is in force, or 0.
  private volatile long fence;

  NamedLock(EngineHandle handle, NamedLocks locks, byte[] name) {
    this.handle = handle;
    this.locks = locks;
    this.name = name;
  }

  /// Takes the lock, waiting for it if there is time.
  ///
  /// @param timeout how long to wait while another holder has it; the writer's turn is waited for
  ///   besides, as by any write
  /// @return whether it was taken
  /// @throws IllegalStateException if this object has it, the store is closed, or this thread has a
  ///   write transaction
  /// @throws InterruptedException if the thread is or gets interrupted: the lock is not taken
  public boolean tryAcquire(Duration timeout) throws InterruptedException {
    long deadline = HeadWait.deadlineNanos(timeout);
    while (true) {
      HeadWait.requireNotInterrupted();
      if (fence != 0) {
        throw new IllegalStateException(describe() + " is held by this object already");
      }
      Engine engine = handle.engine();
      long head = findFree(engine);
      if (head < 0) {
        if (tryTake(engine)) {
          return true;
        }
      } else if (HeadWait.isPast(deadline)) {
        return false;
      } else {
        awaitCommit(engine, head, deadline);
      }
    }
  }

  /// Looks whether the lock is free.
  ///
  /// @return -1 if so, else the transaction in which it is not
  private long findFree(Engine engine) {
    Snapshot snapshot = engine.beginRead();
    try {
      LockRecord found = find(snapshot, rootRef(snapshot));
      return isTaken(engine, found) ? snapshot.txnId() : -1;
    } finally {
      snapshot.end();
    }
  }

  private static boolean isTaken(Engine engine, @Nullable LockRecord found) {
    return found != null && found.owner() != 0 && engine.parts().life.isAlive(nameOf(found));
  }

  private static ProcessLife.Name nameOf(LockRecord found) {
    return new ProcessLife.Name(found.owner(), found.startMillis());
  }

  private static long rootRef(Snapshot snapshot) {
    try {
      TableRecord table = snapshot.findTable(TABLE);
      PendingFault.raise();
      return table == null ? PageRef.NONE : table.rootRef();
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(snapshot, e);
    }
  }

  private @Nullable LockRecord find(PageReader pages, long rootRef) {
    ValueSlot slot = new ValueSlot();
    try {
      boolean found = TreeReader.find(pages, rootRef, name, name.length, slot);
      LockRecord read = found ? LockRecord.read(slot.segment, slot.offset) : null;
      PendingFault.raise();
      return read;
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(pages, e);
    }
  }

  /// Takes the lock if it is free still.
  private boolean tryTake(Engine engine) {
    WriteSession session =
        engine.beginWrite(engine.options().durability(), engine.options().lockTimeout());
    try {
      TableTree table = session.createTable(TABLE, false);
      LockRecord found = find(session.pages(), table.root().ref);
      if (isTaken(engine, found)) {
        return false;
      }
      ProcessLife.Name self = engine.parts().life.self();
      long next = found == null ? 1 : found.fence() + 1;
      put(session, table, new LockRecord(self.owner(), self.startMillis(), next));
      session.commit();
      fence = next;
    } finally {
      session.rollback();
    }
    if (!locks.taken(this)) {
      release(engine);
      throw new IllegalStateException("the store is closed");
    }
    return true;
  }

  private void put(WriteSession session, TableTree table, LockRecord changed) {
    MemorySegment value = MemorySegment.ofArray(changed.bytes());
    session.put(table, name, name.length, value, 0, value.byteSize(), 0);
  }

  private static void awaitCommit(Engine engine, long head, long deadlineNanos)
      throws InterruptedException {
    long look = HeadWait.deadlineNanos(LOOK_AT_HOLDER);
    long until = look - deadlineNanos < 0 ? look : deadlineNanos;
    HeadWait wait = new HeadWait();
    while (engine.isOpen() && engine.parts().state.headTxnId() == head && !HeadWait.isPast(until)) {
      wait.pause(until);
    }
  }

  /// Gives the lock back.
  ///
  /// @throws IllegalStateException if this object does not have it, the store is closed, or this
  ///   thread has a write transaction
  public void release() {
    release(handle.engine());
  }

  void releaseIfHeld() {
    if (fence != 0) {
      release(handle.engine());
    }
  }

  /// The lock ends with the process.
  void forget() {
    fence = 0;
  }

  private void release(Engine engine) {
    long held = fence;
    if (held == 0) {
      throw new IllegalStateException(describe() + " is not held by this object");
    }
    WriteSession session = engine.beginWrite(GIVING_BACK, engine.options().lockTimeout());
    try {
      TableTree table = session.createTable(TABLE, false);
      LockRecord found = find(session.pages(), table.root().ref);
      if (found == null
          || found.fence() != held
          || !nameOf(found).equals(engine.parts().life.self())) {
        fence = 0;
        throw new IllegalStateException(describe() + " is not held by this object any more");
      }
      put(session, table, new LockRecord(0, 0, held));
      session.commit();
      fence = 0;
    } finally {
      session.rollback();
    }
    locks.givenBack(this);
  }

  /// Number of the taking, or 0 if this object does not have the lock.
  public long fence() {
    return fence;
  }

  private String describe() {
    return "lock \"" + new String(name, StandardCharsets.UTF_8) + "\"";
  }
}

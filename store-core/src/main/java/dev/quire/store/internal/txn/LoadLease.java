package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.LeaseRecord;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.tree.TreeReader;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The lease of one key of one table: who is loading its value.
///
/// It is a record in a table of the store's own, which is there only while somebody loads, or until
/// the next one who loads the same key if he died. Its key is a hash, so that it is short whatever
/// the key is. Its number is the id of the transaction that wrote it, which no other one ever has.
public final class LoadLease {

  private static final byte[] TABLE = "quire.loads".getBytes(StandardCharsets.UTF_8);

  /// A holder may die without a commit that would end the wait: it is looked at so often.
  private static final Duration LOOK_AT_HOLDER = Duration.ofMillis(20);

  private final EngineHandle handle;
  private final byte[] key;
  private final HeadWait wait = new HeadWait();

  public LoadLease(EngineHandle handle, byte[] table, byte[] key) {
    this.handle = handle;
    this.key = hash(table, key);
  }

  private static byte[] hash(byte[] table, byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((byte) table.length);
      digest.update(table);
      return digest.digest(key);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /// The lease that is in force in a snapshot, or null.
  public @Nullable LeaseRecord find(Snapshot snapshot) {
    long root;
    try {
      TableRecord table = snapshot.findTable(TABLE);
      root = table == null ? PageRef.NONE : table.rootRef();
      PendingFault.raise();
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(snapshot, e);
    }
    return find(snapshot, root);
  }

  /// The lease that is in force in a transaction, or null.
  public @Nullable LeaseRecord find(WriteSession session) {
    TableTree table = session.findTable(TABLE);
    return table == null ? null : find(session.pages(), table.root().ref);
  }

  private @Nullable LeaseRecord find(PageReader pages, long rootRef) {
    ValueSlot slot = new ValueSlot();
    LeaseRecord found = null;
    try {
      if (rootRef != PageRef.NONE && TreeReader.find(pages, rootRef, key, key.length, slot)) {
        found = LeaseRecord.read(slot.segment, slot.offset);
      }
      PendingFault.raise();
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(pages, e);
    }
    return found != null && isAlive(found) ? found : null;
  }

  private boolean isAlive(LeaseRecord lease) {
    ProcessLife.Name owner = new ProcessLife.Name(lease.owner(), lease.startMillis());
    return handle.engine().parts().life.isAlive(owner);
  }

  /// Takes the lease for this process, whoever had it.
  ///
  /// @return its number
  public long take(WriteSession session, long leaseMillis) {
    ProcessLife.Name self = handle.engine().parts().life.self();
    LeaseRecord taken =
        new LeaseRecord(self.owner(), self.startMillis(), session.txnId(), leaseMillis);
    MemorySegment value = MemorySegment.ofArray(taken.bytes());
    TableTree table = session.createTable(TABLE, false);
    session.put(table, key, key.length, value, 0, value.byteSize(), 0);
    return taken.fence();
  }

  /// Removes the lease.
  public void remove(WriteSession session) {
    TableTree table = session.findTable(TABLE);
    if (table != null) {
      boolean _ = session.delete(table, key, key.length);
    }
  }

  /// Waits for a commit after a transaction, but not for long: the holder may have died.
  ///
  /// @throws InterruptedException if the thread is or gets interrupted
  public void await(long txnId, long deadlineNanos) throws InterruptedException {
    Engine engine = handle.engine();
    long look = HeadWait.deadlineNanos(LOOK_AT_HOLDER);
    long until = look - deadlineNanos < 0 ? look : deadlineNanos;
    HeadWait.requireNotInterrupted();
    while (engine.isOpen()
        && engine.parts().state.headTxnId() == txnId
        && !HeadWait.isPast(until)) {
      wait.pause(until);
    }
  }
}

package dev.quire.store;

import dev.quire.store.internal.cache.Claim;
import dev.quire.store.internal.cache.LoadSteps;
import dev.quire.store.internal.format.LeaseRecord;
import dev.quire.store.internal.txn.LoadLease;
import dev.quire.store.options.Durability;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The steps of loading one key of a table.
final class EngineLoad implements LoadSteps {

  /// A machine that crashes takes all who load with it: leases need not be durable.
  private static final Durability OF_LEASES = Durability.interval(Duration.ofSeconds(1));

  /// One key of one engine, whichever handle it is used through.
  private record Identity(Object engine, String table, ByteBuffer key) {}

  private final EngineStore store;
  private final String table;
  private final byte[] key;
  private final LoadLease lease;

  EngineLoad(EngineStore store, String table, byte[] key) {
    this.store = store;
    this.table = table;
    this.key = key;
    this.lease = store.lease(TableName.encode(table), key);
  }

  @Override
  public Claim claim(long leaseMillis, long overtaken) {
    try (EngineReadTxn txn = store.beginRead()) {
      byte[] value = txn.table(table).get(key);
      if (value != null) {
        return new Claim.Present(value);
      }
      LeaseRecord other = lease.find(txn.snapshot());
      if (other != null && other.fence() != overtaken) {
        return new Claim.Busy(other.fence(), other.leaseMillis(), txn.id());
      }
    }
    try (EngineWriteTxn txn = store.beginWrite(OF_LEASES)) {
      byte[] value = txn.table(table).get(key);
      if (value != null) {
        return new Claim.Present(value);
      }
      LeaseRecord other = lease.find(txn.session());
      if (other != null && other.fence() != overtaken) {
        return new Claim.Busy(other.fence(), other.leaseMillis(), txn.id() - 1);
      }
      long fence = lease.take(txn.session(), leaseMillis);
      txn.commit();
      return new Claim.Mine(fence, null);
    }
  }

  @Override
  public Claim claimAnew(long leaseMillis) {
    try (EngineReadTxn txn = store.beginRead()) {
      LeaseRecord other = lease.find(txn.snapshot());
      if (other != null) {
        return new Claim.Busy(other.fence(), other.leaseMillis(), txn.id());
      }
    }
    try (EngineWriteTxn txn = store.beginWrite(OF_LEASES)) {
      LeaseRecord other = lease.find(txn.session());
      if (other != null) {
        return new Claim.Busy(other.fence(), other.leaseMillis(), txn.id() - 1);
      }
      byte[] before = txn.table(table).get(key);
      long fence = lease.take(txn.session(), leaseMillis);
      txn.commit();
      return new Claim.Mine(fence, before);
    }
  }

  @Override
  public byte @Nullable [] finish(Claim.Mine mine, byte[] loaded) {
    try (EngineWriteTxn txn = store.beginWrite()) {
      Table changed = txn.table(table);
      byte[] there = changed.get(key);
      if (!isMine(txn, mine.fence())) {
        return there;
      }
      lease.remove(txn.session());
      if (there == null || Arrays.equals(there, mine.before())) {
        boolean _ = changed.put(key, loaded);
        there = loaded;
      }
      txn.commit();
      return there;
    }
  }

  @Override
  public void abandon(long fence) {
    try (EngineWriteTxn txn = store.beginWrite(OF_LEASES)) {
      if (isMine(txn, fence)) {
        lease.remove(txn.session());
        txn.commit();
      }
    }
  }

  private boolean isMine(EngineWriteTxn txn, long fence) {
    LeaseRecord found = lease.find(txn.session());
    return found != null && found.fence() == fence;
  }

  @Override
  public void await(long txnId, long deadlineNanos) throws InterruptedException {
    lease.await(txnId, deadlineNanos);
  }

  @Override
  public Object identity() {
    return new Identity(store.engine(), table, ByteBuffer.wrap(key));
  }
}

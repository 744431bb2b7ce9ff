package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.HeadRecord;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Word;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// The copy of a head record against a writer that goes once round the ring and more: a copy that
/// counts as whole is whole.
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "the reader was overtaken, and knows it")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the copy is whole")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "the copy is torn")
@State
public class HeadRingStress {

  private static final int TRANSACTIONS = 2 * HeadRecord.PLACES + 2;

  private final MemorySegment shm = SharedWords.createRing();

  public HeadRingStress() {
    publish(1);
  }

  private static long placeOf(long txnId) {
    return SharedWords.PAGE + HeadRecord.place(txnId);
  }

  private void publish(long txnId) {
    long at = placeOf(txnId);
    Word.set(shm, at + HeadRecord.TXN_ID, txnId);
    Word.set(shm, at + HeadRecord.CATALOGUE, txnId);
    Word.set(shm, at + HeadRecord.HIGH_WATER, txnId);
    Word.set(shm, at + HeadRecord.FILE_SIZE, txnId);
    Word.setVolatile(shm, SharedHeader.HEAD, txnId);
  }

  /// Publishes two rounds of the ring.
  @Actor
  public void writer() {
    for (long txnId = 2; txnId <= TRANSACTIONS; txnId++) {
      publish(txnId);
      // As the space lock does, which is let go and taken between two transactions.
      VarHandle.fullFence();
    }
  }

  /// Copies a record as a snapshot does.
  @Actor
  public void reader(I_Result r) {
    long t = Word.getVolatile(shm, SharedHeader.HEAD);
    long at = placeOf(t);
    long txnId = Word.get(shm, at + HeadRecord.TXN_ID);
    long catalogue = Word.get(shm, at + HeadRecord.CATALOGUE);
    long highWater = Word.get(shm, at + HeadRecord.HIGH_WATER);
    long fileSize = Word.get(shm, at + HeadRecord.FILE_SIZE);
    VarHandle.acquireFence();
    boolean counts = Word.getVolatile(shm, SharedHeader.HEAD) <= t + HeadRecord.PLACES - 2;
    boolean whole = txnId == t && catalogue == t && highWater == t && fileSize == t;
    r.r1 = counts ? whole ? 1 : 2 : 0;
  }
}

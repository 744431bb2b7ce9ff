package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.ReaderSlot;
import dev.quire.store.internal.format.Word;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/// The end of a snapshot against reuse: its reads are done before a writer sees the slot free.
@JCStressTest
@Outcome(id = "7, 0", expect = Expect.ACCEPTABLE, desc = "the writer still sees the pin")
@Outcome(id = "7, 1", expect = Expect.ACCEPTABLE, desc = "the page is used again afterwards")
@Outcome(expect = Expect.FORBIDDEN, desc = "the reader sees the page change")
@State
public class EndReadStress {

  private final MemorySegment shm = SharedWords.create();

  public EndReadStress() {
    Word.set(shm, SharedWords.SLOT_TXN_ID, 1);
    Word.set(shm, SharedWords.PAGE, 7);
  }

  /// Reads a page and lets go of it.
  @Actor
  public void reader(JJ_Result r) {
    r.r1 = Word.get(shm, SharedWords.PAGE);
    Word.setRelease(shm, SharedWords.SLOT_TXN_ID, ReaderSlot.FREE);
  }

  /// Uses the page again if nobody reads it.
  @Actor
  public void writer(JJ_Result r) {
    if (Word.getVolatile(shm, SharedWords.SLOT_TXN_ID) == ReaderSlot.FREE) {
      Word.set(shm, SharedWords.PAGE, 9);
      r.r2 = 1;
    }
  }
}

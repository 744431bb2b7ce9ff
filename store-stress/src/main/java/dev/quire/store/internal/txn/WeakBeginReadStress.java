package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Word;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/// What [BeginReadStress] would be with release and acquire alone: both sides miss each other. It
/// shows that the harness can see it.
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the writer sees the pin")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "it sees the pin before it is raised")
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "the reader sees the new head")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "the fault")
@State
public class WeakBeginReadStress {

  private final MemorySegment shm = SharedWords.create();

  public WeakBeginReadStress() {
    Word.set(shm, SharedHeader.HEAD, 1);
  }

  /// Begins to read.
  @Actor
  public void reader(JJ_Result r) {
    long t = Word.getAcquire(shm, SharedHeader.HEAD);
    Word.setRelease(shm, SharedWords.SLOT_TXN_ID, t);
    long now = Word.getAcquire(shm, SharedHeader.HEAD);
    if (now != t) {
      Word.setRelease(shm, SharedWords.SLOT_TXN_ID, now);
    }
    r.r1 = now;
  }

  /// Publishes, then looks who reads what.
  @Actor
  public void writer(JJ_Result r) {
    Word.setRelease(shm, SharedHeader.HEAD, 2);
    long pin = Word.getAcquire(shm, SharedWords.SLOT_TXN_ID);
    r.r2 = pin > 0 ? pin : 2;
  }
}

package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Word;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/// Beginning to read against publishing and reuse: Dekker's pattern. The reader tells which
/// transaction it reads, the writer which is the oldest that may still be read.
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the writer sees the pin")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "it sees the pin before it is raised")
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "the reader sees the new head")
@Outcome(id = "1, 2", expect = Expect.FORBIDDEN, desc = "pages are reused under a reader")
@State
public class BeginReadStress {

  private final MemorySegment shm = SharedWords.create();

  public BeginReadStress() {
    Word.set(shm, SharedHeader.HEAD, 1);
  }

  /// Begins to read.
  @Actor
  public void reader(JJ_Result r) {
    r.r1 = Snapshot.pinHead(shm, SharedWords.SLOT);
  }

  /// Publishes, then looks who reads what.
  @Actor
  public void writer(JJ_Result r) {
    Word.setVolatile(shm, SharedHeader.HEAD, 2);
    long head = Word.getVolatile(shm, SharedHeader.HEAD);
    VarHandle.fullFence();
    long pin = Word.getVolatile(shm, SharedWords.SLOT_TXN_ID);
    r.r2 = pin > 0 ? Math.min(pin, head) : head;
  }
}

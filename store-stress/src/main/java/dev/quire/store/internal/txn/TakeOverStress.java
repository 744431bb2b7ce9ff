package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.ReaderSlot;
import dev.quire.store.internal.format.Word;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/// Two sweepers that find the same dead owner, against a process that claims the slot as soon as it
/// is free: its pin stays.
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "swept, and not claimed since")
@Outcome(id = "4, 5", expect = Expect.ACCEPTABLE, desc = "claimed, and pinned")
@Outcome(expect = Expect.FORBIDDEN, desc = "a sweeper took the pin of the living")
@State
public class TakeOverStress {

  private static final long DEAD = 1;
  private static final long CLAIMER = 4;
  private static final long PIN = 5;

  private final MemorySegment shm = SharedWords.create();

  public TakeOverStress() {
    Word.set(shm, SharedWords.SLOT_OWNER, DEAD);
    Word.set(shm, SharedWords.SLOT_TXN_ID, 3);
  }

  private void sweep(long self) {
    if (Word.getVolatile(shm, SharedWords.SLOT_OWNER) == DEAD
        && Word.compareAndSet(shm, SharedWords.SLOT_OWNER, DEAD, self)) {
      Word.setRelease(shm, SharedWords.SLOT_TXN_ID, ReaderSlot.FREE);
      Word.setVolatile(shm, SharedWords.SLOT_OWNER, 0);
    }
  }

  /// One sweeper.
  @Actor
  public void one() {
    sweep(2);
  }

  /// The other one, whose process then claims the slot when it is free, and pins.
  @Actor
  public void two() {
    sweep(3);
    if (Word.compareAndSet(shm, SharedWords.SLOT_OWNER, 0, CLAIMER)
        && Word.compareAndSet(shm, SharedWords.SLOT_TXN_ID, ReaderSlot.FREE, ReaderSlot.CLAIMED)) {
      Word.setVolatile(shm, SharedWords.SLOT_TXN_ID, PIN);
    }
  }

  /// Looks at what is left.
  @Arbiter
  public void look(JJ_Result r) {
    r.r1 = Word.getVolatile(shm, SharedWords.SLOT_OWNER);
    r.r2 = Word.getVolatile(shm, SharedWords.SLOT_TXN_ID);
  }
}

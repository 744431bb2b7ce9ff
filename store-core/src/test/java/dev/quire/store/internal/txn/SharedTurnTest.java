package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.ProcessSlot;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.SharedAreas.Area;
import dev.quire.store.testing.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: the writer's turn goes from process to process, is never stolen, and is lost by nobody.
@Timeout(180)
class SharedTurnTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @Test
  void freeze_ofTheHolder_isNamedAndHarmless() {
    try (ChildJvm holder = StoreRole.start(directory, "SYNC");
        ChildJvm other = StoreRole.start(directory, "SYNC")) {
      assertEquals("1", holder.ask("hold k"));
      holder.freeze();
      String answer = other.attempt("try k 300");
      assertTrue(answer.startsWith("threw StoreLockedException"), answer);
      assertTrue(answer.contains("process " + holder.pid() + " "), answer);
      assertTrue(answer.matches(".*since \\d+\\.\\d{3} s.*"), answer);
      assertEquals("0", other.ask("get k"));
      holder.thaw();
      assertEquals("committed", holder.ask("commit"));
      assertEquals("2", other.ask("try k 20000"));
      assertEquals("3", holder.ask("try k 20000"));
    }
  }

  @Test
  void kill_ofTheHolder_freesTheTurnAtOnce() {
    try (ChildJvm other = StoreRole.start(directory, "SYNC")) {
      for (int i = 1; i <= 3; i++) {
        try (ChildJvm holder = StoreRole.start(directory, "SYNC")) {
          holder.ask("hold k");
          holder.kill();
          assertEquals(Integer.toString(i), other.ask("try k 20000"));
        }
      }
      assertEquals("null", other.ask("check"));
    }
  }

  @Test
  void wait_forABusyHolder_isBounded() {
    try (ChildJvm busy = StoreRole.start(directory, "CHECKPOINT");
        ChildJvm other = StoreRole.start(directory, "CHECKPOINT")) {
      busy.ask("adding k");
      long worst = 0;
      long sum = 0;
      int tries = 40;
      for (int i = 0; i < tries; i++) {
        long lag = Long.parseLong(other.ask("lag l"));
        worst = Math.max(worst, lag);
        sum += lag;
      }
      assertTrue(worst < 10_000 && sum < tries * 1_000L, "worst " + worst + ", sum " + sum);
    }
  }

  @Test
  void wait_ofThreeProcesses_eachGetsItsShare() {
    try (ChildJvm first = StoreRole.start(directory, "CHECKPOINT");
        ChildJvm second = StoreRole.start(directory, "CHECKPOINT");
        ChildJvm third = StoreRole.start(directory, "CHECKPOINT")) {
      ChildJvm[] all = {first, second, third};
      for (ChildJvm child : all) {
        child.tell("add k 5000");
      }
      for (ChildJvm child : all) {
        child.next();
      }
      assertEquals("15000", first.ask("get k"));
      long turns = Long.parseLong(first.ask("turn"));
      assertTrue(turns > 10, turns + " turns");
    }
  }

  @Test
  void freeze_ofAWaiter_holdsUpNobody() {
    try (ChildJvm busy = StoreRole.start(directory, "CHECKPOINT");
        ChildJvm waiter = StoreRole.start(directory, "CHECKPOINT");
        ChildJvm other = StoreRole.start(directory, "CHECKPOINT")) {
      busy.ask("hold k");
      String slot = waiter.ask("slot");
      waiter.tell("add k 1");
      awaitTicket(other, slot);
      waiter.freeze();
      busy.ask("commit");
      assertEquals("2", other.ask("try k 20000"));
      assertEquals("3", busy.ask("try k 20000"));
      waiter.thaw();
      assertEquals("4", waiter.next());
    }
  }

  private static void awaitTicket(ChildJvm asked, String slot) {
    while (asked.ask("waits " + slot).equals("false")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void handOver_withAGroupInFlight_losesNothing() {
    try (ChildJvm first = StoreRole.start(directory, "SYNC");
        ChildJvm second = StoreRole.start(directory, "SYNC")) {
      first.tell("addmany k 150 4");
      second.tell("addmany k 150 4");
      first.next();
      second.next();
      assertEquals("1200", first.ask("get k"));
      assertEquals("null", second.ask("check"));
    }
  }

  @Test
  void pids_forged_changeNothing() {
    Engine engine = Engine.open(directory, StoreRole.options("SYNC"));
    try (ChildJvm holder = StoreRole.start(directory, "SYNC")) {
      holder.ask("add k 10");
      holder.ask("pin");
      forgePids(engine, 1);
      engine.parts().readers.sweep();
      assertEquals(1, engine.parts().readers.countPins());
      forgePids(engine, ProcessHandle.current().pid());
      assertEquals("11", holder.ask("add k 1"));
      StoreRole.increment(engine, "k", engine.options().durability(), LONG);
      assertEquals("12", holder.ask("get k"));
      holder.ask("hold k");
      holder.kill();
      forgePids(engine, ProcessHandle.current().pid());
      assertEquals(
          13,
          StoreRole.increment(engine, "k", engine.options().durability(), Duration.ofSeconds(20)));
      engine.parts().readers.sweep();
      assertEquals(0, engine.parts().readers.countPins());
    } finally {
      engine.close();
    }
  }

  private static void forgePids(Engine engine, long pid) {
    SharedState state = engine.parts().state;
    for (int slot = 0; slot < ProcessTable.SLOTS; slot++) {
      long at = state.areas().offset(Area.PROCESSES, 0) + (long) slot * ProcessSlot.SIZE_BYTES;
      Word.set(state.segment(), at + ProcessSlot.PID, pid);
    }
  }
}

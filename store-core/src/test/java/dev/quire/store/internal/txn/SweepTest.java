package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.ReaderSlot;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.SharedAreas.Area;
import dev.quire.store.options.Durability;
import dev.quire.store.testing.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: what a dead process pinned becomes free by itself, and nobody's else's pin with it.
@Timeout(180)
class SweepTest {

  @TempDir private Path directory;
  private Engine engine;

  @BeforeEach
  void open() {
    engine = Engine.open(directory.resolve("store"), StoreRole.options("CHECKPOINT"));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private ChildJvm start() {
    return StoreRole.start(directory.resolve("store"), "CHECKPOINT");
  }

  private ReaderTable readers() {
    return engine.parts().readers;
  }

  private void increment() {
    StoreRole.increment(engine, "k", Durability.CHECKPOINT, Duration.ofSeconds(20));
  }

  /// Owner words of the first blocks.
  private long owner(int block) {
    SharedState state = engine.parts().state;
    long at = state.areas().offset(Area.READERS.code(), 0) + (long) block * ReaderSlot.SIZE_BYTES;
    return Word.getVolatile(state.segment(), at + ReaderSlot.OWNER);
  }

  @Test
  void sweep_afterAReaderDied_freesItsSlots() {
    increment();
    try (ChildJvm reader = start();
        ChildJvm living = start()) {
      reader.ask("pin");
      living.ask("pin");
      increment();
      readers().sweep();
      assertEquals(2, readers().countPins());
      reader.kill();
      readers().sweep();
      assertEquals(1, readers().countPins());
      assertEquals("1", living.ask("pinned k"));
      living.ask("unpin");
      assertEquals(0, readers().countPins());
    }
  }

  /// What the process of a slot has looked up, as far as it is its own.
  private long hitsOf(int slot) {
    for (EngineActivity.Member member : engine.activity().members()) {
      if (member.name().slot() == slot) {
        return member.counts().get(Counter.HITS);
      }
    }
    throw new AssertionError("no process in slot " + slot);
  }

  /// Reader slots go from the dead to the next process with the lookups that were counted there.
  @Test
  void sweep_ofSlotsThatCounted_leavesTheSumAndNamesNoHeir() {
    increment();
    // This process has the first block.
    engine.beginRead().end();
    int slot;
    int block = ReaderTable.BLOCK_SLOTS;
    try (ChildJvm reader = start()) {
      slot = Integer.parseInt(reader.ask("slot"));
      assertEquals("looked", reader.ask("look 7"));
      assertEquals(slot + 1, owner(block) >>> Integer.SIZE);
      assertEquals(7, hitsOf(slot));
      reader.ask("pin");
      reader.kill();
    }
    readers().sweep();
    assertEquals(0, owner(block));
    try (ChildJvm heir = start()) {
      assertEquals(slot, Integer.parseInt(heir.ask("slot")));
      assertEquals("looked", heir.ask("look 3"));
      assertEquals(slot + 1, owner(block) >>> Integer.SIZE);
      assertEquals(3, hitsOf(slot));
      assertEquals(10, engine.activity().totals().get(Counter.HITS));
    }
  }

  @Test
  void sweep_ofAStoppedReader_isNotDone() {
    increment();
    try (ChildJvm reader = start()) {
      reader.ask("pin");
      reader.freeze();
      for (int i = 0; i < 200; i++) {
        increment();
      }
      readers().sweep();
      assertEquals(1, readers().countPins());
      reader.thaw();
      assertEquals("1", reader.ask("pinned k"));
    }
  }

  @Test
  void backgroundThread_afterAReaderDied_sweepsUnasked() {
    increment();
    try (ChildJvm reader = start()) {
      reader.ask("pin");
      reader.kill();
      assertEquals(1, readers().countPins());
      long deadline = System.nanoTime() + 30_000_000_000L;
      while (readers().countPins() > 0) {
        assertTrue(System.nanoTime() < deadline, "nobody sweeps");
        Thread.onSpinWait();
      }
    }
  }

  /// The first sweeper has found a dead owner and stops; the second frees the block, a reader takes
  /// it and pins; then the first goes on.
  @Test
  void sweep_byTwo_hurtsNobodyWhoCameSince() {
    increment();
    int block;
    long dead;
    try (ChildJvm reader = start()) {
      reader.ask("pin");
      block = ReaderTable.BLOCK_SLOTS;
      while (owner(block) >>> 32 != Long.parseLong(reader.ask("slot")) + 1) {
        block += ReaderTable.BLOCK_SLOTS;
      }
      dead = owner(block);
      reader.kill();
    }
    readers().sweep();
    assertEquals(0, owner(block));
    List<Snapshot> snapshots = new ArrayList<>();
    while (owner(block) == 0) {
      snapshots.add(engine.beginRead());
    }
    int pins = readers().countPins();
    assertFalse(readers().takeOver(dead, block));
    readers().sweep();
    assertEquals(pins, readers().countPins());
    snapshots.forEach(Snapshot::end);
    assertEquals(0, readers().countPins());
  }

  @Test
  void enter_slotOfADeadProcess_getsANewIncarnation() {
    long first;
    try (ChildJvm reader = start()) {
      reader.ask("pin");
      first = ProcessTable.incarnation(engine.parts().state, 1);
      reader.kill();
    }
    try (ChildJvm reader = start()) {
      assertEquals("1", reader.ask("slot"));
      assertNotEquals(first, ProcessTable.incarnation(engine.parts().state, 1));
      // What the first one owned is stale, although the slot's byte is held.
      assertEquals(1, readers().countPins());
      readers().sweep();
      assertEquals(0, readers().countPins());
    }
  }

  @Test
  void pins_moreThanAChunk_areSeenByOtherProcesses() {
    increment();
    try (ChildJvm reader = start()) {
      for (int i = 0; i < 700; i++) {
        reader.ask("pin");
      }
      assertEquals(700, readers().countPins());
      List<Snapshot> own = new ArrayList<>();
      for (int i = 0; i < 700; i++) {
        own.add(engine.beginRead());
      }
      increment();
      assertEquals(1400, readers().countPins());
      assertEquals("1400", reader.ask("sweep"));
      reader.kill();
      readers().sweep();
      assertEquals(700, readers().countPins());
      own.forEach(Snapshot::end);
    }
  }
}

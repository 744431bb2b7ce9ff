package dev.quire.store.internal.txn;

import static dev.quire.store.internal.txn.Neighbours.die;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.CommitInDoubtException;
import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.inspect.IntegrityChecker;
import dev.quire.store.internal.page.PendingPages;
import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.options.Durability;
import dev.quire.store.testing.RegionOperation;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: what a process leaves behind, or learns too late, harms no other; and what one process
/// knows of the store is made anew when another has changed it.
@Timeout(60)
class SuccessionTest {

  @TempDir private Path directory;
  private Neighbours store = new Neighbours(Path.of(""), Neighbours.OPTIONS);

  @BeforeEach
  void create() {
    store.close();
    store = new Neighbours(directory, Neighbours.OPTIONS);
  }

  @AfterEach
  void close() {
    store.close();
  }

  /// Where a process dies.
  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  private void put(Engine engine, int from, int to, int size) {
    store.commit(engine, Durability.SYNC, CrashTest.puts(0, from, to, size));
  }

  private void requireRight(Engine engine) {
    assertNull(CrashOracle.difference(engine, store.model()));
  }

  private static void handOver(Engine engine) {
    engine.parts().turn.handOver();
  }

  /// The pages that a process has set aside for itself are another's when it gets the turn again.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void turn_afterAnother_givesNoPageOutTwice(boolean died) {
    Engine engine = store.open();
    for (int i = 0; i < 6; i++) {
      put(engine, 0, 300, 200 + i);
      engine.checkpoint();
    }
    put(engine, 0, 3, 190);
    handOver(engine);
    Engine other = store.open();
    for (int i = 0; i < 3; i++) {
      put(other, 400 + 300 * i, 700 + 300 * i, 200);
    }
    if (died) {
      die(other);
    } else {
      handOver(other);
    }
    for (int i = 0; i < 3; i++) {
      put(engine, 0, 150, 180 + i);
    }
    requireRight(engine);
  }

  /// Nobody compacts while a note is in force; if somebody had, it had applied the note.
  @Test
  void takeOver_listCompactedSinceTheNote_writesItsEntriesNoMore() {
    AtomicReference<Steps.Step> fatal = new AtomicReference<>();
    Engine[] victim = new Engine[1];
    victim[0] =
        store.open(
            (operation, done) -> {},
            step -> {
              if (step == fatal.get()) {
                victim[0].parts().state.expel();
                throw new Death();
              }
            });
    Engine heir = store.open();
    for (int i = 0; i < 6; i++) {
      put(victim[0], 0, 100, 200 + i);
      victim[0].checkpoint();
    }
    fatal.set(Steps.Step.HEAD_STORED);
    assertThrows(CommitInDoubtException.class, () -> put(victim[0], 0, 100, 150));
    die(victim[0]);
    PendingPages pending = heir.parts().pending;
    heir.parts().state.areas().mapAll();
    long epoch = pending.epoch();
    for (int entries = 1; pending.epoch() == epoch; entries *= 2) {
      pending.require(entries);
    }
    long start = pending.start();
    long end = pending.end();
    long pages = pending.countPages();
    assertNotEquals(0, pages);
    assertTrue(Neighbours.tryTurn(heir));
    assertEquals(start, pending.start());
    assertEquals(end, pending.end());
    assertEquals(pages, pending.countPages());
    assertNull(CrashOracle.violationsOf(heir));
  }

  private Engine openBuriedAt(Predicate<RegionOperation> moment, boolean[] armed) {
    Engine[] engine = new Engine[1];
    engine[0] =
        store.open(
            (operation, done) -> {
              if (armed[0] && moment.test(operation)) {
                ProcessTable.bury(engine[0].parts().state, engine[0].parts().locks.slot());
              }
            },
            Steps.NONE);
    return engine[0];
  }

  private void requireGoesOnWithout(Engine buried, Engine other) {
    assertThrows(StoreFailedException.class, buried::beginRead);
    buried.close();
    assertFalse(other.parts().state.isPoisoned());
    put(other, 1, 3, 50);
    requireRight(other);
  }

  @Test
  void bury_aProcessInACheckpoint_leavesTheOthersAtWork() {
    Engine other = store.open();
    boolean[] armed = {false};
    Engine buried = openBuriedAt(operation -> operation.role() == SyncRole.CHECKPOINT, armed);
    put(buried, 0, 3, 40);
    armed[0] = true;
    assertThrows(StoreFailedException.class, buried::checkpoint);
    requireGoesOnWithout(buried, other);
  }

  @Test
  void bury_aProcessThatCommits_leavesTheOthersAtWork() {
    Engine other = store.open();
    boolean[] armed = {false};
    Engine buried = openBuriedAt(operation -> operation.role() == SyncRole.COMMIT, armed);
    put(buried, 0, 3, 40);
    armed[0] = true;
    assertThrows(CommitInDoubtException.class, () -> put(buried, 0, 9, 60));
    requireGoesOnWithout(buried, other);
  }

  @Test
  void open_sharedMemoryOfAnotherVersionThatNobodyHasOpen_isMadeAnew() {
    Engine engine = store.open();
    put(engine, 0, 9, 40);
    MemorySegment shm = engine.parts().state.segment();
    assertEquals(SharedHeader.VERSION, SharedHeader.version(shm));
    shm.set(ValueLayout.JAVA_INT, 8, SharedHeader.VERSION + 1);
    assertEquals(SharedHeader.VERSION + 1, SharedHeader.version(shm));
    die(engine);
    Engine next = store.open();
    assertEquals(SharedHeader.VERSION, SharedHeader.version(next.parts().state.segment()));
    requireRight(next);
    put(next, 3, 12, 50);
    requireRight(next);
  }

  /// What a process leaves that had to stop is not gone on with.
  @Test
  void open_sharedMemoryOfAProcessThatFailed_isMadeAnew() {
    Engine engine = store.open();
    put(engine, 0, 9, 40);
    engine.parts().state.poison();
    die(engine);
    Engine next = store.open();
    requireRight(next);
    put(next, 3, 12, 50);
    requireRight(next);
  }

  /// An older `shm` names a head of before, whose pages are all there still.
  @Test
  void open_sharedMemoryOfBeforeACheckpoint_isMadeAnew() throws IOException {
    Engine engine = store.open();
    put(engine, 0, 9, 40);
    engine.checkpoint();
    die(engine);
    byte[] old = Files.readAllBytes(store.shared());
    Engine next = store.open();
    put(next, 0, 9, 50);
    next.checkpoint();
    die(next);
    Files.write(store.shared(), old);
    requireRight(store.open());
  }

  /// Who has a transaction open keeps the turn, however long it takes.
  @Test
  void check_besideATransactionOfAnotherProcess_checksWhatIsCommitted() {
    Engine writer = store.open();
    put(writer, 0, 300, 200);
    Engine other = store.open();
    WriteSession session = writer.beginWrite(Durability.SYNC, Duration.ZERO);
    IntegrityChecker.Report report = IntegrityChecker.check(other);
    assertEquals(List.of(), report.violations());
    assertTrue(report.notes().toString().contains("write transaction open"), report::toString);
    assertTrue(report.entries().values().stream().mapToLong(n -> n).sum() >= 300);
    session.rollback();
    handOver(writer);
    assertFalse(IntegrityChecker.check(other).notes().toString().contains("transaction open"));
  }

  /// Who is stopped inside a checkpoint keeps its byte, and not the turn.
  @Test
  void check_besideACheckpointThatStoppedInAnotherProcess_checksWhatIsCommitted() {
    Engine writer = store.open();
    put(writer, 0, 300, 200);
    handOver(writer);
    assertTrue(writer.parts().locks.tryTake(ProcessLocks.CHECKPOINT));
    Engine other = store.open();
    IntegrityChecker.Report report = IntegrityChecker.check(other);
    assertEquals(List.of(), report.violations());
    assertTrue(report.notes().toString().contains("inside a checkpoint"), report::toString);
    assertTrue(report.entries().values().stream().mapToLong(n -> n).sum() >= 300);
    writer.parts().locks.release(ProcessLocks.CHECKPOINT);
    assertEquals(List.of(), IntegrityChecker.check(other).notes());
  }

  /// What cannot be of a process that died is not followed: here the list of pending pages ends
  /// behind an entry that nobody wrote.
  @Test
  void open_pendingPagesThatNobodyWrote_isMadeAnew() {
    Engine engine = store.open();
    put(engine, 0, 300, 200);
    engine.checkpoint();
    put(engine, 0, 300, 210);
    EngineParts parts = engine.parts();
    long end = parts.pending.end();
    long root = PageRef.pageNo(parts.state.head().catalogueRef());
    parts.pending.write(end, root, 1, 1, parts.state.headTxnId() + 7);
    parts.pending.setEnd(end + 1);
    die(engine);
    requireRight(store.open());
  }

  private Engine grow() {
    Engine other = store.open();
    put(other, 0, 1500, 1500);
    return other;
  }

  @Test
  void beginRead_anotherProcessHasGrownTheFile_mapsItFirst() {
    Engine engine = store.open();
    long mapped = engine.parts().data.sizeBytes();
    grow();
    assertEquals(mapped, engine.parts().data.sizeBytes());
    Snapshot snapshot = engine.beginRead();
    assertTrue(engine.parts().data.sizeBytes() > mapped);
    assertNull(store.model().differenceTo(snapshot));
    snapshot.end();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void turn_anotherProcessHasGrownTheFile_mapsItFirst(boolean died) {
    Engine engine = store.open();
    long mapped = engine.parts().data.sizeBytes();
    Engine other = grow();
    if (died) {
      die(other);
    } else {
      handOver(other);
    }
    assertEquals(mapped, engine.parts().data.sizeBytes());
    WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ZERO);
    assertTrue(engine.parts().data.sizeBytes() > mapped);
    session.rollback();
    put(engine, 1400, 1410, 30);
    requireRight(engine);
  }

  @Test
  void close_withASnapshotOpen_doesNotCutTheFile() {
    Engine engine = grow();
    engine.beginRead();
    store.commit(engine, Durability.SYNC, CrashTest.edit(Edit.Kind.CLEAR, 0, 0, 0));
    engine.checkpoint();
    long size = store.disk().sizeBytes();
    engine.close();
    assertEquals(size, store.disk().sizeBytes());
    engine = store.open();
    requireRight(engine);
    engine.close();
    assertTrue(store.disk().sizeBytes() < size / 2, store.disk().sizeBytes() + " bytes");
  }

  @Test
  void close_withASnapshotOfTheDead_cutsTheFile() {
    Engine engine = grow();
    Engine reader = store.open();
    reader.beginRead();
    store.commit(engine, Durability.SYNC, CrashTest.edit(Edit.Kind.CLEAR, 0, 0, 0));
    long size = store.disk().sizeBytes();
    die(reader);
    engine.close();
    assertTrue(store.disk().sizeBytes() < size / 2, store.disk().sizeBytes() + " bytes");
    requireRight(store.open());
  }
}

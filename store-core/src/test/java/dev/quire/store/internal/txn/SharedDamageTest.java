package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.CommitInDoubtException;
import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.internal.format.HeadRecord;
import dev.quire.store.internal.format.NoteRecord;
import dev.quire.store.internal.format.PendingEntry;
import dev.quire.store.internal.format.PlanRecord;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.inspect.IntegrityChecker;
import dev.quire.store.internal.page.SharedAreas;
import dev.quire.store.internal.page.SharedAreas.Area;
import dev.quire.store.options.Durability;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a word of a `shm` in use that no process writes ends in a [StoreFailedException] for who
/// would follow it, never in an error of the JVM or in harm.
///
/// Method: each word is changed alone, used, and put back; then the store must be right.
@Timeout(60)
class SharedDamageTest {

  private static final long FAR = 1L << 40;

  @TempDir private Path directory;
  private Neighbours store;
  private Engine engine;
  private EngineParts parts;
  private SharedAreas areas;
  private MemorySegment shm;

  /// There are a note that was done, a plan that was settled, and pending pages.
  @BeforeEach
  void open() {
    store = new Neighbours(directory, Neighbours.OPTIONS);
    engine = store.open();
    for (int i = 0; i < 3; i++) {
      put(0, 40);
      engine.checkpoint();
    }
    put(0, 40);
    parts = engine.parts();
    areas = parts.state.areas();
    shm = parts.state.segment();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void put(int from, int to) {
    store.commit(engine, Durability.SYNC, CrashTest.puts(0, from, to, 300));
  }

  private void requireRight() {
    put(40, 60);
    engine.checkpoint();
    assertNull(CrashOracle.difference(engine, store.model()));
    assertEquals(List.of(), IntegrityChecker.check(engine).violations());
  }

  private void with(long at, long value, Executable use) {
    long before = Word.get(shm, at);
    Word.set(shm, at, value);
    try {
      use.execute();
    } catch (Throwable e) {
      throw new AssertionError("the word at " + at + " as " + value, e);
    } finally {
      Word.set(shm, at, before);
    }
  }

  private void refused(long at, long value, String words, Executable use) {
    with(
        at,
        value,
        () -> {
          StoreFailedException e = assertThrows(StoreFailedException.class, use);
          String message = String.valueOf(e.getMessage());
          assertTrue(message.contains(words), message);
        });
  }

  @Test
  void scan_limitOfReaderSlots_isRefused() {
    for (long limit : new long[] {-1, FAR, 257, 1L << 31, Long.MIN_VALUE}) {
      refused(SharedHeader.READER_LIMIT, limit, limit + " reader slots", parts.readers::pins);
    }
    requireRight();
  }

  /// The checker needs room for each page that the head has.
  @Test
  void check_endOfTheHeadsPages_isReported() {
    long at = parts.state.headPlace(parts.state.headTxnId()) + HeadRecord.HIGH_WATER;
    for (long pages : new long[] {FAR, Long.MAX_VALUE, -1, 0}) {
      with(at, pages, () -> assertFalse(IntegrityChecker.check(engine).violations().isEmpty()));
    }
    requireRight();
  }

  /// A position behind the log is one that a sync would be left out for.
  @Test
  void commit_logSyncedFurtherThanItGoes_isInDoubt() {
    Word.set(shm, SharedHeader.SYNCED_LSN, FAR);
    CommitInDoubtException e = assertThrows(CommitInDoubtException.class, () -> put(0, 3));
    assertTrue(String.valueOf(e.getCause()).contains("a log synced up to"), e::toString);
    assertTrue(parts.state.isPoisoned());
  }

  /// No more than the ring is synced.
  @Test
  void commit_logSyncedLessThanEver_isDone() {
    for (long lsn : new long[] {0, -1, -FAR, Long.MIN_VALUE}) {
      with(SharedHeader.SYNCED_LSN, lsn, () -> put(0, 3));
    }
    for (int i = 0; i < 12; i++) {
      put(0, 40);
    }
    with(SharedHeader.SYNCED_LSN, 0, () -> put(0, 3));
    requireRight();
  }

  @Test
  void turn_slotsThatAreNone_hinderNobody() {
    Engine other = store.open();
    for (long slot : new long[] {-2, ProcessTable.SLOTS + 1, 1 << 30, Long.MIN_VALUE}) {
      with(
          SharedHeader.TURN_HOLDER,
          slot,
          () ->
              assertThrows(
                  StoreLockedException.class,
                  () -> other.beginWrite(Durability.SYNC, Duration.ofMillis(1))));
      parts.turn.handOver();
      with(SharedHeader.TURN_NEXT, slot, () -> put(0, 3));
    }
    requireRight();
  }

  @Test
  void area_outsideOfTheFile_isRefused() {
    long at = SharedHeader.areaWord(Area.NOTE.code());
    for (long word : new long[] {FAR << 8 | 1, 1L << 32 | 0xFFFF_FFFFL, 1, -1}) {
      refused(at, word, "`shm` was damaged", () -> areas.offset(Area.NOTE, 0));
      refused(at, word, "`shm` was damaged", () -> areas.capacityBytes(Area.NOTE));
      refused(at, word, "`shm` was damaged", () -> areas.require(Area.NOTE, 1 << 20));
    }
    requireRight();
  }

  @Test
  void area_smallerThanWhatIsUsed_isRefused() {
    for (Area area : new Area[] {Area.HEAD_RING, Area.PROCESSES, Area.LIVE, Area.READERS}) {
      long at = SharedHeader.areaWord(area.code());
      long word = Word.get(shm, at) & -1L << 32;
      refused(at, word, "are needed", () -> areas.offset(area, 1));
    }
    long readers = SharedHeader.areaWord(Area.READERS.code());
    refused(readers, Word.get(shm, readers) & -1L << 32, "reader slots", parts.readers::pins);
    long ring = SharedHeader.areaWord(Area.HEAD_RING.code());
    refused(ring, Word.get(shm, ring) & -1L << 32, "are needed", parts.state::newestLsn);
    refused(ring, 0, "are needed", () -> areas.offset(Area.HEAD_RING, Long.MAX_VALUE));
    requireRight();
  }

  /// Room that an area has would be given out once more.
  @Test
  void grow_endOfAreas_isRefused() {
    long right = Word.get(shm, SharedHeader.AREAS_END);
    for (long end : new long[] {SharedHeader.SIZE_BYTES, FAR, right + 8, Long.MAX_VALUE, -4096}) {
      refused(
          SharedHeader.AREAS_END,
          end,
          "and their end at",
          () -> areas.require(Area.PLAN, 2 * areas.capacityBytes(Area.PLAN)));
    }
    requireRight();
  }

  @Test
  void pending_positionsAndCounts_areRefused() {
    long list = areas.offset(Area.PENDING_EVEN, 16);
    for (long position : new long[] {-1, parts.pending.capacityEntries() + 1, FAR}) {
      refused(list, position, "pending page", parts.pending::start);
      refused(list + 8, position, "pending page", parts.pending::end);
      refused(list + 8, position, "pending page", () -> parts.pending.require(1));
      assertThrows(StoreFailedException.class, () -> parts.pending.count(position));
      assertThrows(StoreFailedException.class, () -> parts.pending.spend(position));
    }
    long entry = list + 16 + parts.pending.start() * PendingEntry.SIZE_BYTES;
    refused(entry, -1L << 32, "pending entry", () -> parts.pending.count(parts.pending.start()));
    requireRight();
  }

  @Test
  void note_stateAndCounts_areRefused() {
    for (long state : new long[] {-1, NoteRecord.PREPARED + 1, FAR}) {
      refused(SharedHeader.NOTE_STATE, state, "a note in state", parts.note::state);
    }
    long note = areas.offset(Area.NOTE, 0);
    long one = 1;
    for (long counts : new long[] {0xFFFF_FFFFL, -1L << 32, 0x7FFF_FFFFL, one << 62}) {
      refused(note, counts, "`shm` was damaged", parts.note::head);
      refused(note, counts, "`shm` was damaged", parts.note::applyToMap);
      refused(note, counts, "`shm` was damaged", parts.note::withdraw);
    }
    requireRight();
  }

  @Test
  void plan_stateAndCounts_areRefused() {
    for (long state : new long[] {-1, PlanRecord.ABANDONED + 1, FAR}) {
      refused(SharedHeader.PLAN_STATE, state, "a plan in state", parts.plan::isInForce);
      refused(SharedHeader.PLAN_STATE, state, "a plan", () -> parts.plan.settle(parts.allocator));
    }
    long counts = areas.offset(Area.PLAN, 0) + 8;
    for (long value : new long[] {0xFFFF_FFFFL, -1L << 32, 0x7FFF_FFFFL, 0x7FFF_FFFF_7FFF_FFFFL}) {
      refused(counts, value, "`shm` was damaged", () -> parts.plan.forEach(page -> {}));
    }
    requireRight();
  }

  @Test
  void highWater_behindTheBitmaps_isRefused() {
    for (long pages : new long[] {-1, FAR, Long.MAX_VALUE}) {
      refused(SharedHeader.HIGH_WATER, pages, "pages in bitmaps", parts.state::highWater);
      refused(
          SharedHeader.HIGH_WATER, pages, "pages in bitmaps", () -> parts.state.raiseHighWater(9));
    }
    requireRight();
  }

  /// The place of the newest transaction has the record of another.
  @Test
  void newest_withoutItsRecord_isRefused() {
    refused(SharedHeader.HEAD, Long.MAX_VALUE, "as the newest", parts.state::newestLsn);
    refused(SharedHeader.DURABLE, FAR, "no record of superblock", parts.state::durableLsn);
    refused(SharedHeader.CANDIDATE, FAR, "no record of superblock", parts.state::candidateTxnId);
    requireRight();
  }
}

package dev.quire.store.internal.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.MapPage;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.RedoRecord;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.EngineView.Still;
import dev.quire.store.internal.txn.WriteSession;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: damage of the bitmaps in shared memory, and of files under an open store, is found.
class OpenStoreDamageTest {

  /// Where fields of a record are.
  private static final int PREDECESSOR = 24;

  private static final int EPOCH = 40;
  private static final int OPERATIONS_START = 72;

  @TempDir private Path parent;

  private DamagedStore store;
  private Engine engine;
  private long leaf;

  @BeforeEach
  void openStore() {
    store = new DamagedStore(parent);
    engine = store.open();
    leaf = store.image().pages(DamagedStore.TEXT, 0).get(7).number;
  }

  @AfterEach
  void closeStore() {
    try {
      engine.close();
    } catch (StoreException e) {
      // A damaged store may not come to rest.
      assertTrue(e.getMessage() != null);
    }
  }

  private void damage(Consumer<Still> change) {
    assertEquals(List.of(), IntegrityChecker.check(engine).violations());
    engine.view().tryWhileStill(Duration.ofSeconds(10), change);
  }

  private void assertFound(long pageNo, String expected) {
    List<Violation> violations = IntegrityChecker.check(engine).violations();
    assertTrue(
        violations.stream().anyMatch(v -> v.pageNo() == pageNo && v.toString().contains(expected)),
        () -> "page " + pageNo + ", " + expected + ": " + violations);
  }

  private void commit() {
    WriteSession session = engine.beginWrite(engine.options().durability(), Duration.ofSeconds(9));
    byte[] key = {1};
    MemorySegment value = MemorySegment.ofArray(new byte[100]);
    session.put(session.createTable(key, false), key, 1, value, 0, 100, 0);
    session.commit();
  }

  private void write(long offset, byte[] bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(store.data().toFile(), "rw")) {
      file.seek(offset);
      file.write(bytes);
    }
  }

  private Head head() {
    AtomicReference<Head> head = new AtomicReference<>();
    engine.view().tryWhileStill(Duration.ofSeconds(10), still -> head.set(still.marks().head()));
    return head.get();
  }

  /// Changes an int of the only record behind `before`, and gives the record a right checksum.
  private void editRecord(Head before, int offset, int value) throws IOException {
    Superblock b = engine.view().superblock();
    int length = (int) (head().lsn() - before.lsn());
    byte[] whole = new byte[length];
    long place = b.ringOffsetBytes() + before.lsn() % b.ringSizeBytes();
    try (RandomAccessFile file = new RandomAccessFile(store.data().toFile(), "r")) {
      file.seek(place);
      file.readFully(whole);
    }
    ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
    MemorySegment record = MemorySegment.ofArray(whole);
    Checksum checksum = new Checksum();
    checksum.beginChained(before.chainCrc());
    checksum.add(record, 0, Integer.BYTES);
    checksum.add(record, RedoRecord.BODY, length - RedoRecord.BODY);
    RedoRecord.setCrc(record, 0, checksum.value());
    write(place, whole);
  }

  private void assertFoundInTheRing(Head before, String expected) {
    Superblock b = engine.view().superblock();
    long place = b.ringOffsetBytes() + before.lsn() % b.ringSizeBytes();
    assertFound(place / b.pageSizeBytes(), "redo ring at lsn " + before.lsn() + " " + expected);
  }

  @Test
  void check_anyByteOfARecordOfTheRing_isFound() throws IOException {
    Head before = head();
    commit();
    Superblock b = engine.view().superblock();
    long place = b.ringOffsetBytes() + before.lsn() % b.ringSizeBytes();
    for (long at = 0; at < head().lsn() - before.lsn(); at++) {
      byte[] old = new byte[1];
      try (RandomAccessFile file = new RandomAccessFile(store.data().toFile(), "r")) {
        file.seek(place + at);
        file.readFully(old);
      }
      write(place + at, new byte[] {(byte) (old[0] ^ 0x20)});
      assertFoundInTheRing(before, "");
      write(place + at, old);
    }
    assertEquals(List.of(), IntegrityChecker.check(engine).violations());
  }

  @Test
  void check_recordOfTheRingThatDoesNotFollow_isFound() throws IOException {
    Head before = head();
    commit();
    editRecord(before, PREDECESSOR, 999);
    assertFoundInTheRing(before, "a transaction that follows " + before.txnId());
    editRecord(before, PREDECESSOR, (int) before.txnId());
    assertEquals(List.of(), IntegrityChecker.check(engine).violations());
    editRecord(before, EPOCH, 999);
    assertFoundInTheRing(before, "a record of epoch " + before.epoch());
    editRecord(before, EPOCH, before.epoch());
    editRecord(before, OPERATIONS_START, 999);
    String end = "a last record with checksum " + Integer.toHexString(head().chainCrc());
    assertTrue(IntegrityChecker.check(engine).violations().toString().contains(end));
  }

  @Test
  void check_livePageNotMarked_isFound() {
    damage(still -> still.map().clearLive(leaf, 1));
    assertFound(leaf, "a live bit");
  }

  @Test
  void check_markedPageThatNothingRefersTo_isFound() {
    long[] lost = {0};
    damage(
        still -> {
          lost[0] = still.marks().highWaterPage() + 3;
          still.map().setLive(lost[0], 1);
        });
    assertFound(lost[0], "no live bit");
  }

  @Test
  void check_livePageThatIsFree_isFound() {
    damage(still -> still.map().clearUsed(leaf, 1));
    assertFound(leaf, "a used page");
  }

  @Test
  void check_usedPageWithoutReason_isFound() {
    long[] leaked = {0};
    damage(
        still -> {
          leaked[0] = still.marks().highWaterPage() + 3;
          still.map().setUsed(leaked[0], 1);
        });
    assertFound(leaked[0], "a free page");
  }

  @Test
  void check_livePageThatIsPending_isFound() {
    commit();
    damage(
        still -> {
          long head = still.marks().head().txnId();
          long end = still.pending().end();
          still.pending().write(end, leaf, 1, 1, head);
          still.pending().setEnd(end + 1);
        });
    assertFound(leaf, "live or pending");
  }

  @Test
  void check_pageThatIsPendingTwice_isFound() {
    commit();
    commit();
    long[] page = {0};
    damage(
        still -> {
          long at = still.pending().end() - 1;
          page[0] = still.pending().pageNo(at);
          still.pending().write(at + 1, page[0], 1, 1, still.pending().freed(at));
          still.pending().setEnd(at + 2);
        });
    assertFound(page[0], "pending once");
  }

  @Test
  void check_pendingPageOfTheFuture_isFound() {
    commit();
    commit();
    long[] page = {0};
    damage(
        still -> {
          long at = still.pending().end() - 1;
          page[0] = still.pending().pageNo(at);
          long birth = still.pending().birth(at);
          still.pending().write(at, page[0], still.pending().count(at), birth, 1_000_000);
        });
    assertFound(page[0], "born before it was replaced");
  }

  @Test
  void check_damagedSpaceMapAtRest_isFound() throws IOException {
    long[] map = {0};
    engine
        .view()
        .tryWhileStill(
            Duration.ofSeconds(10), still -> map[0] = PageRef.pageNo(still.resting().rootRef()));
    long bit = MapPage.bitsPerLeaf(4096) - 1;
    write(map[0] * 4096 + 4095, new byte[] {(byte) (1 << bit % 8)});
    assertFound(map[0], "checksum");
    assertFound(map[0], "no bit for pages from");
    write(map[0] * 4096 + PageHeader.SIZE_BYTES + leaf / 8, new byte[1]);
    assertFound(leaf, "a mark in the space map at rest");
  }

  @Test
  void check_damagedPageOfTheDurableTransactionOnly_isFound() throws IOException {
    commit();
    long[] pending = {0};
    damage(still -> pending[0] = still.pending().pageNo(still.pending().end() - 1));
    write(pending[0] * 4096 + 4090, new byte[] {1, 2, 3});
    assertFound(pending[0], "checksum");
  }

  @Test
  void check_oneCopyOfEachSuperblockRotten_isFound() throws IOException {
    write(4096 + 100, new byte[] {9});
    write(2 * 4096, new byte[8]);
    assertFound(1, "a superblock with checksum");
    assertFound(2, "no superblock");
  }

  @Test
  void check_bothCopiesOfTheDurableSuperblockRotten_isFound() throws IOException {
    long[] sequence = {0};
    engine
        .view()
        .tryWhileStill(
            Duration.ofSeconds(10), still -> sequence[0] = still.marks().durableSequence());
    long page = 2 * (sequence[0] & 1);
    write(page * 4096 + 100, new byte[] {9});
    write((page + 1) * 4096 + 100, new byte[] {9});
    assertFound(page, "checksum");
    assertFound(page, "the durable superblock");
  }

  @Test
  void check_fileCutByAnother_isFound() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(store.data().toFile(), "rw")) {
      file.setLength(store.sizeBytes() / 2);
    }
    List<Violation> violations = IntegrityChecker.check(engine).violations();
    assertTrue(
        violations.stream().anyMatch(v -> v.expected().startsWith("a file of")),
        violations::toString);
    store.image().write(store.data());
  }
}

package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.KeyRange;
import dev.quire.store.Keys;
import dev.quire.store.ReadTxn;
import dev.quire.store.Savepoint;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.WriteTxn;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Transactions: snapshots, commits, savepoints, threads.
public abstract class TransactionContract extends StoreContract {

  protected TransactionContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  /// The least memory for writers, so that transactions of some size spill.
  @Override
  StoreOptions options() {
    return super.options().withWriterMemoryBytes(StoreOptions.MIN_WRITER_MEMORY_BYTES);
  }

  private Table table() {
    return store().table("t");
  }

  // -- snapshots ----------------------------------------------------------------------------------

  @Test
  void readTxn_laterCommits_areNotSeen() {
    putAll(table(), "a=1", "b=2");
    try (ReadTxn before = store().beginRead()) {
      putAll(table(), "a=changed", "c=3");
      table().delete(bytes("b"));
      putAll(store().table("other"), "k=v");
      assertEquals(List.of("a=1", "b=2"), entries(before.table("t"), KeyRange.all()));
      assertEquals(List.of("t"), before.tables());
      try (ReadTxn after = store().beginRead()) {
        assertEquals(List.of("a=changed", "c=3"), entries(after.table("t"), KeyRange.all()));
        assertEquals(List.of("other", "t"), after.tables());
        assertTrue(after.id() > before.id());
      }
    }
  }

  @Test
  void readTxn_manySnapshots_eachSeesItsOwn() {
    List<ReadTxn> snapshots = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      putAll(table(), "counter=" + i);
      snapshots.add(store().beginRead());
    }
    for (int i = 0; i < 100; i++) {
      try (ReadTxn txn = snapshots.get(i)) {
        assertEquals(Integer.toString(i), text(txn.table("t").get(bytes("counter"))));
      }
    }
  }

  @Test
  void readTxn_droppedTable_isStillThere() {
    putAll(table(), "k=v");
    try (ReadTxn txn = store().beginRead()) {
      store().dropTable("t");
      assertEquals("v", text(txn.table("t").get(bytes("k"))));
    }
  }

  @Test
  void view_ofSnapshot_staysWhileOthersWrite() {
    table().put(bytes("k"), pattern(100, 1));
    try (ReadTxn txn = store().beginRead()) {
      MemorySegment view = txn.table("t").view(bytes("k"));
      assertNotNull(view);
      assertTrue(view.isReadOnly());
      for (int i = 0; i < 200; i++) {
        table().put(bytes("k"), pattern(100, i));
      }
      assertArrayEquals(pattern(100, 1), view.toArray(ValueLayout.JAVA_BYTE));
      assertNull(txn.table("t").view(bytes("absent")));
    }
  }

  // -- commits ------------------------------------------------------------------------------------

  @Test
  void writeTxn_beforeCommit_isSeenByItselfAlone() {
    putAll(table(), "a=1");
    try (WriteTxn txn = store().beginWrite()) {
      putAll(txn.table("t"), "a=2", "b=3");
      assertEquals(List.of("a=2", "b=3"), entries(txn.table("t"), KeyRange.all()));
      assertEquals(List.of("a=1"), entries(table(), KeyRange.all()));
      txn.commit();
    }
    assertEquals(List.of("a=2", "b=3"), entries(table(), KeyRange.all()));
  }

  @Test
  void writeTxn_closedWithoutCommit_changesNothing() {
    putAll(table(), "a=1");
    try (WriteTxn txn = store().beginWrite()) {
      putAll(txn.table("t"), "a=2");
      putAll(txn.table("new"), "k=v");
      txn.dropTable("t");
    }
    assertEquals(List.of("a=1"), entries(table(), KeyRange.all()));
    assertEquals(List.of("t"), store().tables());
  }

  @Test
  void writeTxn_rollback_changesNothingAndEnds() {
    putAll(table(), "a=1");
    try (WriteTxn txn = store().beginWrite()) {
      txn.table("t").clear();
      txn.rollback();
      assertFalse(txn.isOpen());
    }
    assertEquals(List.of("a=1"), entries(table(), KeyRange.all()));
  }

  @Test
  void writeTxn_ids_grow() {
    long first;
    try (WriteTxn txn = store().beginWrite()) {
      first = txn.id();
      putAll(txn.table("t"), "a=1");
      txn.commit();
    }
    try (ReadTxn txn = store().beginRead()) {
      assertEquals(first, txn.id());
    }
    try (WriteTxn txn = store().beginWrite()) {
      assertTrue(txn.id() > first);
    }
  }

  @Test
  void writeTxn_dropAndMakeAgain_isANewTable() {
    putAll(table(), "old=1");
    TableOptions integers = TableOptions.defaults().withIntegerKeys(true);
    try (WriteTxn txn = store().beginWrite()) {
      assertTrue(txn.dropTable("t"));
      assertFalse(txn.dropTable("t"));
      assertEquals(0, txn.table("t").count());
      txn.table("t", integers).put(1, bytes("one"));
      assertEquals(List.of("t"), txn.tables());
      txn.commit();
    }
    assertEquals("one", text(table().get(1)));
    assertEquals(1, table().count());
  }

  @Test
  void writeTxn_twoTableObjectsOfOneName_areOneTable() {
    try (WriteTxn txn = store().beginWrite()) {
      Table first = txn.table("t");
      Table second = txn.table("t");
      putAll(first, "a=1");
      assertEquals("1", text(second.get(bytes("a"))));
      txn.dropTable("t");
      assertNull(first.get(bytes("a")));
      putAll(second, "b=2");
      assertEquals(List.of("b"), keys(first));
    }
  }

  @Test
  void writeTxn_everyDurability_commits() {
    List<Durability> all =
        List.of(Durability.SYNC, Durability.interval(Duration.ofMillis(5)), Durability.SYNC);
    for (Durability durability : all) {
      try (WriteTxn txn = store().beginWrite(durability)) {
        txn.table("t").put(txn.id(), bytes(durability.toString()));
        txn.commit();
      }
    }
    assertEquals(all.size(), table().count());
  }

  @Test
  void writeTxn_largerThanItsMemory_commitsAndRollsBack() {
    byte[] value = pattern(1_000, 1);
    for (boolean commit : new boolean[] {false, true}) {
      try (WriteTxn txn = store().beginWrite()) {
        Table table = txn.table("t");
        for (long i = 0; i < 10_000; i++) {
          table.put(i * 0x9E37_79B9_7F4A_7C15L, value);
        }
        assertEquals(10_000, table.count());
        if (commit) {
          txn.commit();
        }
      }
      assertEquals(commit ? 10_000 : 0, table().count());
    }
  }

  @Test
  void savepoint_transactionLargerThanItsMemory_comesBack() {
    byte[] value = pattern(1_000, 1);
    try (WriteTxn txn = store().beginWrite()) {
      Table table = txn.table("t");
      for (long i = 0; i < 3_000; i++) {
        table.put(i, value);
      }
      try (Savepoint savepoint = txn.savepoint()) {
        assertNotNull(savepoint);
        for (long i = 0; i < 6_000; i++) {
          table.put(i * 3, bytes("changed"));
        }
        assertEquals(2_000, table.deleteRange(KeyRange.atLeast(Keys.ofLong(12_000))));
      }
      assertEquals(3_000, table.count());
      for (long i = 0; i < 3_000; i++) {
        assertArrayEquals(value, table.get(i));
      }
      txn.commit();
    }
    assertEquals(3_000, table().count());
  }

  // -- lambdas ------------------------------------------------------------------------------------

  @Test
  void lambdas_withAndWithoutResult() throws IOException {
    store()
        .write(
            txn -> {
              txn.table("t").put(bytes("a"), bytes("1"));
            });
    boolean isNew = store().write(txn -> txn.table("t").put(bytes("a"), bytes("2")));
    assertFalse(isNew);
    assertEquals("2", text(store().read(txn -> txn.table("t").get(bytes("a")))));
    List<String> seen = new ArrayList<>();
    store()
        .read(
            txn -> {
              seen.addAll(entries(txn.table("t"), KeyRange.all()));
            });
    assertEquals(List.of("a=2"), seen);
    int length = store().read(txn -> checkedLength(txn.table("t").get(bytes("a"))));
    assertEquals(1, length);
  }

  private static int checkedLength(byte @Nullable [] value) throws IOException {
    if (value == null) {
      throw new IOException("absent");
    }
    return value.length;
  }

  @Test
  void write_lambdaThrows_changesNothingAndPassesTheException() {
    IOException thrown = new IOException("the caller's own");
    IOException caught =
        assertThrows(
            IOException.class,
            () ->
                store()
                    .write(
                        txn -> {
                          putAll(txn.table("t"), "a=1");
                          throw thrown;
                        }));
    assertEquals(thrown, caught);
    assertEquals(0, table().count());
  }

  @Test
  void write_lambdaRollsBack_changesNothing() {
    store()
        .write(
            txn -> {
              putAll(txn.table("t"), "a=1");
              txn.rollback();
            });
    assertEquals(0, table().count());
  }

  // -- savepoints ---------------------------------------------------------------------------------

  @Test
  void savepoint_closed_undoesWhatCameAfterIt() {
    try (WriteTxn txn = store().beginWrite()) {
      putAll(txn.table("t"), "a=1", "b=2");
      try (Savepoint savepoint = txn.savepoint()) {
        assertNotNull(savepoint);
        putAll(txn.table("t"), "a=changed", "c=3");
        txn.table("t").delete(bytes("b"));
        putAll(txn.table("new"), "k=v");
      }
      assertEquals(List.of("a=1", "b=2"), entries(txn.table("t"), KeyRange.all()));
      assertEquals(List.of("t"), txn.tables());
      putAll(txn.table("t"), "d=4");
      txn.commit();
    }
    assertEquals(List.of("a=1", "b=2", "d=4"), entries(table(), KeyRange.all()));
  }

  @Test
  void savepoint_released_keepsWhatCameAfterIt() {
    try (WriteTxn txn = store().beginWrite()) {
      try (Savepoint savepoint = txn.savepoint()) {
        putAll(txn.table("t"), "a=1");
        savepoint.release();
        assertThrows(IllegalStateException.class, savepoint::release);
        assertThrows(IllegalStateException.class, savepoint::rollback);
      }
      txn.commit();
    }
    assertEquals(List.of("a=1"), entries(table(), KeyRange.all()));
  }

  @Test
  void savepoint_nested_outerRollbackEndsTheInner() {
    try (WriteTxn txn = store().beginWrite()) {
      putAll(txn.table("t"), "a=1");
      Savepoint outer = txn.savepoint();
      putAll(txn.table("t"), "b=2");
      Savepoint inner = txn.savepoint();
      putAll(txn.table("t"), "c=3");
      inner.release();
      Savepoint open = txn.savepoint();
      putAll(txn.table("t"), "d=4");
      outer.rollback();
      assertEquals(List.of("a=1"), entries(txn.table("t"), KeyRange.all()));
      assertThrows(IllegalStateException.class, open::release);
      open.close();
      txn.commit();
    }
    assertEquals(List.of("a=1"), entries(table(), KeyRange.all()));
  }

  @Test
  void savepoint_manyPagesAndADroppedTable_comeBack() {
    store()
        .write(
            txn -> {
              for (int i = 0; i < 5_000; i++) {
                putAll(txn.table("t"), "key-%05d=%d".formatted(i, i));
              }
            });
    try (WriteTxn txn = store().beginWrite()) {
      for (int round = 0; round < 3; round++) {
        putAll(txn.table("t"), "round-" + round + "=kept");
        try (Savepoint savepoint = txn.savepoint()) {
          assertNotNull(savepoint);
          assertEquals(2_000, txn.table("t").deleteRange(keyRange(1_000, 3_000)));
          txn.table("t").put(bytes("large"), pattern(100_000, round));
          txn.dropTable("t");
        }
        assertEquals(5_001 + round, txn.table("t").count());
      }
      txn.commit();
    }
    assertEquals(5_003, keys(table()).size());
  }

  private static KeyRange keyRange(int from, int to) {
    return KeyRange.between(bytes("key-%05d".formatted(from)), bytes("key-%05d".formatted(to)));
  }

  @Test
  void savepoint_afterTheTransaction_isRefused() {
    Savepoint savepoint;
    try (WriteTxn txn = store().beginWrite()) {
      savepoint = txn.savepoint();
      putAll(txn.table("t"), "a=1");
      txn.commit();
    }
    assertThrows(IllegalStateException.class, savepoint::rollback);
    savepoint.close();
    assertEquals(List.of("a=1"), entries(table(), KeyRange.all()));
  }

  // -- threads ------------------------------------------------------------------------------------

  private static void runAll(ExecutorService threads, List<Callable<Void>> work) {
    try (threads) {
      for (Future<Void> future : threads.invokeAll(work)) {
        Void unused = future.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void threads_incrementOneCounter_loseNothing() {
    for (ExecutorService threads :
        List.of(Executors.newFixedThreadPool(4), Executors.newVirtualThreadPerTaskExecutor())) {
      table().put(bytes("counter"), new byte[] {0, 0});
      Callable<Void> increments =
          () -> {
            for (int i = 0; i < 50; i++) {
              store()
                  .write(
                      txn -> {
                        byte[] value = txn.table("t").get(bytes("counter"));
                        int next = (value[0] & 0xFF) << 8 | value[1] & 0xFF;
                        next++;
                        byte[] bigger = {(byte) (next >> 8), (byte) next};
                        txn.table("t").put(bytes("counter"), bigger);
                      });
            }
            return null;
          };
      runAll(threads, List.of(increments, increments, increments, increments));
      byte[] end = table().get(bytes("counter"));
      assertNotNull(end);
      assertEquals(200, (end[0] & 0xFF) << 8 | end[1] & 0xFF);
    }
  }

  @Test
  void threads_readersBesideAWriter_seeWholeTransactions() {
    putAll(store().table("left"), "k=0");
    putAll(store().table("right"), "k=0");
    Callable<Void> writer =
        () -> {
          for (int i = 0; i < 200; i++) {
            store()
                .write(
                    txn -> {
                      long value = txn.id();
                      putAll(txn.table("left"), "k=" + value, "filler-" + value + "=x");
                      putAll(txn.table("right"), "k=" + value);
                    });
          }
          return null;
        };
    Callable<Void> reader =
        () -> {
          int last = 0;
          for (int i = 0; i < 2_000; i++) {
            try (ReadTxn txn = store().beginRead()) {
              String left = String.valueOf(text(txn.table("left").get(bytes("k"))));
              assertEquals(left, text(txn.table("right").get(bytes("k"))));
              assertTrue(Integer.parseInt(left) >= last);
              last = Integer.parseInt(left);
            }
          }
          return null;
        };
    List<Callable<Void>> all = List.of(writer, reader, reader, reader);
    runAll(Executors.newFixedThreadPool(all.size()), all);
    runAll(Executors.newVirtualThreadPerTaskExecutor(), List.of(reader, reader, writer, reader));
  }

  @Test
  void readTxn_passedToAnotherThread_goesOn() {
    putAll(table(), "k=v");
    ReadTxn txn = store().beginRead();
    Callable<Void> elsewhere =
        () -> {
          assertEquals("v", text(txn.table("t").get(bytes("k"))));
          txn.close();
          return null;
        };
    runAll(Executors.newSingleThreadExecutor(), List.of(elsewhere));
    assertFalse(txn.isOpen());
  }

  // -- life ---------------------------------------------------------------------------------------

  @Test
  void reopen_durableForm_findsEverything() {
    putAll(table(), "a=1");
    table().put(bytes("large"), pattern(100_000, 1));
    store().table("integers", TableOptions.defaults().withIntegerKeys(true)).put(5, bytes("five"));
    if (!form().survivesClose()) {
      return;
    }
    reopen();
    assertEquals(List.of("integers", "t"), store().tables());
    assertEquals("1", text(table().get(bytes("a"))));
    assertArrayEquals(pattern(100_000, 1), table().get(bytes("large")));
    assertEquals("five", text(store().table("integers").get(5)));
  }

  @Test
  void checkpoint_inUse_changesNothingThatIsSeen() {
    putAll(table(), "a=1");
    try (ReadTxn before = store().beginRead()) {
      store().checkpoint();
      putAll(table(), "b=2");
      store().checkpoint();
      store().checkpoint();
      assertEquals(List.of("a"), keys(before.table("t")));
    }
    assertEquals(List.of("a", "b"), keys(table()));
  }

  @Test
  void stats_afterCommits_countThem() {
    long before = store().stats().txnId();
    putAll(table(), "a=1", "b=2");
    assertEquals(before + 2, store().stats().txnId());
    assertTrue(store().stats().usedPages() > 0);
    try (ReadTxn txn = store().beginRead()) {
      assertTrue(txn.isOpen());
      assertEquals(1, store().stats().readers());
    }
    assertEquals(0, store().stats().readers());
  }

  @Test
  void check_newStore_isClean() {
    assertClean(store().check());
    putAll(table(), "a=1");
    assertEquals(1L, store().check().entries().get("t"));
  }
}

package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.WriteTxn;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What nobody should do: each its own clear exception, and the store intact afterwards.
public abstract class MisuseContract extends StoreContract {

  protected MisuseContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  private static void assertState(String expectedWord, Executable misuse) {
    String message = assertThrows(IllegalStateException.class, misuse).getMessage();
    assertTrue(message != null && message.contains(expectedWord), () -> "message: " + message);
  }

  private static void assertArgument(String expectedWord, Executable misuse) {
    String message = assertThrows(IllegalArgumentException.class, misuse).getMessage();
    assertTrue(message != null && message.contains(expectedWord), () -> "message: " + message);
  }

  private static List<Executable> reads(Table table) {
    byte[] key = bytes("k");
    return List.of(
        () -> table.get(key),
        () -> table.get(1),
        () -> table.get(key, MemorySegment::byteSize),
        () -> table.get(key, 0, 1),
        () -> table.getInto(key, new byte[1]),
        () -> table.valueLength(key),
        () -> table.contains(key),
        () -> table.stream(key),
        table::count,
        table::stats,
        () -> table.estimate(KeyRange.all()),
        table::cursor);
  }

  private static List<Executable> writes(Table table) {
    byte[] key = bytes("k");
    byte[] value = bytes("v");
    MemorySegment segment = MemorySegment.ofArray(key);
    return List.<Executable>of(
        () -> table.put(key, value),
        () -> table.put(1, value),
        () -> table.put(segment, segment),
        () -> table.put(key, new ByteArrayInputStream(value), 1),
        () -> table.putIfAbsent(key, value),
        () -> table.replace(key, value),
        () -> table.compareAndSet(key, null, value),
        () -> table.compareAndSet(key, value, value),
        () -> table.delete(key, value),
        () -> table.increment(key, 1),
        () -> table.append(key, value),
        () -> table.delete(key),
        () -> table.delete(segment),
        () -> table.deleteRange(KeyRange.all()),
        table::clear);
  }

  @Test
  void readTxn_write_isRefused() {
    putAll(store().table("t"), "k=v");
    try (ReadTxn txn = store().beginRead()) {
      for (Executable write : writes(txn.table("t"))) {
        assertState("read transaction", write);
      }
    }
    assertEquals(1, store().table("t").count());
  }

  @Test
  void writeTxn_ofAnotherThread_isRefused() throws InterruptedException {
    WriteTxn txn = store().beginWrite();
    Table table = txn.table("t");
    table.put(bytes("k"), bytes("v"));
    List<Executable> misuses =
        List.of(() -> table.put(bytes("l"), bytes("w")), txn::commit, txn::rollback, txn::close);
    List<Throwable> thrown = new ArrayList<>();
    Thread other =
        new Thread(
            () -> {
              for (Executable misuse : misuses) {
                try {
                  assertState("belongs to thread", misuse);
                } catch (Throwable e) {
                  thrown.add(e);
                }
              }
            });
    other.start();
    other.join();
    assertEquals(List.of(), thrown);
    txn.commit();
    assertEquals(1, store().table("t").count());
    putAll(store().table("t"), "m=x");
  }

  @Test
  void readTxn_closed_isRefused() {
    putAll(store().table("t"), "k=v");
    ReadTxn txn = store().beginRead();
    Table table = txn.table("t");
    Cursor cursor = table.cursor();
    InputStream stream = table.stream(bytes("k"));
    assertNotNull(stream);
    assertTrue(txn.isOpen());
    txn.close();
    txn.close();
    assertFalse(txn.isOpen());
    for (Executable read : reads(table)) {
      assertState("closed", read);
    }
    for (Executable write : writes(table)) {
      assertState("closed", write);
    }
    assertState("closed", () -> table.view(bytes("k")));
    assertState("closed", () -> txn.table("t"));
    assertState("closed", txn::tables);
    assertState("closed", txn::id);
    assertState("closed", cursor::next);
    assertState("closed", stream::read);
  }

  @Test
  void writeTxn_ended_isRefused() {
    WriteTxn txn = store().beginWrite();
    Table table = txn.table("t");
    putAll(table, "k=v");
    Cursor cursor = table.cursor();
    txn.commit();
    assertFalse(txn.isOpen());
    for (Executable read : reads(table)) {
      assertState("ended", read);
    }
    for (Executable write : writes(table)) {
      assertState("ended", write);
    }
    assertState("ended", () -> table.view(bytes("k")));
    assertState("ended", cursor::first);
    assertState("ended", txn::savepoint);
    assertState("ended", () -> txn.dropTable("t"));
    assertState("ended", txn::commit);
    assertState("ended", txn::rollback);
    txn.close();
    assertEquals(1, store().table("t").count());
  }

  @Test
  void cursor_closed_isRefused() {
    putAll(store().table("t"), "k=v");
    Cursor cursor = store().table("t").cursor();
    assertTrue(cursor.next());
    cursor.close();
    cursor.close();
    assertState("closed", cursor::next);
    assertState("closed", cursor::isValid);
    assertState("closed", cursor::key);
    assertState("closed", cursor::value);
    assertState("closed", () -> cursor.seekAtMost(bytes("k")));
  }

  @Test
  void store_closed_isRefused() {
    Store store = store();
    Table table = store.table("t");
    putAll(table, "k=v");
    store.close();
    store.close();
    assertFalse(store.isOpen());
    for (Executable read : reads(table)) {
      assertState("closed", read);
    }
    for (Executable write : writes(table)) {
      assertState("closed", write);
    }
    assertState("closed", () -> store.table("t"));
    assertState("closed", () -> store.table("t", TableOptions.defaults()));
    assertState("closed", store::tables);
    assertState("closed", store::beginRead);
    assertState("closed", store::beginWrite);
    assertState("closed", store::checkpoint);
    assertState("closed", store::check);
    assertState("closed", store::stats);
    assertState("closed", () -> store.dropTable("t"));
  }

  @Test
  void store_closedWhileTransactionsAreOpen_theyAreRefused() {
    putAll(store().table("t"), "k=v");
    ReadTxn read = store().beginRead();
    Table table = read.table("t");
    Cursor cursor = store().table("t").cursor();
    store().close();
    assertFalse(read.isOpen());
    assertState("closed", () -> table.get(bytes("k")));
    assertState("closed", cursor::next);
    cursor.close();
    read.close();
  }

  @Test
  void secondWriteTxn_sameThread_isRefusedWithoutADeadlock() {
    try (WriteTxn txn = store().beginWrite()) {
      assertState("this thread", () -> store().beginWrite());
      assertState("this thread", () -> store().table("t").put(bytes("k"), bytes("v")));
      putAll(txn.table("t"), "k=v");
      txn.commit();
    }
    putAll(store().table("t"), "l=w");
    assertEquals(2, store().table("t").count());
  }

  @Test
  void view_ofStoreTable_isRefused() {
    putAll(store().table("t"), "k=v");
    assertState("transaction", () -> store().table("t").view(bytes("k")));
  }

  @Test
  void tableNames_limits_areHeld() {
    String longest = "n".repeat(255);
    putAll(store().table(longest), "k=v");
    putAll(store().table("\u00fc".repeat(127)), "k=v");
    assertEquals(2, store().tables().size());
    assertArgument("255", () -> store().table(longest + "n"));
    assertArgument("255", () -> store().table("\u00fc".repeat(128)));
    assertArgument("255", () -> store().table(""));
    assertArgument("quire.", () -> store().table("quire.expiry"));
    assertArgument("quire.", () -> store().dropTable("quire.expiry"));
    assertArgument("surrogate", () -> store().table("\uD800"));
    assertArgument("255", () -> store().table("", TableOptions.defaults()));
    try (ReadTxn txn = store().beginRead()) {
      assertArgument("255", () -> txn.table(""));
    }
    try (WriteTxn txn = store().beginWrite()) {
      assertArgument("255", () -> txn.table(""));
      assertArgument("quire.", () -> txn.dropTable("quire.x"));
    }
  }

  @Test
  void keys_tooLong_areRefusedEverywhere() {
    Table table = store().table("t");
    byte[] tooLong = new byte[65_537];
    byte[] value = bytes("v");
    assertArgument("65536", () -> table.put(tooLong, value));
    assertArgument("65536", () -> table.putIfAbsent(tooLong, value));
    assertArgument("65536", () -> table.append(tooLong, value));
    assertArgument("65536", () -> table.replace(tooLong, value));
    assertArgument("65536", () -> table.compareAndSet(tooLong, null, value));
    assertArgument("65536", () -> table.compareAndSet(tooLong, value, value));
    assertArgument("65536", () -> table.delete(tooLong, value));
    assertArgument("65536", () -> table.increment(tooLong, 1));
    assertArgument("65536", () -> table.put(MemorySegment.ofArray(tooLong), MemorySegment.NULL));
    assertArgument("65536", () -> table.put(tooLong, InputStream.nullInputStream(), 0));
    assertArgument("65536", () -> table.delete(tooLong));
    assertArgument("65536", () -> table.get(tooLong));
    assertEquals(0, table.count());
    assertEquals(List.of(), store().tables());
  }

  @Test
  void values_impossibleLengths_areRefused() {
    Table table = store().table("t");
    InputStream source = InputStream.nullInputStream();
    assertArgument("value", () -> table.put(bytes("k"), source, -1));
    assertArgument("value", () -> table.put(bytes("k"), source, (1L << 40) + 1));
    assertArgument("part", () -> table.get(bytes("k"), -1, 1));
    assertArgument("part", () -> table.get(bytes("k"), 0, -1));
  }

  @Test
  void write_failsInTheMiddle_leavesTheTransactionUsable() {
    try (WriteTxn txn = store().beginWrite()) {
      putAll(txn.table("t"), "a=1");
      assertArgument("65536", () -> txn.table("t").put(new byte[70_000], bytes("v")));
      assertArgument("greater", () -> txn.table("t").append(bytes("a"), bytes("2")));
      putAll(txn.table("t"), "b=2");
      txn.commit();
    }
    assertEquals(List.of("a=1", "b=2"), entries(store().table("t"), KeyRange.all()));
  }

  /// Who waits for the writer's turn goes on waiting, and is interrupted afterwards.
  @Test
  void interruptedThread_waitingForTheTurn_getsItAndStaysInterrupted() throws Exception {
    FutureTask<Boolean> put =
        new FutureTask<>(
            () -> {
              store().table("t").put(bytes("k"), bytes("waited"));
              return Thread.interrupted();
            });
    Thread waiter = new Thread(put);
    try (WriteTxn txn = store().beginWrite()) {
      waiter.start();
      while (waiter.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      waiter.interrupt();
      while (waiter.isInterrupted()) {
        Thread.onSpinWait();
      }
      putAll(txn.table("t"), "k=v");
      txn.commit();
    }
    assertTrue(put.get(20, TimeUnit.SECONDS), "the interrupt is lost");
    assertArrayEquals(bytes("waited"), store().table("t").get(bytes("k")));
  }

  @Test
  void interruptedThread_anything_worksAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    try {
      putAll(store().table("t"), "k=v");
      assertEquals("v", text(store().table("t").get(bytes("k"))));
      store().checkpoint();
      store().table("t").put(bytes("large"), pattern(200_000, 1));
      assertClean(store().check());
      assertTrue(Thread.currentThread().isInterrupted());
    } finally {
      assertTrue(Thread.interrupted());
    }
  }
}

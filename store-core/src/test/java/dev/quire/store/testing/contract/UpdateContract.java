package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.KeyRange;
import dev.quire.store.Keys;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.WriteTxn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Changes that depend on what is there: each is one step, of a transaction or by itself.
public abstract class UpdateContract extends StoreContract {

  private static final long MAX = Long.MAX_VALUE;

  protected UpdateContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  private static void assertState(String expectedWord, Runnable misuse) {
    String message = assertThrows(IllegalStateException.class, misuse::run).getMessage();
    assertTrue(message != null && message.contains(expectedWord), message);
  }

  @Test
  void replace_presentOrAbsent_setsOnlyThePresent() {
    Table table = store().table("t");
    assertFalse(table.replace(bytes("a"), bytes("1")));
    assertFalse(table.contains(bytes("a")));
    putAll(table, "a=1");
    assertTrue(table.replace(bytes("a"), bytes("2")));
    assertTrue(table.replace(bytes("a"), pattern(50_000, 1)));
    assertArrayEquals(pattern(50_000, 1), table.get(bytes("a")));
  }

  @Test
  void compareAndSet_expectedValue_sets() {
    Table table = store().table("t");
    assertTrue(table.compareAndSet(bytes("a"), null, bytes("1")));
    assertTrue(table.compareAndSet(bytes("a"), bytes("1"), bytes("2")));
    assertTrue(table.compareAndSet(bytes("a"), bytes("2"), bytes("2")));
    assertTrue(table.compareAndSet(bytes("a"), bytes("2"), bytes("")));
    assertTrue(table.compareAndSet(bytes("a"), bytes(""), pattern(50_000, 1)));
    assertTrue(table.compareAndSet(bytes("a"), pattern(50_000, 1), bytes("3")));
    assertEquals(List.of("a=3"), entries(table, KeyRange.all()));
  }

  @Test
  void compareAndSet_otherValue_changesNothing() {
    Table table = store().table("t");
    assertFalse(table.compareAndSet(bytes("a"), bytes("1"), bytes("2")));
    assertFalse(table.compareAndSet(bytes("a"), bytes(""), bytes("2")));
    assertEquals(List.of(), store().tables());
    putAll(table, "a=1");
    long commits = store().stats().commits();
    assertFalse(table.compareAndSet(bytes("a"), null, bytes("2")));
    assertFalse(table.compareAndSet(bytes("a"), bytes("2"), bytes("3")));
    assertFalse(table.compareAndSet(bytes("a"), bytes("11"), bytes("3")));
    assertFalse(table.compareAndSet(bytes("a"), bytes(""), bytes("3")));
    assertEquals(commits, store().stats().commits());
    assertEquals(List.of("a=1"), entries(table, KeyRange.all()));
  }

  @Test
  void delete_expectedValue_deletesOnlyThat() {
    Table table = store().table("t");
    assertFalse(table.delete(bytes("a"), bytes("1")));
    putAll(table, "a=1", "b=");
    assertFalse(table.delete(bytes("a"), bytes("2")));
    assertFalse(table.delete(bytes("a"), bytes("")));
    assertTrue(table.delete(bytes("a"), bytes("1")));
    assertTrue(table.delete(bytes("b"), bytes("")));
    assertEquals(0, table.count());
  }

  @Test
  void increment_counter_counts() {
    Table table = store().table("t");
    assertEquals(5, table.increment(bytes("a"), 5));
    assertEquals(2, table.increment(bytes("a"), -3));
    assertEquals(-8, table.increment(bytes("a"), -10));
    assertArrayEquals(Keys.ofLong(-8), table.get(bytes("a")));
    table.put(bytes("b"), Keys.ofLong(MAX - 1));
    assertEquals(MAX, table.increment(bytes("b"), 1));
    assertEquals(0, table.increment(bytes("c"), 0));
    assertTrue(table.contains(bytes("c")));
  }

  @Test
  void increment_withBounds_staysInside() {
    Table table = store().table("t");
    assertEquals(3, table.increment(bytes("a"), 3, 0, 5));
    assertState("from 0 to 5", () -> table.increment(bytes("a"), 3, 0, 5));
    assertState("counter at 3", () -> table.increment(bytes("a"), -4, 0, 5));
    assertState("range", () -> table.increment(bytes("a"), MAX, 0, MAX));
    assertEquals(5, table.increment(bytes("a"), 2, 0, 5));
    assertEquals(0, table.increment(bytes("a"), -5, 0, 5));
    assertState("range", () -> table.increment(bytes("new"), 1, 2, 5));
    assertNull(table.get(bytes("new")));
  }

  @Test
  void getAndPut_entry_returnsWhatWasThere() {
    Table table = store().table("t");
    assertNull(table.getAndPut(bytes("a"), bytes("1")));
    assertArrayEquals(bytes("1"), table.getAndPut(bytes("a"), bytes("2")));
    store()
        .write(
            txn -> {
              assertArrayEquals(bytes("2"), txn.table("t").getAndPut(bytes("a"), bytes("3")));
            });
    assertArrayEquals(bytes("3"), table.get(bytes("a")));
  }

  @Test
  void increment_overflow_isRefused() {
    Table table = store().table("t");
    table.put(bytes("max"), Keys.ofLong(MAX));
    table.put(bytes("min"), Keys.ofLong(Long.MIN_VALUE));
    assertState("range", () -> table.increment(bytes("max"), 1));
    assertState("range", () -> table.increment(bytes("max"), MAX));
    assertState("range", () -> table.increment(bytes("min"), -1));
    assertState("range", () -> table.increment(bytes("min"), Long.MIN_VALUE));
    assertEquals(-1, table.increment(bytes("max"), Long.MIN_VALUE));
    assertEquals(-1, table.increment(bytes("min"), MAX));
  }

  @Test
  void increment_valueOfOtherLength_isRefused() {
    Table table = store().table("t");
    putAll(table, "empty=", "short=1234567", "long=123456789");
    for (String key : List.of("empty", "short", "long")) {
      assertState("counter", () -> table.increment(bytes(key), 1));
    }
    assertEquals(
        List.of("empty=", "long=123456789", "short=1234567"), entries(table, KeyRange.all()));
  }

  @Test
  void updates_numbersAsKeys_areTheSame() {
    Table table = store().table("n", TableOptions.defaults().withIntegerKeys(true));
    assertEquals(1, table.increment(7, 1));
    assertTrue(table.compareAndSet(7, Keys.ofLong(1), bytes("x")));
    assertTrue(table.replace(7, bytes("y")));
    assertFalse(table.delete(7, bytes("x")));
    assertTrue(table.delete(7, bytes("y")));
    assertNull(table.get(7));
    assertThrows(IllegalArgumentException.class, () -> table.increment(bytes("k"), 1));
    assertThrows(IllegalArgumentException.class, () -> table.replace(bytes("k"), bytes("v")));
    assertThrows(IllegalArgumentException.class, () -> table.delete(bytes("k"), bytes("v")));
  }

  @Test
  void updates_inATransaction_seeItAndBelongToIt() {
    try (WriteTxn txn = store().beginWrite()) {
      Table table = txn.table("t");
      assertEquals(1, table.increment(bytes("a"), 1));
      assertEquals(2, table.increment(bytes("a"), 1));
      assertTrue(table.compareAndSet(bytes("b"), null, bytes("1")));
      assertTrue(table.delete(bytes("b"), bytes("1")));
      assertState(
          "counter",
          () -> {
            table.put(bytes("c"), bytes("1"));
            table.increment(bytes("c"), 1);
          });
      assertEquals(3, table.increment(bytes("a"), 1));
      txn.rollback();
    }
    assertEquals(List.of(), store().tables());
  }

  @Test
  @Timeout(60)
  void increment_manyThreads_losesNothing() throws Exception {
    int threads = 8;
    int each = 200;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            pool.submit(
                () -> {
                  for (int k = 0; k < each; k++) {
                    store().table("t").increment(bytes("n"), 1);
                  }
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    assertEquals((long) threads * each, store().table("t").increment(bytes("n"), 0));
  }
}

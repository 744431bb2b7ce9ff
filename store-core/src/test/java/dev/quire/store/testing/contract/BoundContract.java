package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Changes;
import dev.quire.store.KeyRange;
import dev.quire.store.Keys;
import dev.quire.store.ReadTxn;
import dev.quire.store.Savepoint;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.TableStats;
import dev.quire.store.WriteTxn;
import dev.quire.store.options.Expiry;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ManualClock;
import dev.quire.store.testing.ReferenceSieve;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Tables that evict entries to stay below a bound.
public abstract class BoundContract extends StoreContract {

  private static final TableOptions FOUR = TableOptions.defaults().withMaxEntries(4);
  private static final TableOptions BYTES = TableOptions.defaults().withMaxBytes(8192);

  private final ManualClock clock = new ManualClock();

  protected BoundContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  @Override
  StoreOptions options() {
    return StoreOptions.defaults().withClock(clock).withSweepPeriod(Duration.ofDays(1));
  }

  private static void assertRefused(String expectedWord, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message != null && message.contains(expectedWord), message);
  }

  private long evictions() {
    return store().activity().totals().evictions();
  }

  private Table four() {
    Table table = store().table("t", FOUR);
    putAll(table, "a=1", "b=2", "c=3", "d=4");
    return table;
  }

  @Test
  void options_outOfRange_areRefused() {
    assertRefused("maxEntries -1", () -> FOUR.withMaxEntries(-1));
    assertRefused("maxBytes -1", () -> FOUR.withMaxBytes(-1));
    assertRefused("4096", () -> FOUR.withMaxBytes(4095));
    assertFalse(FOUR.withMaxEntries(0).isBounded());
    assertTrue(BYTES.isBounded());
  }

  @Test
  void table_withBounds_keepsThem() {
    TableOptions both = FOUR.withMaxBytes(5000).withIntegerKeys(true);
    Table _ = store().table("t", both);
    TableStats stats = (form().survivesClose() ? reopen() : store()).table("t").stats();
    assertNotNull(stats);
    assertEquals(both, stats.options());
    assertRefused("maxEntries=4", () -> store().table("t", both.withMaxEntries(5)));
  }

  @Test
  void put_aboveTheBound_evictsTheOldestThatWasNotUsed() {
    Table table = four();
    assertEquals("1", text(table.get(bytes("a"))));
    table.put(bytes("c"), bytes("x"));
    table.put(bytes("e"), bytes("5"));
    assertEquals(List.of("a", "c", "d", "e"), keys(table));
    table.put(bytes("f"), bytes("6"));
    assertEquals(List.of("a", "c", "e", "f"), keys(table));
    table.put(bytes("g"), bytes("7"));
    assertEquals(List.of("a", "c", "f", "g"), keys(table));
    assertEquals(3, evictions());
    assertEquals(4, store().check().entries().get("t"));
  }

  @Test
  void put_allAreUsed_evictsAllTheSame() {
    Table table = four();
    for (String key : List.of("a", "b", "c", "d")) {
      assertTrue(table.contains(bytes(key)));
    }
    table.put(bytes("e"), bytes("5"));
    assertEquals(List.of("b", "c", "d", "e"), keys(table));
  }

  @Test
  void delete_ofAUsedEntry_forgetsItsUse() {
    Table table = four();
    assertTrue(table.contains(bytes("a")));
    assertTrue(table.delete(bytes("a")));
    putAll(table, "a=1", "e=5", "f=6", "g=7", "h=8");
    assertEquals(List.of("e", "f", "g", "h"), keys(table));
  }

  @Test
  void bound_ofOneEntry_holdsTheNewest() {
    Table table = store().table("t", FOUR.withMaxEntries(1));
    for (String key : List.of("a", "b", "c")) {
      table.put(bytes(key), bytes("v"));
      assertEquals(List.of(key), keys(table));
      table.put(bytes(key), bytes("w"));
    }
  }

  @Test
  void putIfAbsentAppendIncrementAndStream_evictToo() throws IOException {
    Table table = four();
    table.putIfAbsent(bytes("e"), bytes("5"));
    table.append(bytes("f"), bytes("6"));
    table.increment(bytes("g"), 1);
    byte[] large = pattern(300_000, 1);
    boolean _ = table.put(bytes("h"), new ByteArrayInputStream(large), large.length);
    assertEquals(List.of("e", "f", "g", "h"), keys(table));
    assertArrayEquals(large, table.get(bytes("h")));
    assertFalse(table.putIfAbsent(bytes("e"), bytes("6")));
    assertEquals(4, evictions());
  }

  @Test
  void bytes_aboveTheBound_evictUntilThereIsRoom() {
    Table table = store().table("t", BYTES);
    for (int i = 0; i < 100; i++) {
      table.put(Keys.ofLong(i), pattern(92, i));
    }
    assertEquals(81, table.count());
    table.put(Keys.ofLong(99), pattern(8184, 1));
    assertEquals(1, table.count());
    assertRefused("8193", () -> table.put(Keys.ofLong(99), pattern(8185, 1)));
    assertRefused("at most 8192", () -> table.put(new byte[8193], new byte[0]));
    assertArrayEquals(pattern(8184, 1), table.get(Keys.ofLong(99)));
    assertEquals(99, evictions());
    table.put(Keys.ofLong(99), bytes("v"));
    for (int i = 0; i < 50; i++) {
      table.put(Keys.ofLong(i), pattern(92, i));
    }
    assertEquals(51, table.count());
  }

  @Test
  void integerKeys_areTouchedByEachKindOfLookup() {
    Table table = store().table("n", FOUR.withIntegerKeys(true));
    for (int i = 0; i < 4; i++) {
      table.put(i, bytes("v"));
    }
    assertNotNull(table.get(0));
    assertEquals(1, table.getInto(Keys.ofLong(1), new byte[8]));
    try (ReadTxn txn = store().beginRead()) {
      assertNotNull(txn.table("n").view(2));
    }
    table.put(4, bytes("v"));
    assertFalse(table.contains(3));
    assertEquals(4, table.count());
  }

  @Test
  void evictions_areToldAsDeletes() {
    Table table = four();
    try (ReadTxn before = store().beginRead()) {
      table.put(bytes("e"), bytes("5"));
      try (ReadTxn after = store().beginRead();
          Changes changes = store().diff(before, after)) {
        List<String> told = new ArrayList<>();
        while (changes.next()) {
          told.add(changes.kind() + " " + text(changes.key()) + " " + changes.isExpired());
        }
        assertEquals(List.of("DELETE a false", "PUT e false"), told);
      }
      assertEquals(4, before.table("t").count());
      assertEquals("1", text(before.table("t").get(bytes("a"))));
    }
  }

  @Test
  void savepoint_rolledBack_bringsTheQueueBack() {
    Table table = four();
    try (WriteTxn txn = store().beginWrite()) {
      Table own = txn.table("t");
      own.put(bytes("e"), bytes("5"));
      try (Savepoint savepoint = txn.savepoint()) {
        own.put(bytes("f"), bytes("6"));
        own.clear();
        own.put(bytes("g"), bytes("7"));
        savepoint.rollback();
      }
      assertEquals(List.of("b", "c", "d", "e"), keys(own));
      own.put(bytes("h"), bytes("8"));
      txn.commit();
    }
    assertEquals(List.of("c", "d", "e", "h"), keys(table));
    assertEquals(2, evictions());
    try (WriteTxn txn = store().beginWrite()) {
      txn.table("t").put(bytes("i"), bytes("9"));
      txn.rollback();
    }
    assertEquals(List.of("c", "d", "e", "h"), keys(table));
    assertEquals(2, evictions());
  }

  @Test
  void deleteRangeClearAndDrop_leaveNothingInTheQueue() {
    TableOptions many = FOUR.withMaxEntries(3000);
    for (String name : List.of("dropped", "cleared", "cut")) {
      Table _ = store().table(name, many);
      store()
          .write(
              txn -> {
                for (int i = 0; i < 4000; i++) {
                  boolean _ = txn.table(name).put(Keys.ofLong(i), pattern(100, i));
                }
              });
      assertEquals(3000, store().table(name).count());
    }
    assertClean(store().check());
    assertTrue(store().dropTable("dropped"));
    store().table("cleared").clear();
    assertEquals(
        1000,
        store().table("cut").deleteRange(KeyRange.between(Keys.ofLong(2000), Keys.ofLong(3000))));
    for (int i = 0; i < 4; i++) {
      store().table("other").put(bytes("k"), bytes("v" + i));
      assertClean(store().check());
    }
    // A state of both tables, a place and a key of each entry.
    assertEquals(2 * 2000 + 2, store().check().entries().get("quire.queue"));
    for (int i = 0; i < 20; i++) {
      store().table("cleared").put(Keys.ofLong(i), bytes("v"));
    }
    assertEquals(20, store().table("cleared").count());
  }

  @Test
  void expiry_inABoundedTable_leavesTheQueueToo() {
    Table table = store().table("t", FOUR.withExpiry(Duration.ofSeconds(1)));
    putAll(table, "a=1", "b=2", "c=3");
    clock.move(Duration.ofSeconds(1));
    putAll(table, "d=4", "e=5", "f=6", "g=7");
    assertEquals(List.of("d", "e", "f", "g"), keys(table));
    assertTrue(table.expire(bytes("d"), Expiry.NEVER));
    table.put(bytes("h"), bytes("8"));
    assertEquals(List.of("d", "f", "g", "h"), keys(table));
    clock.move(Duration.ofSeconds(1));
    table.put(bytes("i"), bytes("9"));
    assertEquals(List.of("d", "i"), keys(table));
  }

  @Test
  void keys_ofTheGreatestLength_areQueued() {
    Table table = store().table("t", FOUR);
    for (int i = 0; i < 6; i++) {
      table.put(pattern(65_536, i), bytes("v"));
    }
    assertEquals(4, table.count());
    assertTrue(table.contains(pattern(65_536, 5)));
    assertFalse(table.contains(pattern(65_536, 0)));
    assertTrue(table.delete(pattern(65_536, 4)));
  }

  @Test
  void lookup_ofAnExpiredEntry_isAMissAndNoUse() {
    Table table = store().table("t", FOUR);
    table.put(bytes("a"), bytes("1"), Expiry.after(Duration.ofSeconds(1)));
    clock.move(Duration.ofSeconds(1));
    long hits = store().activity().totals().hits();
    assertFalse(table.contains(bytes("a")));
    assertEquals(hits, store().activity().totals().hits());
  }

  @Test
  void reopen_withABoundedTable_goesOnWhereItWas() {
    Table table = four();
    table.put(bytes("e"), bytes("5"));
    if (form().survivesClose()) {
      table = reopen().table("t", FOUR);
    }
    table.put(bytes("f"), bytes("6"));
    assertEquals(List.of("c", "d", "e", "f"), keys(table));
  }

  /// Goal: the table evicts what SIEVE evicts. Method: random puts, lookups and deletes in one and
  /// in several transactions, the keys compared with those of a reference after each. The keys are
  /// so few that none shares its byte with another one.
  @Test
  void random_operations_keepTheKeysOfTheReference() {
    long seed = Long.getLong("quire.seed", new Random().nextLong());
    Random random = new Random(seed);
    Table table = store().table("t", FOUR.withMaxEntries(20));
    ReferenceSieve<Integer> reference = new ReferenceSieve<>(20);
    for (int round = 0; round < 60; round++) {
      boolean kept = round % 6 != 5;
      try (WriteTxn txn = store().beginWrite()) {
        Table own = txn.table("t");
        for (int i = random.nextInt(12); i >= 0 && kept; i--) {
          step(random, own, table, reference);
        }
        txn.commit();
      }
      for (int key = 0; key < 60; key++) {
        boolean expected = reference.contains(key);
        assertEquals(expected, reads(table, key), "seed " + seed + " round " + round);
      }
      assertEquals(reference.size(), table.count());
    }
  }

  /// Whether a key is there, without using it.
  private static boolean reads(Table table, int key) {
    byte[] bytes = Keys.ofLong(key);
    return !entries(table, KeyRange.between(bytes, true, bytes, true)).isEmpty();
  }

  private static void step(
      Random random, Table own, Table committed, ReferenceSieve<Integer> reference) {
    int key = random.nextInt(60);
    switch (random.nextInt(10)) {
      case 0 -> {
        boolean _ = own.delete(Keys.ofLong(key));
        reference.delete(key);
      }
      case 1, 2, 3, 4 -> {
        boolean _ = own.put(Keys.ofLong(key), pattern(random.nextInt(300), key));
        reference.put(key);
      }
      default -> assertEquals(reference.get(key), own.contains(Keys.ofLong(key)), committed.name());
    }
  }
}

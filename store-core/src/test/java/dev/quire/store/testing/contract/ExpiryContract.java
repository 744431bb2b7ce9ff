package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Changes;
import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Keys;
import dev.quire.store.ReadTxn;
import dev.quire.store.Savepoint;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.TableStats;
import dev.quire.store.Watch;
import dev.quire.store.WriteTxn;
import dev.quire.store.options.Expiry;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Entries that end at a time, and tables that have a default for it.
public abstract class ExpiryContract extends StoreContract {

  private static final TableOptions OPTIONS =
      TableOptions.defaults().withExpiry(Duration.ofMinutes(5));

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Expiry SHORT = Expiry.after(SECOND);

  private final ManualClock clock = new ManualClock();

  protected ExpiryContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  private static TableOptions optionsOf(Table table) {
    TableStats stats = table.stats();
    return stats == null ? TableOptions.defaults() : stats.options();
  }

  private static void assertRefused(String expectedWord, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message != null && message.contains(expectedWord), message);
  }

  @Test
  void table_withOptions_keepsThem() {
    store().table("t", OPTIONS);
    store().table("n", OPTIONS.withIntegerKeys(true));
    putAll(store().table("t"), "a=1");
    assertEquals(OPTIONS, optionsOf(store().table("t")));
    if (form().survivesClose()) {
      reopen();
      assertEquals(OPTIONS, optionsOf(store().table("t", OPTIONS)));
      assertEquals(OPTIONS.withIntegerKeys(true), optionsOf(store().table("n")));
    }
  }

  @Test
  void table_existsWithOtherOptions_isRefused() {
    store().table("t", OPTIONS);
    store().table("plain").put(bytes("a"), bytes("1"));
    assertRefused("PT5M", () -> store().table("t", TableOptions.defaults()));
    assertRefused("PT6M", () -> store().table("t", OPTIONS.withExpiry(Duration.ofMinutes(6))));
    try (WriteTxn txn = store().beginWrite()) {
      assertRefused("PT5M", () -> txn.table("plain", OPTIONS));
    }
    assertEquals(OPTIONS, optionsOf(store().table("t")));
  }

  @Test
  void options_outOfRange_areRefused() {
    TableOptions plain = TableOptions.defaults();
    assertRefused("negative", () -> plain.withExpiry(Duration.ofMillis(-1)));
    assertRefused("milliseconds", () -> plain.withExpiry(Duration.ofNanos(1)));
    assertRefused("milliseconds", () -> plain.withExpiry(Duration.ofSeconds(Long.MAX_VALUE)));
  }

  @Override
  StoreOptions options() {
    return StoreOptions.defaults().withClock(clock).withSweepPeriod(Duration.ofDays(1));
  }

  private static void putAll(Table table, Expiry expiry, String... keys) {
    for (String key : keys) {
      table.put(bytes(key), bytes(key), expiry);
    }
  }

  @Test
  void get_ofAnExpiredEntry_findsNothingInAnyWay() throws IOException {
    Table table = store().table("t");
    table.put(bytes("k"), bytes("v"), SHORT);
    clock.move(SECOND.minusMillis(1));
    assertEquals("v", text(table.get(bytes("k"))));
    assertEquals(1, table.count());
    clock.move(Duration.ofMillis(1));
    try (ReadTxn txn = store().beginRead()) {
      for (Table each : List.of(table, txn.table("t"))) {
        assertNull(each.get(bytes("k")));
        assertNull(each.get(bytes("k"), MemorySegment::byteSize));
        assertNull(each.get(bytes("k"), 0, 1));
        assertEquals(-1, each.getInto(bytes("k"), new byte[1]));
        assertEquals(-1, each.valueLength(bytes("k")));
        assertFalse(each.contains(bytes("k")));
        assertEquals(-1, each.readTo(bytes("k"), Channels.newChannel(new ByteArrayOutputStream())));
        assertNull(each.stream(bytes("k")));
        assertNull(each.expiry(bytes("k")));
        assertNull(each.timeLeft(bytes("k")));
        assertEquals(0, each.count());
        assertEquals(List.of(), keys(each));
        TableStats stats = each.stats();
        assertEquals(0, stats == null ? -1 : stats.entries());
      }
      assertNull(txn.table("t").view(bytes("k")));
    }
  }

  @Test
  void get_numbersAsKeys_expireToo() {
    Table table = store().table("n", TableOptions.defaults().withIntegerKeys(true));
    table.put(1, bytes("a"), SHORT);
    table.put(2, bytes("b"));
    clock.move(SECOND);
    assertNull(table.get(1));
    assertEquals(-1, table.getInto(1, new byte[1]));
    assertEquals(1, table.count());
    try (ReadTxn txn = store().beginRead()) {
      assertNull(txn.table("n").view(1));
      assertNull(txn.table("n").get(1));
    }
    assertFalse(table.delete(1));
    assertTrue(table.put(1, bytes("c"), SHORT));
    assertTrue(table.expire(1, Expiry.NEVER));
    clock.move(SECOND);
    assertEquals("c", text(table.get(1)));
  }

  @Test
  void cursor_expiredEntries_areSteppedOver() {
    Table table = store().table("t");
    putAll(table, SHORT, "a", "b", "d", "f", "g");
    putAll(table, Expiry.NEVER, "c", "e");
    clock.move(SECOND);
    List<String> up = List.of("c=c", "e=e");
    assertEquals(up, entries(table, KeyRange.all()));
    assertEquals(List.of("e=e", "c=c"), entries(table, KeyRange.all().reversed()));
    assertEquals(
        List.of("c=c"), entries(table, KeyRange.between(bytes("b"), true, bytes("d"), true)));
    assertEquals(List.of(), entries(table, KeyRange.between(bytes("f"), true, bytes("g"), true)));
    try (Cursor cursor = table.cursor()) {
      assertTrue(cursor.first());
      assertEquals("c", text(cursor.key()));
      assertTrue(cursor.last());
      assertEquals("e", text(cursor.key()));
      assertTrue(cursor.seekAtLeast(bytes("d")));
      assertEquals("e", text(cursor.key()));
      assertTrue(cursor.seekAtMost(bytes("d")));
      assertEquals("c", text(cursor.key()));
      assertEquals(Expiry.NEVER, cursor.expiry());
      assertFalse(cursor.previous());
      assertTrue(cursor.seekAtMost(bytes("z")));
      assertFalse(cursor.seekAtLeast(bytes("f")));
    }
    try (WriteTxn txn = store().beginWrite();
        Cursor cursor = txn.table("t").cursor()) {
      assertTrue(cursor.next());
      cursor.delete();
      assertTrue(cursor.next());
      assertEquals("e", text(cursor.key()));
      cursor.replace(bytes("x"));
      assertFalse(cursor.next());
      txn.commit();
    }
    assertEquals(List.of("e=x"), entries(table, KeyRange.all()));
  }

  @Test
  void cursor_manyOfThem_areSteppedOverInBothDirections() {
    Table table = store().table("t");
    store()
        .write(
            txn -> {
              for (int i = 0; i < 3000; i++) {
                boolean _ =
                    txn.table("t")
                        .put(Keys.ofLong(i), bytes("v" + i), i % 3 == 0 ? Expiry.NEVER : SHORT);
              }
            });
    clock.move(SECOND);
    long expected = 0;
    try (Cursor cursor = table.cursor()) {
      while (cursor.next()) {
        assertEquals(expected, cursor.longKey());
        expected += 3;
      }
    }
    assertEquals(3000, expected);
    try (Cursor cursor = table.cursor(KeyRange.all().reversed())) {
      while (cursor.next()) {
        expected -= 3;
        assertEquals(expected, cursor.longKey());
      }
    }
    assertEquals(0, expected);
    assertEquals(1000, table.count());
    assertEquals(1000, table.deleteRange(KeyRange.all()));
  }

  @Test
  void transaction_whileTimeGoesOn_keepsItsTime() {
    Table table = store().table("t");
    table.put(bytes("k"), bytes("v"), SHORT);
    try (ReadTxn txn = store().beginRead()) {
      clock.move(SECOND);
      assertEquals("v", text(txn.table("t").get(bytes("k"))));
      assertEquals(1, txn.table("t").count());
      assertEquals(List.of("k"), keys(txn.table("t")));
      assertEquals(SECOND, txn.table("t").timeLeft(bytes("k")));
      assertNull(table.get(bytes("k")));
      table.put(bytes("other"), bytes("v"));
      assertEquals("v", text(txn.table("t").get(bytes("k"))));
    }
    try (WriteTxn txn = store().beginWrite()) {
      txn.table("t").put(bytes("k"), bytes("w"), SHORT);
      clock.move(SECOND);
      assertEquals("w", text(txn.table("t").get(bytes("k"))));
      txn.commit();
    }
    assertNull(table.get(bytes("k")));
  }

  @Test
  void writes_onAnExpiredEntry_findNone() {
    Table table = store().table("t");
    String[] keys = {"put", "absent", "replace", "cas", "casNull", "delete", "deleteIf", "number"};
    putAll(table, SHORT, keys);
    table.put(bytes("number"), Keys.ofLong(5), SHORT);
    clock.move(SECOND);
    assertFalse(table.replace(bytes("replace"), bytes("x")));
    assertFalse(table.compareAndSet(bytes("cas"), bytes("cas"), bytes("x")));
    assertFalse(table.delete(bytes("deleteIf"), bytes("deleteIf")));
    assertFalse(table.expire(bytes("cas"), Expiry.NEVER));
    assertFalse(table.persist(bytes("cas")));
    try (WriteTxn txn = store().beginWrite()) {
      Table own = txn.table("t");
      assertTrue(own.put(bytes("put"), bytes("x")));
      assertTrue(own.putIfAbsent(bytes("absent"), bytes("x")));
      assertTrue(own.compareAndSet(bytes("casNull"), null, bytes("x")));
      assertFalse(own.delete(bytes("delete")));
      assertEquals(1, own.increment(bytes("number"), 1));
      txn.commit();
    }
    clock.move(SECOND);
    assertEquals(List.of("absent", "casNull", "number", "put"), keys(table));
  }

  @Test
  void append_behindExpiredEntries_isAccepted() {
    Table table = store().table("t");
    putAll(table, Expiry.NEVER, "a");
    putAll(table, SHORT, "x", "y");
    assertThrows(IllegalArgumentException.class, () -> table.append(bytes("c"), bytes("v")));
    clock.move(SECOND);
    table.append(bytes("c"), bytes("v"));
    assertEquals(List.of("a", "c"), keys(table));
  }

  @Test
  void expire_ofAnEntry_changesItsTimeAlone() {
    Table table = store().table("t", TableOptions.defaults().withExpiry(Duration.ofMinutes(1)));
    byte[] large = pattern(50_000, 3);
    byte[] longKey = pattern(5_000, 4);
    for (byte[] key : List.of(bytes("k"), longKey)) {
      for (byte[] value : List.of(bytes("v"), large, pattern(1_990, 9))) {
        table.put(key, value, SHORT);
        assertEquals(Expiry.at(clock.instant().plus(SECOND)), table.expiry(key));
        assertTrue(table.expire(key, Expiry.after(SECOND.multipliedBy(2))));
        assertEquals(SECOND.multipliedBy(2), table.timeLeft(key));
        assertTrue(table.touch(key));
        assertEquals(Duration.ofMinutes(1), table.timeLeft(key));
        assertTrue(table.persist(key));
        assertEquals(Expiry.NEVER, table.expiry(key));
        assertNull(table.timeLeft(key));
        assertArrayEquals(value, table.get(key));
        assertTrue(table.expire(key, SHORT));
        assertArrayEquals(value, table.get(key));
        assertClean(store().check());
      }
    }
    assertFalse(table.expire(bytes("none"), SHORT));
    assertFalse(store().table("none").expire(bytes("none"), SHORT));
    clock.move(SECOND);
    assertEquals(List.of(), keys(table));
  }

  @Test
  void put_inATableWithADefault_hasIt() throws IOException {
    Table table = store().table("t", TableOptions.defaults().withExpiry(SECOND));
    byte[] large = pattern(300_000, 1);
    table.put(bytes("put"), bytes("v"));
    boolean _ = table.put(bytes("stream"), new ByteArrayInputStream(large), large.length);
    table.append(bytes("zappend"), bytes("v"));
    table.putIfAbsent(bytes("absent"), bytes("v"));
    table.increment(bytes("number"), 1);
    table.put(bytes("kept"), bytes("v"), Expiry.NEVER);
    clock.move(SECOND.minusMillis(1));
    assertEquals(6, table.count());
    assertArrayEquals(large, table.get(bytes("stream")));
    table.increment(bytes("number"), 1);
    table.replace(bytes("put"), bytes("w"));
    clock.move(Duration.ofMillis(1));
    assertEquals(List.of("kept", "put"), keys(table));
  }

  @Test
  void put_withoutExpiryOverOneThatHasIt_takesItAway() {
    Table table = store().table("t");
    table.put(bytes("k"), bytes("v"), SHORT);
    assertFalse(table.put(bytes("k"), bytes("w")));
    clock.move(SECOND);
    assertEquals("w", text(table.get(bytes("k"))));
    assertEquals(1, table.count());
  }

  @Test
  void purge_byOtherWrites_deletesAndIsToldAsExpired() throws InterruptedException {
    Table table = store().table("t");
    putAll(table, SHORT, "a", "b");
    putAll(table, Expiry.NEVER, "c", "d");
    try (Watch watch = store().watch()) {
      clock.move(SECOND);
      table.delete(bytes("c"));
      try (Changes changes = watch.poll(Duration.ofSeconds(10))) {
        List<String> told = new ArrayList<>();
        while (changes != null && changes.next()) {
          told.add(changes.kind() + " " + text(changes.key()) + " " + changes.isExpired());
        }
        assertEquals(List.of("DELETE a true", "DELETE b true", "DELETE c false"), told);
      }
    }
    assertEquals(0, entriesOf("quire.expiry"));
  }

  /// Entries that are stored in a table, of the store's own, too.
  private long entriesOf(String table) {
    return store().check().entries().getOrDefault(table, 0L);
  }

  @Test
  @Timeout(60)
  void sweep_withoutAnyWrite_purges() throws InterruptedException {
    StoreOptions sweeping = options().withSweepPeriod(Duration.ofMillis(1));
    try (StoreForm other = newForm();
        Store swept = other.open(sweeping);
        Watch watch = swept.watch()) {
      for (int i = 0; i < 3; i++) {
        swept.table("t").put(bytes("k" + i), bytes("v"), SHORT);
      }
      swept.table("t").put(bytes("kept"), bytes("v"));
      clock.move(SECOND);
      int expired = 0;
      while (swept.check().entries().get("t") > 1) {
        try (Changes changes = watch.poll(Duration.ofMillis(100))) {
          while (changes != null && changes.next()) {
            expired += changes.kind() == Changes.Kind.DELETE && changes.isExpired() ? 1 : 0;
          }
        }
      }
      assertTrue(expired <= 3);
      assertEquals(List.of("kept"), keys(swept.table("t")));
      assertClean(swept.check());
    }
  }

  @Test
  void purge_ofMany_isBounded() {
    Table table = store().table("t");
    store()
        .write(
            txn -> {
              for (int i = 0; i < 2000; i++) {
                boolean _ = txn.table("t").put(Keys.ofLong(i), bytes("v"), SHORT);
              }
            });
    clock.move(SECOND);
    table.put(bytes("x"), bytes("v"));
    long left = entriesOf("quire.expiry");
    assertTrue(left < 2000 && left > 1900, "left " + left);
    assertEquals(left + 1, entriesOf("t"));
    assertEquals(1, table.count());
    for (int i = 0; i < 100; i++) {
      table.put(bytes("x"), bytes("v" + i));
    }
    assertEquals(0, entriesOf("quire.expiry"));
    assertEquals(1, entriesOf("t"));
  }

  @Test
  void drop_clearAndDeleteRange_leaveNothingInTheIndex() {
    for (String name : List.of("dropped", "cleared", "cut", "kept")) {
      Table _ = store().table(name);
      store()
          .write(
              txn -> {
                for (int i = 0; i < 3000; i++) {
                  boolean _ = txn.table(name).put(Keys.ofLong(i), pattern(100, i), SHORT);
                }
              });
    }
    assertTrue(store().dropTable("dropped"));
    store().table("cleared").clear();
    KeyRange most = KeyRange.between(Keys.ofLong(10), true, Keys.ofLong(2989), true);
    assertEquals(2980, store().table("cut").deleteRange(most));
    assertClean(store().check());
    for (int i = 0; i < 4; i++) {
      store().table("other").put(bytes("k"), bytes("v" + i));
      assertClean(store().check());
    }
    assertEquals(3020, entriesOf("quire.expiry"));
    store().table("dropped").put(bytes("k"), bytes("v"), SHORT);
    assertEquals(1, store().table("dropped").count());
    clock.move(SECOND);
    assertEquals(0, store().table("kept").deleteRange(most));
  }

  @Test
  void savepoint_rolledBack_bringsExpiriesBack() {
    Table table = store().table("t");
    putAll(table, SHORT, "a", "b");
    try (WriteTxn txn = store().beginWrite()) {
      Table own = txn.table("t");
      Savepoint savepoint = txn.savepoint();
      own.put(bytes("a"), bytes("x"), Expiry.NEVER);
      own.delete(bytes("b"));
      own.put(bytes("c"), bytes("x"), SHORT);
      txn.table("new").put(bytes("c"), bytes("x"), SHORT);
      savepoint.rollback();
      assertEquals(List.of("a", "b"), keys(own));
      txn.commit();
    }
    assertEquals(2, entriesOf("quire.expiry"));
    try (WriteTxn txn = store().beginWrite()) {
      txn.table("t").persist(bytes("a"));
      txn.rollback();
    }
    clock.move(SECOND);
    assertEquals(List.of(), keys(table));
  }

  @Test
  void clock_stepsBack_showsWhatIsNotPurged() {
    Table table = store().table("t");
    putAll(table, SHORT, "a");
    clock.move(SECOND);
    assertFalse(table.contains(bytes("a")));
    clock.move(SECOND.negated());
    assertTrue(table.contains(bytes("a")));
    clock.move(SECOND);
    table.put(bytes("b"), bytes("v"));
    clock.move(SECOND.negated());
    assertEquals(List.of("b"), keys(table));
    table.put(bytes("a"), bytes("v"), SHORT);
    assertTrue(table.contains(bytes("a")));
  }

  @Test
  void reopen_withExpiringEntries_keepsThem() {
    Table table = store().table("t");
    putAll(table, SHORT, "a");
    putAll(table, Expiry.at(clock.instant().plus(SECOND.multipliedBy(2))), "b");
    clock.move(SECOND);
    if (form().survivesClose()) {
      reopen();
      assertEquals(List.of("b"), keys(store().table("t")));
      clock.move(SECOND);
      assertEquals(0, store().table("t").count());
    }
  }

  @Test
  void keys_ofTheGreatestLength_canExpire() {
    Table table = store().table("t");
    byte[] key = pattern(65_536, 1);
    table.put(key, bytes("v"), SHORT);
    assertEquals("v", text(table.get(key)));
    clock.move(SECOND);
    assertNull(table.get(key));
    assertTrue(table.put(key, bytes("v")));
    assertEquals(0, entriesOf("quire.expiry"));
  }

  @Test
  void expiry_outOfRange_isRefused() {
    assertRefused("PT0S", () -> Expiry.after(Duration.ZERO));
    assertRefused("PT-1S", () -> Expiry.after(SECOND.negated()));
    assertRefused("allowed", () -> Expiry.after(Duration.ofSeconds(Long.MAX_VALUE)));
    assertRefused("1970", () -> Expiry.at(Instant.EPOCH));
    assertRefused("1970", () -> Expiry.at(Instant.MAX));
    assertRefused("1970", () -> Expiry.at(Instant.MIN));
    Table table = store().table("t");
    table.put(bytes("max"), bytes("v"), Expiry.after(Expiry.MAX_LIFE));
    table.put(bytes("nano"), bytes("v"), Expiry.after(Duration.ofNanos(1)));
    table.put(bytes("past"), bytes("v"), Expiry.at(Instant.ofEpochMilli(1)));
    assertEquals(List.of("max", "nano"), keys(table));
    clock.move(Duration.ofMillis(1));
    assertEquals(List.of("max"), keys(table));
  }
}

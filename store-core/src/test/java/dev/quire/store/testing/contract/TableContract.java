package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.KeyRange;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.TableStats;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Tables: their names, one entry at a time, ranges of entries, counts.
public abstract class TableContract extends StoreContract {

  protected TableContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  private Table table() {
    return store().table("t");
  }

  // -- tables -------------------------------------------------------------------------------------

  @Test
  void tables_newStore_isEmpty() {
    assertEquals(List.of(), store().tables());
  }

  @Test
  void tables_severalWritten_areListedInOrder() {
    putAll(store().table("b"), "k=v");
    putAll(store().table("a"), "k=v");
    putAll(store().table("\u00e4"), "k=v");
    assertEquals(List.of("a", "b", "\u00e4"), store().tables());
  }

  @Test
  void table_neverWritten_readsAsEmptyAndIsNotMade() {
    Table table = table();
    assertNull(table.get(bytes("k")));
    assertEquals(0, table.count());
    assertEquals(0, table.estimate(KeyRange.all()));
    assertEquals(List.of(), entries(table, KeyRange.all()));
    assertNull(table.stats());
    assertFalse(table.delete(bytes("k")));
    assertEquals(0, table.deleteRange(KeyRange.all()));
    table.clear();
    assertEquals(List.of(), store().tables());
  }

  @Test
  void table_withOptions_isMadeAtOnce() {
    Table table = store().table("numbers", TableOptions.defaults().withIntegerKeys(true));
    assertEquals(List.of("numbers"), store().tables());
    TableStats stats = table.stats();
    assertNotNull(stats);
    assertTrue(stats.options().integerKeys());
    assertEquals(0, stats.entries());
  }

  @Test
  void table_existingWithTheSameOptions_isTheSameTable() {
    putAll(table(), "k=v");
    assertEquals("v", text(store().table("t", TableOptions.defaults()).get(bytes("k"))));
  }

  @Test
  void table_existingWithOtherOptions_isRefused() {
    putAll(table(), "k=v");
    TableOptions other = TableOptions.defaults().withIntegerKeys(true);
    assertThrows(IllegalArgumentException.class, () -> store().table("t", other));
  }

  @Test
  void table_twoNames_areIndependent() {
    putAll(store().table("a"), "k=1");
    putAll(store().table("b"), "k=2");
    assertEquals("1", text(store().table("a").get(bytes("k"))));
    assertEquals("2", text(store().table("b").get(bytes("k"))));
  }

  @Test
  void tables_hundreds_areAllThere() {
    store()
        .write(
            txn -> {
              for (int i = 0; i < 500; i++) {
                putAll(txn.table("table-%03d".formatted(i)), "k=" + i);
              }
            });
    assertEquals(500, store().tables().size());
    assertEquals("321", text(store().table("table-321").get(bytes("k"))));
  }

  @Test
  void dropTable_existing_removesItAndItsEntries() {
    putAll(table(), "k=v");
    assertTrue(store().dropTable("t"));
    assertEquals(List.of(), store().tables());
    assertNull(table().get(bytes("k")));
  }

  @Test
  void dropTable_absent_returnsFalse() {
    assertFalse(store().dropTable("t"));
  }

  @Test
  void table_heldWhileDropped_isMadeAnewByTheNextWrite() {
    Table table = table();
    putAll(table, "old=1");
    store().dropTable("t");
    putAll(table, "new=2");
    assertEquals(List.of("new"), keys(table));
  }

  // -- one entry ----------------------------------------------------------------------------------

  @Test
  void put_newKey_returnsTrueAndIsRead() {
    assertTrue(table().put(bytes("k"), bytes("v")));
    assertEquals("v", text(table().get(bytes("k"))));
    assertTrue(table().contains(bytes("k")));
    assertEquals(1, table().count());
  }

  @Test
  void put_existingKey_replacesTheValue() {
    table().put(bytes("k"), bytes("first"));
    assertFalse(table().put(bytes("k"), bytes("second, longer")));
    assertEquals("second, longer", text(table().get(bytes("k"))));
    assertEquals(1, table().count());
  }

  @Test
  void put_emptyKeyAndEmptyValue_areAnEntry() {
    assertTrue(table().put(new byte[0], new byte[0]));
    byte[] value = table().get(new byte[0]);
    assertNotNull(value);
    assertEquals(0, value.length);
    assertEquals(0, table().valueLength(new byte[0]));
    assertEquals(List.of("="), entries(table(), KeyRange.all()));
    assertTrue(table().delete(new byte[0]));
    assertEquals(0, table().count());
  }

  @Test
  void put_argumentsChangedAfterwards_doNotChangeTheEntry() {
    byte[] key = bytes("key");
    byte[] value = bytes("value");
    table().put(key, value);
    key[0] = 'x';
    value[0] = 'x';
    assertEquals(List.of("key=value"), entries(table(), KeyRange.all()));
  }

  @Test
  void get_resultChanged_doesNotChangeTheEntry() {
    putAll(table(), "k=value");
    byte[] copy = table().get(bytes("k"));
    assertNotNull(copy);
    copy[0] = 'x';
    assertEquals("value", text(table().get(bytes("k"))));
  }

  @Test
  void get_keysThatShareAPrefix_areToldApart() {
    putAll(table(), "a=1", "ab=2", "abc=3", "b=4");
    assertNull(table().get(bytes("")));
    assertEquals("1", text(table().get(bytes("a"))));
    assertEquals("2", text(table().get(bytes("ab"))));
    assertEquals("3", text(table().get(bytes("abc"))));
    assertNull(table().get(bytes("abcd")));
  }

  @Test
  void get_keyWithTrailingZeros_isNotTheShorterKey() {
    table().put(new byte[] {1}, bytes("one"));
    table().put(new byte[] {1, 0}, bytes("two"));
    assertEquals("one", text(table().get(new byte[] {1})));
    assertEquals("two", text(table().get(new byte[] {1, 0})));
    assertNull(table().get(new byte[] {1, 0, 0}));
  }

  @Test
  void get_withReader_readsInPlace() {
    putAll(table(), "k=value");
    Long length = table().get(bytes("k"), MemorySegment::byteSize);
    assertEquals(5L, length);
    assertNull(table().get(bytes("absent"), MemorySegment::byteSize));
  }

  @Test
  void get_withReader_segmentIsReadOnly() {
    putAll(table(), "k=value");
    table()
        .get(
            bytes("k"),
            segment -> {
              assertTrue(segment.isReadOnly());
              return null;
            });
  }

  @Test
  void get_readerThrows_itsExceptionPassesUnchanged() {
    putAll(table(), "k=v");
    IOException thrown = new IOException("the reader's own");
    IOException caught =
        assertThrows(
            IOException.class,
            () ->
                table()
                    .get(
                        bytes("k"),
                        segment -> {
                          throw thrown;
                        }));
    assertEquals(thrown, caught);
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> table().get(bytes("k"), segment -> segment.get(ValueLayout.JAVA_BYTE, 9)));
    assertEquals("v", text(table().get(bytes("k"))));
  }

  @Test
  void getInto_targets_shorterEqualAndLonger() {
    putAll(table(), "k=value");
    byte[] equal = new byte[5];
    assertEquals(5, table().getInto(bytes("k"), equal));
    assertEquals("value", text(equal));
    byte[] shorter = new byte[3];
    assertEquals(5, table().getInto(bytes("k"), shorter));
    assertEquals("val", text(shorter));
    byte[] longer = bytes("........");
    assertEquals(5, table().getInto(bytes("k"), longer));
    assertEquals("value...", text(longer));
  }

  @Test
  void getInto_absentKey_leavesTheTarget() {
    byte[] target = bytes("....");
    assertEquals(-1, table().getInto(bytes("absent"), target));
    assertEquals("....", text(target));
  }

  @Test
  void get_part_isCutAtTheEnd() {
    putAll(table(), "k=0123456789");
    assertEquals("345", text(table().get(bytes("k"), 3, 3)));
    assertEquals("89", text(table().get(bytes("k"), 8, 5)));
    assertEquals("", text(table().get(bytes("k"), 10, 5)));
    assertEquals("", text(table().get(bytes("k"), Long.MAX_VALUE, 5)));
    assertEquals("", text(table().get(bytes("k"), 0, 0)));
    assertNull(table().get(bytes("absent"), 0, 1));
  }

  @Test
  void valueLength_presentAndAbsent_areTold() {
    putAll(table(), "k=value");
    assertEquals(5, table().valueLength(bytes("k")));
    assertEquals(-1, table().valueLength(bytes("absent")));
    assertFalse(table().contains(bytes("absent")));
  }

  @Test
  void putIfAbsent_setsOnlyOnce() {
    assertTrue(table().putIfAbsent(bytes("k"), bytes("first")));
    assertFalse(table().putIfAbsent(bytes("k"), bytes("second")));
    assertEquals("first", text(table().get(bytes("k"))));
    assertEquals(1, table().count());
  }

  @Test
  void append_greaterKeys_areAdded() {
    table().append(bytes("a"), bytes("1"));
    table().append(bytes("b"), bytes("2"));
    assertEquals(List.of("a=1", "b=2"), entries(table(), KeyRange.all()));
  }

  @Test
  void append_keyNotGreater_isRefusedAndChangesNothing() {
    putAll(table(), "b=1");
    assertThrows(IllegalArgumentException.class, () -> table().append(bytes("a"), bytes("2")));
    assertThrows(IllegalArgumentException.class, () -> table().append(bytes("b"), bytes("2")));
    assertEquals(List.of("b=1"), entries(table(), KeyRange.all()));
  }

  @Test
  void delete_presentThenAbsent() {
    putAll(table(), "a=1", "b=2");
    assertTrue(table().delete(bytes("a")));
    assertFalse(table().delete(bytes("a")));
    assertNull(table().get(bytes("a")));
    assertEquals(List.of("b"), keys(table()));
  }

  @Test
  void segments_keysAndValues_areTheSameAsArrays() {
    MemorySegment memory = MemorySegment.ofArray(bytes("xxkeyvalue"));
    MemorySegment key = memory.asSlice(2, 3);
    assertTrue(table().put(key, memory.asSlice(5, 5)));
    assertEquals("value", text(table().get(bytes("key"))));
    assertEquals("value", text(table().get(key)));
    assertTrue(table().contains(key));
    Long length = table().get(key, MemorySegment::byteSize);
    assertEquals(5L, length);
    assertTrue(table().delete(key));
    assertFalse(table().contains(key));
  }

  // -- many entries -------------------------------------------------------------------------------

  @Test
  void order_isThatOfUnsignedBytes() {
    store()
        .write(
            txn -> {
              for (int i = 255; i >= 0; i--) {
                txn.table("t").put(new byte[] {(byte) i}, new byte[] {(byte) i});
              }
            });
    int expected = 0;
    try (var cursor = table().cursor()) {
      while (cursor.next()) {
        assertArrayEquals(new byte[] {(byte) expected}, cursor.key());
        assertArrayEquals(new byte[] {(byte) expected}, cursor.valueBytes());
        expected++;
      }
    }
    assertEquals(256, expected);
  }

  @Test
  void put_thousandsOfKeys_areAllFoundAndOrdered() {
    TreeSet<String> expected = new TreeSet<>();
    store()
        .write(
            txn -> {
              for (int i = 0; i < 20_000; i++) {
                String key = Integer.toHexString(i * 0x9E37_79B1);
                expected.add(key);
                txn.table("t").put(bytes(key), bytes("value of " + key));
              }
            });
    assertEquals(List.copyOf(expected), keys(table()));
    for (String key : expected) {
      assertEquals("value of " + key, text(table().get(bytes(key))));
    }
    assertNull(table().get(bytes("zzz")));
  }

  @Test
  void delete_everyOtherOfThousands_leavesTheRest() {
    store()
        .write(
            txn -> {
              for (int i = 0; i < 10_000; i++) {
                putAll(txn.table("t"), "key-%05d=%d".formatted(i, i));
              }
            });
    store()
        .write(
            txn -> {
              for (int i = 0; i < 10_000; i += 2) {
                assertTrue(txn.table("t").delete(bytes("key-%05d".formatted(i))));
              }
            });
    assertEquals(5_000, table().count());
    assertNull(table().get(bytes("key-04000")));
    assertEquals("4001", text(table().get(bytes("key-04001"))));
  }

  @Test
  void deleteRange_ends_areInTheRangeOrNot() {
    putAll(table(), "a=1", "b=2", "c=3", "d=4", "e=5");
    assertEquals(2, table().deleteRange(KeyRange.between(bytes("b"), bytes("d"))));
    assertEquals(List.of("a", "d", "e"), keys(table()));
    assertEquals(1, table().deleteRange(KeyRange.greaterThan(bytes("d"))));
    assertEquals(1, table().deleteRange(KeyRange.atMost(bytes("c"))));
    assertEquals(List.of("d"), keys(table()));
    assertEquals(0, table().deleteRange(KeyRange.between(bytes("x"), bytes("b"))));
    assertEquals(1, table().deleteRange(KeyRange.all().reversed()));
    assertEquals(0, table().count());
  }

  @Test
  void deleteRange_mostOfALargeTable_countsWhatItDeletes() {
    store()
        .write(
            txn -> {
              for (int i = 0; i < 20_000; i++) {
                putAll(txn.table("t"), "key-%05d=%d".formatted(i, i));
              }
            });
    KeyRange range = KeyRange.between(bytes("key-00100"), bytes("key-19900"));
    assertEquals(19_800, table().deleteRange(range));
    assertEquals(200, table().count());
    assertEquals(200, keys(table()).size());
  }

  @Test
  void clear_manyEntries_leavesAnEmptyTable() {
    store()
        .write(
            txn -> {
              for (int i = 0; i < 5_000; i++) {
                putAll(txn.table("t"), "key-" + i + "=v");
              }
            });
    table().clear();
    assertEquals(0, table().count());
    assertEquals(List.of("t"), store().tables());
    putAll(table(), "k=v");
    assertEquals(List.of("k"), keys(table()));
  }

  @Test
  void estimate_ranges_areNearTheTruth() {
    store()
        .write(
            txn -> {
              for (int i = 0; i < 10_000; i++) {
                putAll(txn.table("t"), "key-%05d=some value".formatted(i));
              }
            });
    assertEquals(10_000, table().estimate(KeyRange.all()));
    long half = table().estimate(KeyRange.atLeast(bytes("key-05000")));
    assertTrue(half > 2_500 && half < 10_000, () -> "half of 10,000 estimated as " + half);
    assertEquals(0, table().estimate(KeyRange.atLeast(bytes("z"))));
    assertEquals(0, table().estimate(KeyRange.between(bytes("z"), bytes("a"))));
  }

  @Test
  void stats_largeTable_tellItsShape() {
    store()
        .write(
            txn -> {
              for (int i = 0; i < 10_000; i++) {
                putAll(txn.table("t"), "key-%05d=some value".formatted(i));
              }
            });
    TableStats stats = table().stats();
    assertNotNull(stats);
    assertEquals("t", stats.name());
    assertEquals(10_000, stats.entries());
    assertTrue(stats.depth() >= 2, stats::toString);
    assertTrue(stats.leafPages() > stats.branchPages() && stats.branchPages() > 0, stats::toString);
    assertEquals(0, stats.overflowPages());
    assertEquals(stats.leafPages() + stats.branchPages(), stats.pages());
  }
}

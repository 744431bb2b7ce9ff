package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Keys;
import dev.quire.store.ReadTxn;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Numbers as keys, in tables made for them and in others.
public abstract class IntegerTableContract extends StoreContract {

  private static final TableOptions INTEGERS = TableOptions.defaults().withIntegerKeys(true);

  protected IntegerTableContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  private Table integers() {
    return store().table("integers", INTEGERS);
  }

  private List<Long> numbers(Table table, KeyRange range) {
    List<Long> found = new ArrayList<>();
    try (Cursor cursor = table.cursor(range)) {
      while (cursor.next()) {
        found.add(cursor.longKey());
      }
    }
    return found;
  }

  private void fill(long count) {
    Table unused = integers();
    store()
        .write(
            txn -> {
              for (long i = 0; i < count; i++) {
                txn.table("integers").put(i * 10, Keys.ofLong(i));
              }
            });
  }

  @Test
  void longKeys_everyMethod_inBothKindsOfTable() {
    for (Table table : List.of(integers(), store().table("bytes"))) {
      assertTrue(table.put(7, bytes("seven")));
      assertFalse(table.put(7, bytes("Seven")));
      assertFalse(table.putIfAbsent(7, bytes("SEVEN")));
      assertTrue(table.putIfAbsent(3, bytes("three")));
      table.append(9, bytes("nine"));
      assertThrows(IllegalArgumentException.class, () -> table.append(9, bytes("again")));
      assertEquals("Seven", text(table.get(7)));
      assertNull(table.get(8));
      Long length = table.get(3, MemorySegment::byteSize);
      assertEquals(5L, length);
      byte[] target = new byte[5];
      assertEquals(4, table.getInto(9, target));
      assertEquals(-1, table.getInto(10, target));
      assertTrue(table.contains(3));
      assertFalse(table.contains(4));
      assertEquals(List.of(3L, 7L, 9L), numbers(table, KeyRange.all()));
      assertTrue(table.delete(3));
      assertFalse(table.delete(3));
      assertEquals(2, table.count());
      try (ReadTxn txn = store().beginRead()) {
        MemorySegment view = txn.table(table.name()).view(7);
        assertEquals(5, view == null ? -1 : view.byteSize());
        assertNull(txn.table(table.name()).view(8));
      }
    }
  }

  @Test
  void integerTable_arraysOfEightBytes_areTheSameKeys() {
    integers().put(258, bytes("v"));
    assertEquals("v", text(integers().get(new byte[] {0, 0, 0, 0, 0, 0, 1, 2})));
    integers().put(new byte[] {0, 0, 0, 0, 0, 0, 1, 3}, bytes("w"));
    assertEquals("w", text(integers().get(259)));
  }

  @Test
  void integerTable_order_isUnsigned() {
    for (long key : new long[] {-1, 0, Long.MAX_VALUE, Long.MIN_VALUE, 1}) {
      integers().put(key, Keys.ofLong(key));
    }
    assertEquals(
        List.of(0L, 1L, Long.MAX_VALUE, Long.MIN_VALUE, -1L), numbers(integers(), KeyRange.all()));
  }

  @Test
  void integerTable_manyKeys_areFoundInAnyOrder() {
    fill(30_000);
    assertEquals(30_000, integers().count());
    for (long i = 0; i < 30_000; i += 7) {
      assertArrayEquals(Keys.ofLong(i), integers().get(i * 10));
      assertNull(integers().get(i * 10 + 1));
    }
  }

  @Test
  void integerTable_seeks_findNeighbours() {
    fill(10_000);
    try (Cursor cursor = integers().cursor()) {
      assertTrue(cursor.seekAtLeast(501));
      assertEquals(510, cursor.longKey());
      assertTrue(cursor.previous());
      assertEquals(500, cursor.longKey());
      assertTrue(cursor.seekAtMost(509));
      assertEquals(500, cursor.longKey());
      assertTrue(cursor.seekAtMost(Long.MAX_VALUE));
      assertEquals(99_990, cursor.longKey());
      assertFalse(cursor.seekAtLeast(99_991));
    }
  }

  @Test
  void integerTable_rangesWithEndsOfOtherLengths_holdTheKeysTheyShould() {
    fill(100);
    byte[] shorter = {0, 0, 0, 0, 0, 0, 1};
    byte[] longer = {0, 0, 0, 0, 0, 0, 1, 4, 0};
    assertEquals(List.of(260L, 270L), numbers(integers(), KeyRange.prefix(shorter)).subList(0, 2));
    assertEquals(26, numbers(integers(), KeyRange.lessThan(shorter)).size());
    assertEquals(270L, numbers(integers(), KeyRange.atLeast(longer)).getFirst());
    assertEquals(260L, numbers(integers(), KeyRange.lessThan(longer)).getLast());
    assertEquals(27, integers().deleteRange(KeyRange.lessThan(longer)));
    assertEquals(270L, numbers(integers(), KeyRange.all()).getFirst());
  }

  @Test
  void integerTable_deleteRange_countsAndLeavesTheRest() {
    fill(20_000);
    KeyRange range = KeyRange.between(Keys.ofLong(1_000), Keys.ofLong(199_000));
    assertEquals(19_800, integers().deleteRange(range));
    assertEquals(200, integers().count());
    assertEquals(200, numbers(integers(), KeyRange.all()).size());
  }

  @Test
  void integerTable_keyOfAnotherLength_isRefused() {
    Table table = integers();
    byte[] seven = new byte[7];
    byte[] value = bytes("v");
    assertThrows(IllegalArgumentException.class, () -> table.put(seven, value));
    assertThrows(IllegalArgumentException.class, () -> table.putIfAbsent(seven, value));
    assertThrows(IllegalArgumentException.class, () -> table.append(new byte[9], value));
    assertThrows(IllegalArgumentException.class, () -> table.get(seven));
    assertThrows(IllegalArgumentException.class, () -> table.delete(new byte[0]));
    try (Cursor cursor = table.cursor()) {
      assertThrows(IllegalArgumentException.class, () -> cursor.seekAtLeast(seven));
    }
    assertEquals(0, table.count());
  }

  @Test
  void longKey_keyOfAnotherLength_isRefused() {
    putAll(store().table("bytes"), "short=v");
    try (Cursor cursor = store().table("bytes").cursor()) {
      assertTrue(cursor.next());
      assertThrows(IllegalArgumentException.class, cursor::longKey);
    }
  }
}

package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Table;
import dev.quire.store.WriteTxn;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Cursors: moves, ranges in both directions, changes under way.
public abstract class CursorContract extends StoreContract {

  protected CursorContract(Supplier<StoreForm> newForm) {
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

  private void putLetters() {
    putAll(table(), "b=1", "d=2", "f=3", "h=4");
  }

  private static String at(Cursor cursor) {
    return String.valueOf(text(cursor.key()));
  }

  private List<String> keys(KeyRange range) {
    List<String> found = new ArrayList<>();
    try (Cursor cursor = table().cursor(range)) {
      while (cursor.next()) {
        found.add(at(cursor));
      }
    }
    return found;
  }

  // -- moves --------------------------------------------------------------------------------------

  @Test
  void next_newCursor_goesThroughEverything() {
    putLetters();
    assertEquals(List.of("b", "d", "f", "h"), keys(KeyRange.all()));
  }

  @Test
  void previous_newCursor_goesFromTheLast() {
    putLetters();
    try (Cursor cursor = table().cursor()) {
      assertFalse(cursor.isValid());
      assertTrue(cursor.previous());
      assertEquals("h", at(cursor));
      assertTrue(cursor.previous());
      assertEquals("f", at(cursor));
    }
  }

  @Test
  void next_pastTheEnd_staysThereAndPreviousComesBack() {
    putLetters();
    try (Cursor cursor = table().cursor()) {
      assertTrue(cursor.last());
      assertFalse(cursor.next());
      assertFalse(cursor.isValid());
      assertFalse(cursor.next());
      assertTrue(cursor.previous());
      assertEquals("h", at(cursor));
    }
  }

  @Test
  void previous_beforeTheBeginning_staysThereAndNextComesBack() {
    putLetters();
    try (Cursor cursor = table().cursor()) {
      assertTrue(cursor.first());
      assertFalse(cursor.previous());
      assertFalse(cursor.previous());
      assertTrue(cursor.next());
      assertEquals("b", at(cursor));
    }
  }

  @Test
  void seek_betweenBeforeAndBeyond() {
    putLetters();
    try (Cursor cursor = table().cursor()) {
      assertTrue(cursor.seekAtLeast(bytes("c")));
      assertEquals("d", at(cursor));
      assertTrue(cursor.seekAtLeast(bytes("d")));
      assertEquals("d", at(cursor));
      assertTrue(cursor.seekAtLeast(bytes("")));
      assertEquals("b", at(cursor));
      assertFalse(cursor.seekAtLeast(bytes("i")));
      assertTrue(cursor.previous());
      assertEquals("h", at(cursor));
      assertTrue(cursor.seekAtMost(bytes("e")));
      assertEquals("d", at(cursor));
      assertTrue(cursor.seekAtMost(bytes("z")));
      assertEquals("h", at(cursor));
      assertFalse(cursor.seekAtMost(bytes("a")));
      assertTrue(cursor.next());
      assertEquals("b", at(cursor));
    }
  }

  @Test
  void moves_emptyTable_findNothing() {
    try (Cursor cursor = table().cursor()) {
      assertFalse(cursor.first());
      assertFalse(cursor.last());
      assertFalse(cursor.next());
      assertFalse(cursor.previous());
      assertFalse(cursor.seekAtLeast(bytes("a")));
      assertFalse(cursor.seekAtMost(bytes("a")));
      assertFalse(cursor.isValid());
    }
  }

  @Test
  void entry_allForms_areTheSame() {
    putAll(table(), "key=value");
    try (Cursor cursor = table().cursor()) {
      assertTrue(cursor.next());
      assertEquals("key", text(cursor.key()));
      byte[] target = bytes(".....");
      assertEquals(3, cursor.keyInto(target));
      assertEquals("key..", text(target));
      byte[] shorter = new byte[2];
      assertEquals(3, cursor.keyInto(shorter));
      assertEquals("ke", text(shorter));
      assertEquals("value", text(cursor.valueBytes()));
      assertEquals("value", text(cursor.value().toArray(ValueLayout.JAVA_BYTE)));
      assertTrue(cursor.value().isReadOnly());
      assertEquals(5, cursor.valueLength());
      assertEquals(5, cursor.valueInto(shorter));
      assertEquals("va", text(shorter));
    }
  }

  @Test
  void entry_noEntry_isRefused() {
    putLetters();
    try (Cursor cursor = table().cursor()) {
      assertThrows(IllegalStateException.class, cursor::key);
      assertThrows(IllegalStateException.class, cursor::value);
      assertThrows(IllegalStateException.class, cursor::valueBytes);
      assertThrows(IllegalStateException.class, cursor::valueLength);
      assertThrows(IllegalStateException.class, cursor::longKey);
      assertThrows(IllegalStateException.class, () -> cursor.keyInto(new byte[1]));
      assertThrows(IllegalStateException.class, () -> cursor.valueInto(new byte[1]));
      assertTrue(cursor.last());
      assertFalse(cursor.next());
      assertThrows(IllegalStateException.class, cursor::key);
    }
  }

  // -- ranges -------------------------------------------------------------------------------------

  @Test
  void ranges_everyKind_holdWhatTheySay() {
    putLetters();
    byte[] d = bytes("d");
    byte[] f = bytes("f");
    assertEquals(List.of("d", "f", "h"), keys(KeyRange.atLeast(d)));
    assertEquals(List.of("f", "h"), keys(KeyRange.greaterThan(d)));
    assertEquals(List.of("b", "d"), keys(KeyRange.atMost(d)));
    assertEquals(List.of("b"), keys(KeyRange.lessThan(d)));
    assertEquals(List.of("d"), keys(KeyRange.between(d, f)));
    assertEquals(List.of("d", "f"), keys(KeyRange.between(d, true, f, true)));
    assertEquals(List.of("f"), keys(KeyRange.between(d, false, f, true)));
    assertEquals(List.of(), keys(KeyRange.between(d, false, f, false)));
    assertEquals(List.of("d"), keys(KeyRange.between(d, true, d, true)));
    assertEquals(List.of(), keys(KeyRange.between(d, false, d, true)));
    assertEquals(List.of(), keys(KeyRange.between(f, d)));
    assertEquals(List.of("f", "h"), keys(KeyRange.atLeast(bytes("e"))));
    assertEquals(List.of(), keys(KeyRange.atLeast(bytes("i"))));
    assertEquals(List.of(), keys(KeyRange.lessThan(bytes("a"))));
  }

  @Test
  void ranges_reversed_areWalkedBackwards() {
    putLetters();
    assertEquals(List.of("h", "f", "d", "b"), keys(KeyRange.all().reversed()));
    assertEquals(List.of("d", "b"), keys(KeyRange.atMost(bytes("d")).reversed()));
    assertEquals(List.of("f", "d"), keys(KeyRange.between(bytes("c"), bytes("h")).reversed()));
    assertEquals(List.of("b", "d"), keys(KeyRange.atMost(bytes("d")).reversed().reversed()));
  }

  @Test
  void prefix_includingAllOnes_holdsExactlyItsKeys() {
    table().put(new byte[] {1}, bytes("a"));
    table().put(new byte[] {1, (byte) 0xFF}, bytes("b"));
    table().put(new byte[] {1, (byte) 0xFF, (byte) 0xFF}, bytes("c"));
    table().put(new byte[] {2}, bytes("d"));
    table().put(new byte[] {(byte) 0xFF}, bytes("e"));
    table().put(new byte[] {(byte) 0xFF, (byte) 0xFF}, bytes("f"));
    assertEquals(2, keys(KeyRange.prefix(new byte[] {1, (byte) 0xFF})).size());
    assertEquals(3, keys(KeyRange.prefix(new byte[] {1})).size());
    assertEquals(2, keys(KeyRange.prefix(new byte[] {(byte) 0xFF})).size());
    assertEquals(1, keys(KeyRange.prefix(new byte[] {(byte) 0xFF, (byte) 0xFF})).size());
    assertEquals(6, keys(KeyRange.prefix(new byte[0])).size());
    assertEquals(0, keys(KeyRange.prefix(new byte[] {3})).size());
  }

  @Test
  void moves_insideARange_stayInside() {
    putLetters();
    KeyRange middle = KeyRange.between(bytes("c"), bytes("g"));
    try (Cursor cursor = table().cursor(middle)) {
      assertTrue(cursor.first());
      assertEquals("d", at(cursor));
      assertFalse(cursor.previous());
      assertTrue(cursor.last());
      assertEquals("f", at(cursor));
      assertTrue(cursor.seekAtLeast(bytes("a")));
      assertEquals("d", at(cursor));
      assertFalse(cursor.seekAtLeast(bytes("g")));
      assertTrue(cursor.seekAtMost(bytes("z")));
      assertEquals("f", at(cursor));
      assertFalse(cursor.seekAtMost(bytes("c")));
    }
    try (Cursor cursor = table().cursor(middle.reversed())) {
      assertTrue(cursor.first());
      assertEquals("f", at(cursor));
      assertTrue(cursor.seekAtLeast(bytes("a")));
      assertEquals("d", at(cursor));
      assertFalse(cursor.next());
      assertTrue(cursor.previous());
      assertEquals("d", at(cursor));
      assertTrue(cursor.previous());
      assertEquals("f", at(cursor));
      assertFalse(cursor.previous());
    }
  }

  @Test
  void rangeEnds_notInTheTable_areFoundByTheirOrder() {
    putLetters();
    KeyRange exclusive = KeyRange.between(bytes("b"), false, bytes("h"), false);
    try (Cursor cursor = table().cursor(exclusive)) {
      assertTrue(cursor.seekAtLeast(bytes("b")));
      assertEquals("d", at(cursor));
      assertTrue(cursor.seekAtMost(bytes("h")));
      assertEquals("f", at(cursor));
    }
  }

  @Test
  void largeTable_bothDirections_meetEveryEntryOnce() {
    store()
        .write(
            txn -> {
              for (int i = 0; i < 20_000; i++) {
                putAll(txn.table("t"), "key-%05d=%d".formatted(i, i));
              }
            });
    try (Cursor cursor = table().cursor()) {
      for (int i = 0; i < 20_000; i++) {
        assertTrue(cursor.next());
        assertEquals(Integer.toString(i), text(cursor.valueBytes()));
      }
      assertFalse(cursor.next());
      for (int i = 19_999; i >= 0; i--) {
        assertTrue(cursor.previous());
        assertEquals("key-%05d".formatted(i), at(cursor));
      }
      assertFalse(cursor.previous());
    }
  }

  // -- changes ------------------------------------------------------------------------------------

  @Test
  void delete_atCursor_nextGoesToTheNeighbour() {
    putLetters();
    try (WriteTxn txn = store().beginWrite();
        Cursor cursor = txn.table("t").cursor()) {
      assertTrue(cursor.seekAtLeast(bytes("d")));
      cursor.delete();
      assertFalse(cursor.isValid());
      assertThrows(IllegalStateException.class, cursor::key);
      assertThrows(IllegalStateException.class, cursor::delete);
      assertTrue(cursor.next());
      assertEquals("f", at(cursor));
      cursor.delete();
      assertTrue(cursor.previous());
      assertEquals("b", at(cursor));
      txn.commit();
    }
    assertEquals(List.of("b", "h"), keys(KeyRange.all()));
  }

  @Test
  void delete_everythingAtCursor_inBothDirections() {
    for (KeyRange range : List.of(KeyRange.all(), KeyRange.all().reversed())) {
      store()
          .write(
              txn -> {
                for (int i = 0; i < 5_000; i++) {
                  putAll(txn.table("t"), "key-%05d=%d".formatted(i, i));
                }
              });
      int deleted = 0;
      try (WriteTxn txn = store().beginWrite();
          Cursor cursor = txn.table("t").cursor(range)) {
        while (cursor.next()) {
          cursor.delete();
          deleted++;
        }
        txn.commit();
      }
      assertEquals(5_000, deleted);
      assertEquals(0, table().count());
    }
  }

  @Test
  void replace_atCursor_keepsThePlace() {
    putLetters();
    try (WriteTxn txn = store().beginWrite();
        Cursor cursor = txn.table("t").cursor()) {
      while (cursor.next()) {
        cursor.replace(pattern(3_000, cursor.key()[0]));
        assertTrue(cursor.isValid());
        assertArrayEquals(pattern(3_000, cursor.key()[0]), cursor.valueBytes());
      }
      txn.commit();
    }
    assertEquals(4, table().count());
    assertArrayEquals(pattern(3_000, 'f'), table().get(bytes("f")));
  }

  @Test
  void cursor_changesBesideIt_seesThem() {
    putLetters();
    try (WriteTxn txn = store().beginWrite();
        Cursor cursor = txn.table("t").cursor()) {
      Table table = txn.table("t");
      assertTrue(cursor.seekAtLeast(bytes("d")));
      putAll(table, "e=new", "d=changed", "c=new");
      assertTrue(cursor.isValid());
      assertEquals("changed", text(cursor.valueBytes()));
      assertTrue(cursor.next());
      assertEquals("e", at(cursor));
      table.delete(bytes("e"));
      assertFalse(cursor.isValid());
      assertTrue(cursor.previous());
      assertEquals("d", at(cursor));
      table.clear();
      assertFalse(cursor.isValid());
      assertFalse(cursor.next());
      putAll(table, "z=last");
      assertTrue(cursor.first());
      assertEquals("z", at(cursor));
    }
  }

  @Test
  void cursor_thousandsOfInsertsBesideIt_meetsEveryOldEntryOnce() {
    store()
        .write(
            txn -> {
              for (int i = 0; i < 3_000; i++) {
                putAll(txn.table("t"), "key-%05d=old".formatted(i * 2));
              }
            });
    int old = 0;
    try (WriteTxn txn = store().beginWrite();
        Cursor cursor = txn.table("t").cursor()) {
      while (cursor.next()) {
        if ("old".equals(text(cursor.valueBytes()))) {
          old++;
          int number = Integer.parseInt(at(cursor).substring(4));
          putAll(txn.table("t"), "key-%05d=new".formatted(5_999 - number));
        }
      }
      txn.commit();
    }
    assertEquals(3_000, old);
    assertEquals(6_000, table().count());
  }

  @Test
  void cursor_whileAnotherTableFillsTheMemory_staysAtItsPlace() {
    byte[] value = pattern(2_000, 1);
    try (WriteTxn txn = store().beginWrite()) {
      Table table = txn.table("t");
      for (int i = 0; i < 200; i++) {
        putAll(table, "key-%05d=%d".formatted(i, i));
      }
      try (Cursor cursor = table.cursor()) {
        for (int i = 0; i < 200; i++) {
          assertTrue(cursor.next());
          for (int j = 0; j < 20; j++) {
            txn.table("other").put(i * 20 + j, value);
          }
          assertEquals("key-%05d".formatted(i), at(cursor));
          assertEquals(Integer.toString(i), text(cursor.valueBytes()));
        }
        assertFalse(cursor.next());
      }
      txn.commit();
    }
    assertEquals(4_000, store().table("other").count());
  }

  @Test
  void cursor_tableMadeDroppedAndMadeAgain_followsTheName() {
    try (WriteTxn txn = store().beginWrite();
        Cursor cursor = txn.table("t").cursor()) {
      assertFalse(cursor.next());
      putAll(txn.table("t"), "a=1", "b=2");
      assertTrue(cursor.first());
      assertEquals("a", at(cursor));
      txn.dropTable("t");
      assertFalse(cursor.isValid());
      putAll(txn.table("t"), "b=3");
      assertTrue(cursor.next());
      assertEquals("3", text(cursor.valueBytes()));
    }
  }

  @Test
  void cursor_ofStoreTable_keepsItsSnapshot() {
    putLetters();
    try (Cursor cursor = table().cursor()) {
      assertTrue(cursor.next());
      table().clear();
      putAll(table(), "c=new");
      assertTrue(cursor.next());
      assertEquals("d", at(cursor));
    }
    assertEquals(List.of("c"), keys(KeyRange.all()));
  }

  @Test
  void cursor_ofARead_refusesChanges() {
    putLetters();
    try (Cursor cursor = table().cursor()) {
      assertTrue(cursor.next());
      assertThrows(IllegalStateException.class, cursor::delete);
      assertThrows(IllegalStateException.class, () -> cursor.replace(bytes("x")));
      assertTrue(cursor.isValid());
    }
  }

  // -- many leaves
  // ----------------------------------------------------------------------------------

  private static final int MANY = 15_000;

  private void putMany() {
    byte[] value = new byte[100];
    store()
        .write(
            txn -> {
              Table table = txn.table("t");
              for (int i = 0; i < MANY; i++) {
                table.put(bytes("key-%08d".formatted(i)), value);
              }
            });
  }

  @Test
  void replace_atEachEntryOfManyLeaves_changesAll() {
    putMany();
    store()
        .write(
            txn -> {
              try (Cursor cursor = txn.table("t").cursor()) {
                while (cursor.next()) {
                  cursor.replace(bytes("new"));
                }
              }
            });
    try (Cursor cursor = table().cursor()) {
      for (int i = 0; i < MANY; i++) {
        assertTrue(cursor.next());
        assertEquals("new", text(cursor.valueBytes()));
      }
      assertFalse(cursor.next());
    }
  }

  @Test
  void delete_atEachEntryOfManyLeaves_leavesNothing() {
    putMany();
    store()
        .write(
            txn -> {
              try (Cursor cursor = txn.table("t").cursor()) {
                while (cursor.next()) {
                  cursor.delete();
                }
              }
            });
    assertEquals(0, table().count());
  }

  @Test
  void seek_fromBetweenLeavesToAChangedOne_findsItsEntry() {
    putMany();
    byte[] last = bytes("key-%08d".formatted(MANY - 1));
    try (WriteTxn txn = store().beginWrite();
        Cursor cursor = txn.table("t").cursor()) {
      txn.table("t").put(last, bytes("new"));
      for (int i = 0; i < 100; i++) {
        assertTrue(cursor.next());
      }
      assertTrue(cursor.seekAtLeast(last));
      assertEquals("new", text(cursor.valueBytes()));
      assertTrue(cursor.previous());
      assertEquals("key-%08d".formatted(MANY - 2), at(cursor));
      for (int i = 0; i < 100; i++) {
        assertTrue(cursor.previous());
      }
      assertTrue(cursor.last());
      assertEquals("new", text(cursor.valueBytes()));
    }
  }
}

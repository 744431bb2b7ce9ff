package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.ChangeScope;
import dev.quire.store.Changes;
import dev.quire.store.KeyRange;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.WriteTxn;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// [Store#diff] and what it tells.
public abstract class ChangesContract extends StoreContract {

  protected ChangesContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  /// Each change in words: `PUT t k: old -> new`.
  static List<String> told(Changes changes) {
    List<String> told = new ArrayList<>();
    while (changes.next()) {
      boolean ofEntry = changes.kind() == Changes.Kind.PUT || changes.kind() == Changes.Kind.DELETE;
      String entry =
          ofEntry
              ? " "
                  + text(changes.key())
                  + ": "
                  + text(changes.oldBytes())
                  + " -> "
                  + text(changes.newBytes())
              : "";
      told.add(changes.kind() + " " + changes.table() + entry);
    }
    return told;
  }

  private List<String> changesBy(Executable work) {
    try (ReadTxn before = store().beginRead()) {
      try {
        work.execute();
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
      try (ReadTxn after = store().beginRead()) {
        return told(store().diff(before, after));
      }
    }
  }

  @Test
  void diff_putsAndDeletes_areToldInKeyOrder() {
    Table table = store().table("t");
    putAll(table, "a=1", "b=1", "c=1", "d=1");
    List<String> told =
        changesBy(
            () -> {
              putAll(table, "e=2", "b=2", "aa=2");
              table.delete(bytes("d"));
              putAll(table, "c=2", "c=1");
              putAll(table, "x=2");
              table.delete(bytes("x"));
            });
    assertEquals(
        List.of(
            "PUT t aa: null -> 2",
            "PUT t b: 1 -> 2",
            "DELETE t d: 1 -> null",
            "PUT t e: null -> 2"),
        told);
  }

  @Test
  void diff_nothingChanged_isEmpty() {
    putAll(store().table("t"), "a=1");
    assertEquals(List.of(), changesBy(() -> {}));
    assertEquals(List.of(), changesBy(() -> putAll(store().table("t"), "a=1")));
    try (ReadTxn txn = store().beginRead()) {
      assertEquals(List.of(), told(store().diff(txn, txn)));
    }
  }

  @Test
  void diff_tablesMadeAndDropped_areTold() {
    putAll(store().table("gone"), "a=1", "b=1");
    List<String> told =
        changesBy(
            () -> {
              store().dropTable("gone");
              putAll(store().table("new"), "c=1");
              store().table("empty", TableOptions.defaults());
              putAll(store().table("passing"), "a=1");
              store().dropTable("passing");
            });
    assertEquals(
        List.of(
            "TABLE_CREATED empty",
            "DELETE gone a: 1 -> null",
            "DELETE gone b: 1 -> null",
            "TABLE_DROPPED gone",
            "TABLE_CREATED new",
            "PUT new c: null -> 1"),
        told);
  }

  @Test
  void diff_tableMadeAgain_isComparedByEntries() {
    putAll(store().table("t"), "a=1", "b=1", "c=1");
    List<String> told =
        changesBy(
            () -> {
              store().dropTable("t");
              putAll(store().table("t"), "a=1", "c=2");
            });
    assertEquals(List.of("DELETE t b: 1 -> null", "PUT t c: 1 -> 2"), told);
    told =
        changesBy(
            () -> {
              store().dropTable("t");
              Table numbers = store().table("t", TableOptions.defaults().withIntegerKeys(true));
              numbers.put(bytes("12345678"), bytes("n"));
            });
    assertEquals(
        List.of(
            "DELETE t a: 1 -> null",
            "DELETE t c: 2 -> null",
            "TABLE_DROPPED t",
            "TABLE_CREATED t",
            "PUT t 12345678: null -> n"),
        told);
    assertEquals(
        List.of("DELETE t 12345678: n -> null"), changesBy(() -> store().table("t").clear()));
  }

  @Test
  void diff_droppedLargeTable_tellsItsEntriesAndNothingOfItsEnd() {
    try (WriteTxn txn = store().beginWrite()) {
      for (int i = 0; i < 2_000; i++) {
        txn.table("large").put(i, pattern(700, i));
      }
      txn.commit();
    }
    List<String> told = changesBy(() -> store().dropTable("large"));
    assertEquals(2_001, told.size());
    assertEquals("TABLE_DROPPED large", told.getLast());
    assertEquals(
        List.of("TABLE_CREATED t", "PUT t a: null -> 1"),
        changesBy(() -> putAll(store().table("t"), "a=1")));
  }

  @Test
  void diff_scope_leavesOutTheRest() {
    putAll(store().table("t"), "a=1", "b=1", "c=1", "d=1");
    try (ReadTxn before = store().beginRead()) {
      putAll(store().table("t"), "a=2", "b=2", "c=2", "d=2");
      putAll(store().table("u"), "b=2");
      try (ReadTxn after = store().beginRead()) {
        ChangeScope middle =
            ChangeScope.table("t", KeyRange.between(bytes("b"), false, bytes("c"), true));
        assertEquals(List.of("PUT t c: 1 -> 2"), told(store().diff(before, after, middle)));
        assertEquals(
            List.of("TABLE_CREATED u", "PUT u b: null -> 2"),
            told(store().diff(before, after, ChangeScope.table("u"))));
        assertEquals(List.of(), told(store().diff(before, after, ChangeScope.table("none"))));
      }
    }
    assertThrows(
        IllegalArgumentException.class, () -> ChangeScope.table("t", KeyRange.all().reversed()));
    assertThrows(IllegalArgumentException.class, () -> ChangeScope.table(""));
  }

  @Test
  void diff_numbersAndLargeValues_areReadInPlace() {
    Table numbers = store().table("n", TableOptions.defaults().withIntegerKeys(true));
    byte[] large = pattern(200_000, 1);
    numbers.put(7, large);
    try (ReadTxn before = store().beginRead()) {
      numbers.put(7, bytes("small"));
      try (ReadTxn after = store().beginRead();
          Changes changes = store().diff(before, after)) {
        assertTrue(changes.next());
        assertEquals(7, changes.longKey());
        MemorySegment old = changes.oldValue();
        MemorySegment now = changes.newValue();
        assertNotNull(old);
        assertNotNull(now);
        assertTrue(old.isReadOnly() && now.isReadOnly());
        assertEquals(-1, old.mismatch(MemorySegment.ofArray(large)));
        assertEquals("small", text(now.toArray(ValueLayout.JAVA_BYTE)));
        assertFalse(changes.next());
      }
    }
  }

  @Test
  void changes_withoutAChange_areRefused() {
    try (ReadTxn before = store().beginRead()) {
      putAll(store().table("t"), "a=1");
      try (ReadTxn after = store().beginRead()) {
        Changes changes = store().diff(before, after);
        assertThrows(IllegalStateException.class, changes::kind);
        assertTrue(changes.next());
        assertEquals(Changes.Kind.TABLE_CREATED, changes.kind());
        assertThrows(IllegalStateException.class, changes::key);
        assertNull(changes.oldValue());
        assertNull(changes.newBytes());
        assertTrue(changes.next());
        assertThrows(IllegalArgumentException.class, changes::longKey);
        assertFalse(changes.next());
        assertFalse(changes.next());
        assertThrows(IllegalStateException.class, changes::table);
        changes.close();
        changes.close();
        assertThrows(IllegalStateException.class, changes::next);
      }
    }
  }

  @Test
  void changes_snapshotClosed_areRefused() {
    ReadTxn before = store().beginRead();
    putAll(store().table("t"), "a=1");
    ReadTxn after = store().beginRead();
    Changes changes = store().diff(before, after);
    assertTrue(changes.next());
    before.close();
    assertThrows(IllegalStateException.class, changes::next);
    assertThrows(IllegalStateException.class, changes::kind);
    assertThrows(IllegalStateException.class, () -> store().diff(before, after));
    after.close();
  }

  @Test
  void changes_storeClosed_areRefused() {
    ReadTxn before = store().beginRead();
    putAll(store().table("t"), "a=1");
    ReadTxn after = store().beginRead();
    Changes changes = store().diff(before, after);
    store().close();
    assertThrows(IllegalStateException.class, changes::next);
    assertThrows(IllegalStateException.class, () -> store().diff(before, after));
  }

  @Test
  void diff_wrongOrder_isRefused() {
    try (ReadTxn before = store().beginRead()) {
      putAll(store().table("t"), "a=1");
      try (ReadTxn after = store().beginRead()) {
        String message =
            assertThrows(IllegalArgumentException.class, () -> store().diff(after, before))
                .getMessage();
        assertTrue(message != null && message.contains("exchange"), message);
      }
    }
  }

  @Test
  void diff_otherStoreOrWriteTxn_isRefused() {
    try (Store other = Store.inMemory();
        ReadTxn foreign = other.beginRead();
        ReadTxn own = store().beginRead();
        WriteTxn writing = store().beginWrite()) {
      assertThrows(IllegalArgumentException.class, () -> store().diff(foreign, own));
      assertThrows(IllegalArgumentException.class, () -> store().diff(own, foreign));
      assertThrows(IllegalArgumentException.class, () -> store().diff(own, writing));
    }
  }
}

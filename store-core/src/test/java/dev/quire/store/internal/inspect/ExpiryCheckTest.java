package dev.quire.store.internal.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.ExpiryKey;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.ExpiryIndex;
import dev.quire.store.internal.txn.TableTree;
import dev.quire.store.internal.txn.WriteSession;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ManualClock;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Goal: the checker finds each way in which entries and the index of those that expire can differ.
class ExpiryCheckTest {

  private static final byte[] TABLE = {'t'};
  private static final byte[] KEY = {'k'};
  private static final long EXPIRY = ManualClock.START_MILLIS + 1000;

  private Engine engine;
  private int tableId;

  @BeforeEach
  void fill() {
    engine = Engine.inMemory(StoreOptions.defaults().withClock(new ManualClock()));
    change(
        session -> {
          TableTree table = session.createTable(TABLE, false);
          tableId = table.record().tableId();
          put(session, table, KEY, EXPIRY);
          put(session, table, new byte[] {'n'}, 0);
        });
    assertEquals(List.of(), IntegrityChecker.check(engine).violations());
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void change(Consumer<WriteSession> change) {
    Changing.change(engine, change);
  }

  private static boolean put(WriteSession session, TableTree table, byte[] key, long expiry) {
    return session.put(table, key, key.length, MemorySegment.ofArray(key), 0, key.length, expiry);
  }

  private void assertFound(String word) {
    List<Violation> found = IntegrityChecker.check(engine).violations();
    assertEquals(1, found.size(), found::toString);
    assertTrue(found.toString().contains(word), found::toString);
  }

  private static void editIndex(WriteSession session, byte[] removed, byte[] added) {
    TableTree index = session.createTable(ExpiryIndex.name(), false);
    if (removed.length > 0) {
      assertTrue(session.delete(index, removed, removed.length));
    }
    if (added.length > 0) {
      session.put(index, added, added.length, MemorySegment.NULL, 0, 0, 0);
    }
  }

  @Test
  void check_keyMissing_isFound() {
    byte[] key = ExpiryKey.of(tableId, EXPIRY, KEY, 1);
    change(session -> editIndex(session, key, new byte[0]));
    assertFound("0 keys");
  }

  @Test
  void check_keyTooMany_isFound() {
    byte[] key = ExpiryKey.of(tableId, EXPIRY, new byte[] {'n'}, 1);
    change(session -> editIndex(session, new byte[0], key));
    assertFound("2 keys");
  }

  @Test
  void check_keyWithAnotherTime_isFound() {
    byte[] key = ExpiryKey.of(tableId, EXPIRY, KEY, 1);
    byte[] later = ExpiryKey.of(tableId, EXPIRY + 1, KEY, 1);
    change(session -> editIndex(session, key, later));
    assertFound("of others");
  }

  @Test
  void check_keyOfNoTable_isFound() {
    byte[] key = ExpiryKey.of(999, EXPIRY, KEY, 1);
    change(session -> editIndex(session, new byte[0], key));
    assertFound("table id 999");
  }

  @Test
  void check_keyTooShort_isFound() {
    change(session -> editIndex(session, new byte[0], new byte[11]));
    assertFound("12 bytes");
  }
}

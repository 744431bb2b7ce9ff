package dev.quire.store.internal.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.QueueKey;
import dev.quire.store.internal.format.QueueState;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.EvictionQueue;
import dev.quire.store.internal.txn.TableSettings;
import dev.quire.store.internal.txn.TableTree;
import dev.quire.store.internal.txn.WriteSession;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Goal: the checker finds each way in which the entries of a bounded table and its queue can
/// differ, and a table above its bound.
class QueueCheckTest {

  private static final byte[] TABLE = {'t'};
  private static final byte[] KEY = {'k'};
  private static final byte[] QUEUE = EvictionQueue.NAME.getBytes(StandardCharsets.UTF_8);

  /// In a store whose clock stands at 0 nothing is evicted.
  private final StoreOptions options = StoreOptions.defaults().withClock(() -> Instant.EPOCH);

  private Engine engine;
  private int tableId;

  @BeforeEach
  void fill() {
    engine = Engine.inMemory(options);
    change(
        session -> {
          TableTree table = session.createTable(TABLE, new TableSettings(false, 0, 2, 4096));
          tableId = table.record().tableId();
          put(session, table, KEY, 1);
          put(session, table, new byte[] {'n'}, 1);
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

  private static void put(WriteSession session, TableTree table, byte[] key, int length) {
    MemorySegment value = MemorySegment.ofArray(new byte[length]);
    boolean _ = session.put(table, key, key.length, value, 0, length, 0);
  }

  private void putQueued(byte[] key, byte[] value) {
    change(
        session -> {
          TableTree queue = session.createTable(QUEUE, false);
          MemorySegment bytes = MemorySegment.ofArray(value);
          boolean _ = session.put(queue, key, key.length, bytes, 0, value.length, 0);
        });
  }

  private void deleteQueued(byte[] key) {
    change(
        session -> assertTrue(session.delete(session.createTable(QUEUE, false), key, key.length)));
  }

  private void assertFound(String word) {
    List<Violation> found = IntegrityChecker.check(engine).violations();
    assertEquals(1, found.size(), found::toString);
    assertTrue(found.toString().contains(word), found::toString);
  }

  @Test
  void check_placeMissing_isFound() {
    deleteQueued(QueueKey.place(tableId, 1));
    assertFound("1 places and 2 keys");
  }

  @Test
  void check_keyTooMany_isFound() {
    putQueued(QueueKey.key(tableId, new byte[] {'x'}, 1), QueueKey.numberBytes(0));
    assertFound("2 places and 3 keys");
  }

  @Test
  void check_keyOfAnotherEntry_isFound() {
    deleteQueued(QueueKey.key(tableId, KEY, 1));
    putQueued(QueueKey.key(tableId, new byte[] {'x'}, 1), QueueKey.numberBytes(0));
    assertFound("others");
  }

  @Test
  void check_placeOfAnotherEntry_isFound() {
    putQueued(QueueKey.place(tableId, 1), KEY);
    assertFound("others");
  }

  @Test
  void check_stateWithOtherBytes_isFound() {
    putQueued(QueueKey.state(tableId), new QueueState(5, 2, 0).bytes());
    assertFound("usedBytes=5");
  }

  @Test
  void check_numberThatWasNotGivenOut_isFound() {
    putQueued(QueueKey.state(tableId), new QueueState(4, 1, 0).bytes());
    assertFound("nextSequence=1");
  }

  @Test
  void check_queueOfNoTable_isFound() {
    putQueued(QueueKey.place(999, 1), KEY);
    assertFound("table id 999");
  }

  @Test
  void check_keyThatIsNone_isFound() {
    putQueued(new byte[] {0, 0, 0, 0, 7}, KEY);
    assertFound("kind 0, 1 or 2");
  }

  @Test
  void check_queueOfATableWithoutABound_isFound() {
    change(
        session -> {
          TableTree plain = session.createTable(new byte[] {'p'}, false);
          put(session, plain, KEY, 1);
          byte[] place = QueueKey.place(plain.record().tableId(), 0);
          put(session, session.createTable(QUEUE, false), place, 1);
        });
    assertFound("no bound");
  }

  @Test
  void check_moreEntriesThanTheBound_areFound() {
    change(session -> put(session, session.createTable(TABLE, false), new byte[] {'x'}, 1));
    assertFound("at most 2 entries");
  }

  @Test
  void check_moreBytesThanTheBound_areFound() {
    change(session -> put(session, session.createTable(TABLE, false), KEY, 4095));
    assertFound("4098");
  }
}

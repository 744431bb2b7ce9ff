package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Keys;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.StoreActivity;
import dev.quire.store.StoreActivity.Counts;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.WriteTxn;
import java.time.Instant;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// [Store#activity]: what is counted, and when.
public abstract class ActivityContract extends StoreContract {

  private static final byte[] THERE = bytes("there");
  private static final byte[] GONE = bytes("gone");

  protected ActivityContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  private Counts totals() {
    return store().activity().totals();
  }

  /// Each kind of lookup once, but `view`.
  private static void lookUp(Table table, byte[] key) {
    byte[] _ = table.get(key);
    Long _ = table.get(key, value -> value.byteSize());
    byte[] _ = table.get(key, 0, 1);
    long _ = table.getInto(key, new byte[1]);
    long _ = table.valueLength(key);
    boolean _ = table.contains(key);
  }

  private void assertLookups(Counts before, long hits, long misses) {
    Counts now = totals();
    assertEquals(hits, now.hits() - before.hits());
    assertEquals(misses, now.misses() - before.misses());
  }

  @Test
  void lookups_ofAnyTransaction_areHitsOrMisses() {
    Table table = store().table("t");
    table.put(THERE, bytes("value"));
    Counts before = totals();
    lookUp(table, THERE);
    lookUp(table, GONE);
    lookUp(store().table("no such table"), GONE);
    assertLookups(before, 6, 12);
    try (ReadTxn txn = store().beginRead()) {
      lookUp(txn.table("t"), THERE);
      assertNotNull(txn.table("t").view(THERE));
      assertNull(txn.table("t").view(GONE));
      // Counted at once, not when the transaction ends.
      assertLookups(before, 13, 13);
    }
    try (WriteTxn txn = store().beginWrite()) {
      lookUp(txn.table("t"), THERE);
      lookUp(txn.table("t"), GONE);
    }
    assertLookups(before, 19, 19);
  }

  @Test
  void lookups_ofIntegerKeys_areHitsOrMisses() {
    Table table = store().table("n", TableOptions.defaults().withIntegerKeys(true));
    table.put(Keys.ofLong(7), bytes("value"));
    Counts before = totals();
    assertNotNull(table.get(7));
    assertNull(table.get(8));
    assertNotNull(table.get(Keys.ofLong(7)));
    assertEquals(-1, table.getInto(8, new byte[1]));
    assertThrows(IllegalArgumentException.class, () -> table.get(bytes("no number")));
    assertLookups(before, 2, 2);
  }

  @Test
  void commits_thatChangeSomething_areCountedAndTimed() {
    StoreActivity before = store().activity();
    for (int i = 0; i < 5; i++) {
      putAll(store().table("t"), "k" + i + "=v");
    }
    try (WriteTxn txn = store().beginWrite()) {
      txn.commit();
    }
    try (WriteTxn txn = store().beginWrite()) {
      txn.table("t").put(THERE, THERE);
    }
    StoreActivity now = store().activity();
    assertEquals(5, now.totals().commits() - before.totals().commits());
    assertEquals(5, now.commit().count() - before.commit().count());
    assertEquals(7, now.turnWait().count() - before.turnWait().count());
    assertTrue(now.totals().pagesWritten() >= before.totals().pagesWritten() + 5);
    assertTrue(now.commit().sumNanos() > before.commit().sumNanos());
    assertTrue(now.commit().p50Nanos() <= now.commit().p999Nanos());
    assertTrue(now.commit().p999Nanos() <= now.commit().maxNanos());
    assertEquals(now.totals().syncs(), now.sync().count());
    assertEquals(now.totals().checkpoints(), now.checkpoint().count());
  }

  @Test
  void growth_ofTheFile_isCounted() {
    long before = totals().growths();
    store().table("t").put(THERE, pattern(9 << 20, 1));
    assertTrue(totals().growths() > before);
  }

  @Test
  void oldestReader_withSnapshots_isTheOldest() {
    Table table = store().table("t");
    table.put(THERE, bytes("1"));
    assertNull(store().activity().oldestReader());
    Instant before = Instant.ofEpochMilli(System.currentTimeMillis());
    ReadTxn older = store().beginRead();
    long pinned = store().activity().pinnedBytes();
    for (int i = 0; i < 10; i++) {
      table.put(THERE, bytes("2"));
    }
    try (ReadTxn _ = store().beginRead()) {
      StoreActivity activity = store().activity();
      StoreActivity.Reader reader = activity.oldestReader();
      assertNotNull(reader);
      assertEquals(older.id(), reader.txnId());
      assertEquals(ProcessHandle.current().pid(), reader.pid());
      Instant since = reader.since();
      assertNotNull(since);
      assertFalse(since.isBefore(before), since + " before " + before);
      assertTrue(activity.pinnedBytes() > pinned, activity::toString);
      older.close();
    }
    assertNull(store().activity().oldestReader());
    assertEquals(0, store().activity().pinnedBytes());
  }

  @Test
  void oldestReader_ofASingleGet_hasNoTime() {
    Table table = store().table("t");
    table.put(THERE, bytes("1"));
    // So that the slot has been used by one that noted its time.
    store().beginRead().close();
    StoreActivity.Reader reader = table.get(THERE, _ -> store().activity().oldestReader());
    assertNotNull(reader);
    assertNull(reader.since());
  }

  @Test
  void processes_withThisOneAlone_areThisOne() {
    Table table = store().table("t");
    table.put(THERE, bytes("1"));
    lookUp(table, THERE);
    StoreActivity activity = store().activity();
    assertEquals(1, activity.processes().size());
    StoreActivity.Member self = activity.processes().getFirst();
    assertEquals(ProcessHandle.current().pid(), self.pid());
    assertFalse(self.started().isAfter(Instant.now()));
    // A store whose memory outlives its users counts on.
    assertTrue(self.counts().hits() >= 6 && activity.totals().hits() >= self.counts().hits());
    assertTrue(self.counts().commits() >= 1);
  }

  @Test
  void activity_ofAClosedStore_isRefused() {
    Store closed = store();
    closed.close();
    assertThrows(IllegalStateException.class, closed::activity);
  }
}

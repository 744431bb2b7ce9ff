package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.options.Expiry;
import dev.quire.store.testing.CheckedStore;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: what expires is gone in every process by its own clock, what one process uses no other one
/// evicts, and of two that sweep at the same time each entry is purged by one.
@Timeout(60)
class CacheProcessesTest {

  private static final Duration NEVER = Duration.ofDays(1);

  @TempDir private Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void expiryAndUse_inAnotherProcess_count() {
    ManualClock clock = new ManualClock();
    TableOptions four = TableOptions.defaults().withMaxEntries(4);
    try (Store store =
        Store.open(directory, StoreUser.options().withClock(clock).withSweepPeriod(NEVER))) {
      Table table = store.table("cache", four);
      for (String key : new String[] {"a", "b", "c"}) {
        table.put(bytes(key), bytes(key));
      }
      // By this clock it lives for a second; by that of the machine it has been gone for long.
      table.put(bytes("d"), bytes("d"), Expiry.after(Duration.ofSeconds(1)));
      try (ChildJvm other = CacheProcess.start(directory, NEVER)) {
        assertEquals("false", other.ask("get d"));
        assertEquals("3 3", other.ask("count"));
        assertEquals("true", other.ask("get a"));
        assertEquals(4, table.count());
        table.put(bytes("e"), bytes("e"));
        assertTrue(table.contains(bytes("a")));
        assertEquals(-1, table.valueLength(bytes("b")));
        assertTrue(table.contains(bytes("c")));
        // It evicts by what this process has used, and purges by its own clock.
        assertEquals("true", other.ask("put f"));
        assertTrue(table.contains(bytes("c")) && table.contains(bytes("a")));
        assertEquals("4 4", other.ask("count"));
      }
      CheckedStore.assertClean(store);
    }
  }

  @Test
  void sweep_byTwoProcesses_purgesEachEntryOnce() throws InterruptedException {
    int entries = 3000;
    Duration period = Duration.ofMillis(1);
    try (Store store = Store.open(directory, StoreUser.options().withSweepPeriod(period));
        ChildJvm other = CacheProcess.start(directory, period);
        Watch watch = store.watch()) {
      assertEquals("0 0", other.ask("count"));
      store.write(
          txn -> {
            for (int i = 0; i < entries; i++) {
              Expiry soon = Expiry.after(Duration.ofMillis(100 + i / 10));
              boolean _ = txn.table("cache").put(i, new byte[10], soon);
            }
          });
      while (store.check().entries().getOrDefault("quire.expiry", 0L) > 0) {
        try (Changes changes = watch.poll(Duration.ofMillis(50))) {
          assertTrue(changes == null || changes.next());
        }
      }
      assertEquals(entries, store.activity().totals().expirations());
      assertEquals("0 0", other.ask("count"));
      CheckedStore.assertClean(store);
    }
  }
}

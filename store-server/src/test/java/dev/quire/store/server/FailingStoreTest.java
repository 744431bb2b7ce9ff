package dev.quire.store.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.RegionStore;
import dev.quire.store.Store;
import dev.quire.store.WriteTxn;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.FaultyRegion;
import dev.quire.store.testing.FaultyRegion.Fault;
import dev.quire.store.testing.RegionOperation.Kind;
import dev.quire.store.testing.SimulatedRegion;
import dev.quire.store.testing.SmallDisk;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// A disk that is full or fails: writes are answered with an error, reads go on.
final class FailingStoreTest {

  private static final long CAPACITY_BYTES = 48 << 20;
  private static final int LARGE_BYTES = 8 << 20;
  private static final StoreOptions OPTIONS = StoreOptions.defaults().withRingSizeBytes(1 << 20);

  private static StoreServer serve(Store store) throws IOException {
    return StoreServer.start(store, ServerOptions.defaults().with("port", "0"));
  }

  @Test
  void set_diskIsFull_isRefusedAndReadsGoOn() throws IOException {
    SmallDisk disk = new SmallDisk(new SimulatedRegion(CAPACITY_BYTES), false, CAPACITY_BYTES);
    try (Store store = RegionStore.open(disk, OPTIONS);
        StoreServer server = serve(store);
        RawClient client = new RawClient(server)) {
      assertEquals("OK", client.line("SET a 1"));
      disk.setRoom(disk.sizeBytes());
      String refused = client.ask("SET", "large", "x".repeat(LARGE_BYTES));
      assertTrue(refused.startsWith("(error) MISCONF no room"), refused);
      assertEquals("1", client.line("GET a"));
      assertEquals("nil", client.line("GET large"));
      assertEquals("OK", client.line("SET a 2"), "what fits is taken");
      disk.setRoom(CAPACITY_BYTES);
      assertEquals("OK", client.ask("SET", "large", "x".repeat(LARGE_BYTES)));
      assertEquals("2", client.line("GET a"));
      assertTrue(store.check().isClean());
    }
  }

  @Test
  void group_oneConnectionAsksForTooMuch_othersAreServed() throws IOException {
    SmallDisk disk = new SmallDisk(new SimulatedRegion(CAPACITY_BYTES), false, CAPACITY_BYTES);
    try (Store store = RegionStore.open(disk, OPTIONS);
        StoreServer server = serve(store);
        RawClient first = new RawClient(server);
        RawClient greedy = new RawClient(server);
        RawClient modest = new RawClient(server);
        RawClient onlooker = new RawClient(server)) {
      assertEquals("OK", first.line("SET a 1"));
      disk.setRoom(disk.sizeBytes());
      try (WriteTxn turn = store.beginWrite()) {
        first.raw(RawClient.encoded("INCR", "a"));
        awaitWrites(onlooker, 1);
        greedy.raw(RawClient.encoded("SET", "large", "x".repeat(LARGE_BYTES)));
        modest.raw(RawClient.encoded("INCR", "a") + RawClient.encoded("GET", "a"));
        awaitWrites(onlooker, 4);
        turn.rollback();
      }
      assertEquals("2", first.read());
      String refused = greedy.read();
      assertTrue(refused.startsWith("(error) MISCONF no room"), refused);
      assertEquals("3", modest.read(), "what was tried together is forgotten");
      assertEquals("3", modest.read());
      assertEquals("3", onlooker.line("GET a"));
      assertTrue(onlooker.line("INFO errorstats").contains("errorstat_MISCONF:count="));
    }
  }

  /// Waits until so many commands of others than the onlooker are with the writer.
  private static void awaitWrites(RawClient onlooker, int count) throws IOException {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (true) {
      String list = onlooker.line("CLIENT LIST");
      int found = 0;
      for (String line : list.split("\n")) {
        found += line.contains("cmd=incr") ? 1 : line.contains("cmd=set ") ? 2 : 0;
        found += line.contains("cmd=get ") ? 1 : 0;
      }
      if (found >= count) {
        return;
      }
      assertTrue(System.nanoTime() < deadline, list);
    }
  }

  @Test
  void set_syncFails_isRefusedForeverAndReadsGoOn() throws IOException {
    FaultyRegion region = new FaultyRegion(new SimulatedRegion(CAPACITY_BYTES));
    try (Store store = RegionStore.open(region, OPTIONS);
        StoreServer server = serve(store);
        RawClient client = new RawClient(server)) {
      assertEquals("OK", client.line("SET a 1"));
      assertTrue(client.line("INFO persistence").contains("aof_last_write_status:ok"));
      region.resetOperations();
      region.failFrom(Kind.SYNC, 1, Fault.IO);
      region.failFrom(Kind.SYNC_RANGE, 1, Fault.IO);
      String failed = client.line("SET b 2");
      assertTrue(failed.startsWith("(error) MISCONF"), failed);
      region.heal();
      String refused = client.line("SET b 3");
      assertTrue(refused.startsWith("(error) MISCONF the store refuses writes"), refused);
      assertEquals("1", client.line("GET a"));
      assertTrue(client.line("INFO persistence").contains("aof_last_write_status:err"));
    }
  }
}

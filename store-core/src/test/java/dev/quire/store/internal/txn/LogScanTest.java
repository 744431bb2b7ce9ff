package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.SimulatedRegion;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A record belongs to the log only if its CRC goes on from the record before it.
class LogScanTest {

  private static Superblock withChain(Superblock b, int chainCrc) {
    return new Superblock(
        b.pageSizeBytes(),
        b.flags(),
        b.storeIdHigh(),
        b.storeIdLow(),
        b.createdMillis(),
        b.sequence(),
        b.txnId(),
        b.catalogueRef(),
        b.mapRef(),
        b.mapLevels(),
        b.highWaterPage(),
        b.fileSizeBytes(),
        b.ringSizeBytes(),
        b.lsn(),
        chainCrc,
        b.epoch(),
        b.stampLimit(),
        b.userTerm(),
        b.userIndex(),
        b.nextTableId());
  }

  @Test
  void scan_otherChain_acceptsNothing() {
    SimulatedRegion region = new SimulatedRegion(64 << 20);
    Engine engine = Engine.onRegion(region, StoreOptions.defaults());
    for (int i = 0; i < 3; i++) {
      WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ofSeconds(10));
      session.userWords(1, i);
      session.commit();
    }
    try (NativeBuffers buffers = new NativeBuffers()) {
      Superblock newest = SuperblockFile.readNewest(region, buffers);
      assertEquals(3, LogScan.of(region, newest, buffers).transactions().size());
      Superblock other = withChain(newest, newest.chainCrc() ^ 1);
      assertEquals(0, LogScan.of(region, other, buffers).transactions().size());
    } finally {
      engine.close();
    }
  }
}

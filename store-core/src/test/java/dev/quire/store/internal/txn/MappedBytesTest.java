package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.region.MappedRegion;
import dev.quire.store.internal.region.Region;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a store takes address space in proportion to its file, a small store little of it.
class MappedBytesTest {

  private static final StoreOptions OPTIONS =
      StoreOptions.defaults().withRingSizeBytes(StoreOptions.MIN_RING_SIZE_BYTES);

  @TempDir private Path directory;
  private MappedRegion region;

  private Engine open() {
    return Opening.open(
        directory.resolve("store"),
        OPTIONS,
        StoreKind.DURABLE,
        new Opening.Seams(this::keep, Steps.NONE));
  }

  private Region keep(Region opened) {
    region = (MappedRegion) opened;
    return opened;
  }

  private static void put(Engine engine, int key, int length) {
    WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ofSeconds(20));
    byte[] name = ByteBuffer.allocate(Integer.BYTES).putInt(key).array();
    MemorySegment value = MemorySegment.ofArray(new byte[length]);
    session.put(session.createTable(name, false), name, name.length, value, 0, length, 0);
    session.commit();
  }

  @Test
  void open_smallStore_mapsLittle() {
    Engine engine = open();
    put(engine, 1, 10);
    engine.checkpoint();
    engine.close();
    engine = open();
    put(engine, 1, 20);
    engine.checkpoint();
    // Besides the pages, what is synced by its range is mapped: ring and superblocks, for each of
    // the two who sync.
    long most = 2 * region.sizeBytes() + 4 * OPTIONS.ringSizeBytes();
    assertTrue(region.mappedBytes() <= most, region.mappedBytes() + " of " + region.sizeBytes());
    engine.close();
  }

  /// Old mappings stay, and growth is geometric: together they are a few times the file.
  @Test
  void put_fileThatGrows_mapsAFewTimesItsLength() {
    Engine engine = open();
    for (int i = 0; i < 100; i++) {
      put(engine, i, 400_000);
    }
    long mapped = region.mappedBytes();
    assertTrue(mapped <= 6 * region.sizeBytes(), mapped + " of " + region.sizeBytes());
    engine.close();
  }
}

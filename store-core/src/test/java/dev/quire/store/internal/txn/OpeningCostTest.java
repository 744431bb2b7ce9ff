package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.region.Region;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ForwardingRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Opening after a loss of power reads superblocks, log, space map, and what the log changes: in a
/// file of 10 GiB as in a small one.
class OpeningCostTest {

  private static final long FILE_BYTES = 10L << 30;

  /// Log, space map, some pages, and what the kernel maps around each.
  private static final long MOST_BYTES = 40 << 20;

  private static final StoreOptions OPTIONS =
      StoreOptions.defaults().withCheckpointPeriod(Duration.ofHours(1));

  @TempDir private Path directory;

  /// Counts what is read by calls.
  private static final class CountedRegion extends ForwardingRegion {
    private long bytes;

    CountedRegion(Region region) {
      super(region);
    }

    @Override
    public synchronized long read(long at, MemorySegment target, long targetAt, long length) {
      bytes += length;
      return super.read(at, target, targetAt, length);
    }

    synchronized long bytes() {
      return bytes;
    }
  }

  private static StoreModel commit(Engine engine, StoreModel model, int from, int to) {
    WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ZERO);
    try {
      ModelSession both = new ModelSession(session, model);
      CrashTest.puts(0, from, to, 300).accept(both);
      session.commit();
      return both.model();
    } finally {
      session.rollback();
    }
  }

  /// Makes the file long by a value that never comes.
  private static void grow(Engine engine) {
    WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ZERO);
    try {
      TableTree table = session.createTable("other".getBytes(StandardCharsets.UTF_8), false);
      assertThrows(
          UncheckedIOException.class,
          () ->
              session.putStream(
                  table,
                  new byte[1],
                  1,
                  _ -> {
                    throw new UncheckedIOException(new IOException("no value"));
                  },
                  FILE_BYTES,
                  0));
    } finally {
      session.rollback();
    }
  }

  /// How much of the file's mappings this process has touched.
  private static long touchedBytes(Path data) throws IOException {
    long kilobytes = 0;
    boolean inData = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.contains("-") && line.contains(" ") && !line.contains("kB")) {
        inData = line.endsWith(data.toString());
      } else if (inData && line.startsWith("Rss:")) {
        kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return kilobytes << 10;
  }

  @Test
  void open_afterALossOfPower_readsLittleOfALargeFile() throws IOException {
    Path store = directory.resolve("store");
    Engine engine = Engine.open(store, OPTIONS);
    StoreModel model = commit(engine, new StoreModel(), 0, 2000);
    grow(engine);
    model = commit(engine, model, 1000, 2100);
    engine.checkpoint();
    for (int i = 0; i < 10; i++) {
      model = commit(engine, model, 100 * i, 100 * i + 120);
    }
    CrashOracle.abandon(engine);
    Path data = store.resolve(StoreFiles.DATA);
    assertTrue(Files.size(data) >= FILE_BYTES, "the file has " + Files.size(data));
    Files.deleteIfExists(store.resolve(StoreFiles.SHM));
    CountedRegion[] counted = {null};
    Opening.Seams seams =
        new Opening.Seams(region -> counted[0] = new CountedRegion(region), Steps.NONE);
    Engine opened = Opening.open(store, OPTIONS, StoreKind.DURABLE, seams);
    try {
      long read = counted[0].bytes();
      long touched = touchedBytes(data.toRealPath());
      assertTrue(read + touched < MOST_BYTES, read + " bytes read, " + touched + " touched");
      assertTrue(read > 4 << 20, "the log is read: " + read);
      assertNull(CrashOracle.difference(opened, model));
    } finally {
      CrashOracle.abandon(opened);
    }
  }
}

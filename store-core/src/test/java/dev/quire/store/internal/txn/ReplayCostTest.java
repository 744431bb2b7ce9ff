package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.region.Region;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ForwardingRegion;
import dev.quire.store.testing.SimulatedRegion;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Goal: a replay costs what its keys cost, not what its operations do, and does not wait for one
/// page after the other.
class ReplayCostTest {

  private static final int PAGE = 4096;
  private static final StoreOptions OPTIONS =
      StoreOptions.defaults().withCheckpointPeriod(Duration.ofHours(1));
  private static final long PAGES_FROM = 4L * PAGE + OPTIONS.ringSizeBytes();

  /// Counts pages that are read by calls, and bytes of pages written.
  private static final class CountedRegion extends ForwardingRegion {
    private long pagesRead;
    private long bytesWritten;
    private boolean isOver;

    CountedRegion(Region region) {
      super(region);
    }

    @Override
    public synchronized long read(long at, MemorySegment target, long targetAt, long length) {
      pagesRead += !isOver && at >= PAGES_FROM && length == PAGE ? 1 : 0;
      return super.read(at, target, targetAt, length);
    }

    @Override
    public synchronized void write(long at, MemorySegment source, long sourceAt, long length) {
      bytesWritten += !isOver && at >= PAGES_FROM ? length : 0;
      super.write(at, source, sourceAt, length);
    }
  }

  private final SimulatedRegion disk = new SimulatedRegion(16 << 20);
  private final Engine engine = Opening.onRegion(disk, OPTIONS);
  private StoreModel model = new StoreModel();

  private void commit(Consumer<ModelSession> edits) {
    WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ZERO);
    try {
      ModelSession both = new ModelSession(session, model);
      edits.accept(both);
      session.commit();
      model = both.model();
    } finally {
      session.rollback();
    }
  }

  private CountedRegion recover() {
    CountedRegion counted = new CountedRegion(disk.successor());
    CrashOracle.abandon(engine);
    Engine opened = Opening.onRegion(counted, OPTIONS);
    counted.isOver = true;
    assertNull(CrashOracle.difference(opened, model));
    CrashOracle.abandon(opened);
    return counted;
  }

  @Test
  void replay_keysInManyLeaves_readsThemAhead() {
    commit(CrashTest.puts(0, 0, 2000, 300));
    engine.checkpoint();
    for (int first = 0; first < 6; first++) {
      int from = first;
      commit(
          session -> {
            for (int key = from; key < 2000; key += 36) {
              CrashTest.puts(0, key, key + 1, 310).accept(session);
            }
          });
    }
    assertTrue(2000 / 6 >= ReadAhead.KEYS_PER_THREAD, "enough for a thread");
    long pages = recover().pagesRead;
    assertTrue(pages >= 50, pages + " pages were read ahead");
  }

  @Test
  void replay_aKeyWrittenAgainAndAgain_writesItOnce() {
    for (int i = 0; i < 40; i++) {
      commit(CrashTest.puts(0, 0, 1, 6000 + i));
    }
    long bytes = recover().bytesWritten;
    assertTrue(bytes < 20 * PAGE, bytes + " bytes were written");
  }
}

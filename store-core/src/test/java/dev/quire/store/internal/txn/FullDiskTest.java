package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.SimulatedRegion;
import dev.quire.store.testing.SmallDisk;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: a store whose disk is full goes on with the pages that it has.
///
/// Method: a disk that has room for the first bytes of a file only, where either growth fails or
/// the file grows as a hole and writes fail. The store is filled, half of it deleted, then
/// overwritten in random order; the model and the integrity checker look on.
class FullDiskTest {

  private static final long CAPACITY_BYTES = 24 << 20;
  private static final long ROOM_BYTES = 5_000_000;
  private static final String TABLE = "entries";
  private static final List<StoreOptions> MODES =
      List.of(CrashTest.OPTIONS, CrashTest.OPTIONS.withDurability(Durability.CHECKPOINT));

  /// A store on a small disk.
  private static final class Run {
    final SmallDisk disk;
    final Engine engine;
    final Durability durability;
    StoreModel model = new StoreModel();

    Run(StoreOptions options, boolean holes) {
      disk = new SmallDisk(new SimulatedRegion(CAPACITY_BYTES), holes, ROOM_BYTES);
      engine = Opening.onRegion(disk, options);
      durability = options.durability();
    }

    void commit(Consumer<ModelSession> edits) {
      WriteSession session = engine.beginWrite(durability, Duration.ZERO);
      try {
        ModelSession both = new ModelSession(session, model);
        edits.accept(both);
        session.commit();
        model = both.model();
      } finally {
        session.rollback();
      }
    }

    void put(int from, int to, int size) {
      commit(
          session -> {
            for (int i = from; i < to; i++) {
              session.put(TABLE, key(i), new byte[size]);
            }
          });
    }

    /// Puts entries until there is no room.
    ///
    /// @return how many
    int fill() {
      int count = 0;
      try {
        while (true) {
          put(count, count + 200, 300);
          count += 200;
        }
      } catch (StoreFullException e) {
        requireSound();
        return count;
      }
    }

    void requireSound() {
      assertNull(CrashOracle.difference(engine, model));
    }
  }

  private static byte[] key(int i) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void put_diskIsFullAndPagesAreFree_goesOn(boolean holes) {
    for (StoreOptions options : MODES) {
      Run run = new Run(options, holes);
      int count = run.fill();
      assertTrue(count > 5_000, "entries: " + count);
      run.commit(session -> session.deleteRange(TABLE, key(0), true, key(count / 2), false));
      run.engine.checkpoint();
      run.commit(session -> session.put(TABLE, key(count), new byte[9_000]));
      Random random = new Random(7);
      for (int i = 0; i < 2_000; i++) {
        int at = count / 2 + random.nextInt(count / 2 - 10);
        run.put(at, at + 1 + random.nextInt(4), 300);
      }
      run.requireSound();
      run.engine.close();
      assertTrue(run.disk.sizeBytes() <= ROOM_BYTES, "cut to what is written");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void put_diskGetsRoomAgain_fileGrowsAgain(boolean holes) {
    for (StoreOptions options : MODES) {
      Run run = new Run(options, holes);
      int count = run.fill();
      for (int i = 0; i < 3; i++) {
        assertEquals(0, run.fill() % 200);
      }
      run.disk.setRoom(2 * ROOM_BYTES);
      int more = run.fill();
      assertTrue(more > count * 3 / 2, count + " entries, then " + more);
      run.engine.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void put_largeTransactionThatSpills_failsWholeAndLeavesRoom(boolean holes) {
    Run run = new Run(CrashTest.OPTIONS, holes);
    run.put(0, 2_000, 300);
    for (int i = 0; i < 3; i++) {
      int fill = run.model.tables.get(TABLE).entries.size();
      assertEquals(2_000, fill);
      try {
        run.put(10_000, 40_000, 300);
        throw new AssertionError("no room for that");
      } catch (StoreFullException e) {
        run.requireSound();
      }
      run.put(0, 2_000, 290 + i);
    }
    run.requireSound();
    run.engine.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void grow_noRoomForTheStep_takesWhatThereIs(boolean holes) {
    Run run = new Run(CrashTest.OPTIONS, holes);
    run.fill();
    long pageBytes = run.engine.parts().allocator.highWater() * 4096;
    assertTrue(pageBytes > ROOM_BYTES - 100_000, "used " + pageBytes + " of " + ROOM_BYTES);
    run.engine.close();
  }
}

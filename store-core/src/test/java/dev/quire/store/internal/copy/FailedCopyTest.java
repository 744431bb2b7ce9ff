package dev.quire.store.internal.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.inspect.IntegrityChecker;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.tree.TreeReader;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.EngineView.Pinned;
import dev.quire.store.internal.txn.Snapshot;
import dev.quire.store.internal.txn.TableTree;
import dev.quire.store.internal.txn.WriteSession;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.FaultyRegion;
import dev.quire.store.testing.FaultyRegion.Fault;
import dev.quire.store.testing.RegionOperation.Kind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a copy that fails, at whichever operation, leaves nothing that could be taken for a store,
/// and the store that is copied as it was; the next copy into the same directory is whole.
class FailedCopyTest {

  private static final StoreOptions OPTIONS = StoreOptions.defaults().withRingSizeBytes(64 << 10);

  private static final byte[] TABLE = {'t'};
  private static final long EXPIRY = 1L << 50;

  @TempDir private Path directory;
  private Engine engine;

  @BeforeEach
  void fill() {
    engine = Engine.open(directory.resolve("source"), OPTIONS);
    WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ZERO);
    try {
      TableTree table = session.createTable(TABLE, false);
      MemorySegment value = MemorySegment.ofArray(new byte[1_000]);
      for (int i = 0; i < 2_000; i++) {
        session.put(table, key(i), Long.BYTES, value, 0, value.byteSize(), EXPIRY + i);
      }
      session.userWords(7, 9);
      session.commit();
    } finally {
      session.rollback();
    }
  }

  @AfterEach
  void close() {
    requireClean(engine);
    engine.close();
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static void requireClean(Engine checked) {
    assertEquals(List.of(), IntegrityChecker.check(checked).violations());
  }

  private void requireCopy(Path copy) {
    Engine opened = Engine.open(copy, OPTIONS);
    try {
      requireClean(opened);
      Pinned pinned = opened.view().pinState();
      Snapshot snapshot = pinned.snapshot();
      Head head = pinned.head();
      assertEquals(7, head.userTerm());
      assertEquals(9, head.userIndex());
      TableRecord table = Objects.requireNonNull(snapshot.findTable(TABLE));
      assertEquals(2_000, table.entries());
      ValueSlot slot = new ValueSlot();
      for (int i = 0; i < 2_000; i++) {
        byte[] key = key(i);
        assertTrue(TreeReader.find(snapshot, table.rootRef(), key, key.length, slot));
        assertEquals(EXPIRY + i, slot.expiryMillis);
      }
      snapshot.end();
    } finally {
      opened.close();
    }
  }

  @Test
  void copy_whole_hasUserWordsAndExpiry() {
    StoreCopy.toDirectory(engine, directory.resolve("copy"));
    requireCopy(directory.resolve("copy"));
  }

  @Test
  void copy_thatFailsAnywhere_leavesNoStore() {
    Path copy = directory.resolve("copy");
    int failed = 0;
    for (Kind kind : List.of(Kind.WRITE, Kind.GROW, Kind.SYNC)) {
      for (Fault fault : Fault.values()) {
        for (int n = 1; fails(copy, kind, n, fault); n += kind == Kind.WRITE ? 5 : 7) {
          assertFalse(Files.exists(copy.resolve("data")));
          assertFalse(Files.exists(copy.resolve("data.new")));
          failed++;
        }
        requireCopy(copy);
        Directories.delete(copy.resolve("data"));
      }
    }
    assertTrue(failed > 10, () -> "nothing failed");
  }

  @Test
  void compact_thatFails_leavesTheStore() {
    Path source = directory.resolve("source");
    engine.close();
    for (Kind kind : List.of(Kind.WRITE, Kind.GROW, Kind.SYNC)) {
      FaultyRegion[] made = new FaultyRegion[1];
      assertThrows(
          StoreException.class,
          () ->
              StoreCopy.inPlace(
                  source,
                  OPTIONS,
                  region -> {
                    made[0] = new FaultyRegion(region);
                    made[0].failFrom(kind, kind == Kind.SYNC ? 1 : 18, Fault.FULL);
                    return made[0];
                  }));
      assertTrue(made[0].failures() > 0);
      assertFalse(Files.exists(source.resolve("data.new")));
      requireCopy(source);
    }
    engine = Engine.open(source, OPTIONS);
  }

  @Test
  void increment_thatFailsAnywhere_leavesNoFile() {
    Path base = directory.resolve("base");
    Path increment = directory.resolve("increment");
    StoreCopy.toDirectory(engine, base);
    rewrite();
    int failed = 0;
    for (Kind kind : List.of(Kind.WRITE, Kind.GROW, Kind.TRUNCATE, Kind.SYNC)) {
      for (Fault fault : Fault.values()) {
        for (int n = 1; incrementFails(increment, base, kind, n, fault); n++) {
          assertFalse(Files.exists(increment));
          assertFalse(Files.exists(directory.resolve("increment.new")));
          failed++;
        }
        StoreCopy.restore(List.of(base, increment), directory.resolve("restored"), OPTIONS);
        requireCopy(directory.resolve("restored"));
        Directories.delete(directory.resolve("restored").resolve("data"));
        Directories.delete(increment);
      }
    }
    requireCopy(base);
    assertTrue(failed > 10, () -> "nothing failed");
  }

  private void rewrite() {
    WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ZERO);
    try {
      TableTree table = Objects.requireNonNull(session.findTable(TABLE));
      MemorySegment value = MemorySegment.ofArray(new byte[1_001]);
      for (int i = 0; i < 2_000; i++) {
        session.put(table, key(i), Long.BYTES, value, 0, value.byteSize(), EXPIRY + i);
      }
      session.commit();
    } finally {
      session.rollback();
    }
  }

  private boolean incrementFails(Path target, Path base, Kind kind, int number, Fault fault) {
    FaultyRegion[] made = new FaultyRegion[1];
    try {
      IncrementCopy.toFile(
          engine, target, List.of(base), region -> made[0] = faulty(region, kind, number, fault));
    } catch (StoreFullException e) {
      assertEquals(Fault.FULL, fault);
    } catch (StoreIoException e) {
      assertEquals(Fault.IO, fault);
    }
    return made[0].failures() > 0;
  }

  private static FaultyRegion faulty(Region region, Kind kind, int number, Fault fault) {
    FaultyRegion made = new FaultyRegion(region);
    made.fail(kind, number, fault);
    return made;
  }

  private boolean fails(Path copy, Kind kind, int number, Fault fault) {
    FaultyRegion[] made = new FaultyRegion[1];
    try {
      StoreCopy.toDirectory(engine, copy, region -> made[0] = faulty(region, kind, number, fault));
    } catch (StoreFullException e) {
      assertEquals(Fault.FULL, fault);
    } catch (StoreIoException e) {
      assertEquals(Fault.IO, fault);
    }
    return made[0].failures() > 0;
  }

  /// Who begins an increment takes what is unfinished for left behind. The one that is overtaken so
  /// must not give its name to the other one's file, which is not whole, nor remove it.
  @Test
  void increment_overtakenByAnother_leavesThatAlone() throws IOException {
    StoreCopy.toDirectory(engine, directory.resolve("base"));
    Path target = directory.resolve("increment");
    Path unfinished = directory.resolve("increment.new");
    List<Path> since = List.of(directory.resolve("base"));
    StoreIoException e =
        assertThrows(
            StoreIoException.class,
            () ->
                IncrementCopy.toFile(
                    engine,
                    target,
                    since,
                    region -> {
                      assertTrue(Directories.delete(unfinished));
                      assertTrue(Directories.createFile(unfinished));
                      return region;
                    }));
    assertTrue(String.valueOf(e.getMessage()).contains("at the same time"), e::toString);
    assertTrue(Files.exists(unfinished));
    assertFalse(Files.exists(target));
    assertThrows(
        StoreIoException.class,
        () ->
            IncrementCopy.toFile(
                engine,
                target,
                since,
                region -> {
                  assertTrue(Directories.createFile(target));
                  return region;
                }));
    assertEquals(0, Files.size(target));
    assertFalse(Files.exists(unfinished));
  }
}

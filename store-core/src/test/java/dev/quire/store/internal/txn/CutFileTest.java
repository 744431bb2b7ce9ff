package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.RegionOperation;
import dev.quire.store.testing.RegionOperation.Kind;
import dev.quire.store.testing.WatchedRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Goal: whoever writes to a data file that somebody else has cut hears of that and of nothing
/// else, at whatever moment it was cut, and wherever; its own writes, which make the file longer
/// again, do not hide it.
@Timeout(60)
class CutFileTest {

  private static final byte[] TABLE = {'t'};
  private static final byte[] VALUE = new byte[3000];
  private static final byte[] LONG_VALUE = new byte[2 << 20];

  private static final int MOST_PUTS = 5_000;

  @TempDir private Path directory;
  private Path data;
  private Engine engine;
  private int keys;

  /// What happens before the next such operation, once.
  private final AtomicReference<Consumer<RegionOperation>> before = new AtomicReference<>();

  @BeforeEach
  void name() {
    data = directory.resolve("store").resolve(StoreFiles.DATA);
  }

  @AfterEach
  void close() {
    CrashOracle.closeQuietly(engine);
  }

  private void open(String mode) {
    engine =
        Opening.open(
            data.getParent(),
            StoreRole.options(mode),
            StoreKind.DURABLE,
            new Opening.Seams(
                region -> new WatchedRegion(region, (operation, done) -> tell(operation, done)),
                Steps.NONE));
    for (int i = 0; i < 300; i++) {
      put(VALUE);
    }
    engine.checkpoint();
  }

  private void tell(RegionOperation operation, boolean done) {
    Consumer<RegionOperation> told = before.get();
    if (told != null && !done) {
      told.accept(operation);
    }
  }

  private void put(byte[] value) {
    WriteSession session = engine.beginWrite(engine.options().durability(), Duration.ofSeconds(20));
    try {
      TableTree table = session.createTable(TABLE, false);
      byte[] key = String.valueOf(keys++).getBytes(StandardCharsets.US_ASCII);
      session.put(table, key, key.length, MemorySegment.ofArray(value), 0, value.length, 0);
      session.commit();
    } finally {
      session.rollback();
    }
  }

  private void cut(long sizeBytes) {
    try (FileChannel channel = FileChannel.open(data, StandardOpenOption.WRITE)) {
      channel.truncate(sizeBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long size() {
    try {
      return Files.size(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Cuts the file to a part of its length, and goes on as nothing had happened.
  private void cutBefore(Kind kind, int percent) {
    Thread self = Thread.currentThread();
    before.set(
        operation -> {
          // Else the checkpointer notices it, which another test is about.
          boolean own = kind.isSync() || self.equals(Thread.currentThread());
          if (operation.kind() == kind && own) {
            before.set(null);
            cut(size() * percent / 100);
          }
        });
  }

  /// Puts until the file is cut, and on until a put fails.
  ///
  /// @return what it failed with, null if none did
  private @Nullable Throwable putUntilRefused(Kind kind) {
    for (int i = 0; i < MOST_PUTS; i++) {
      try {
        put(VALUE);
      } catch (StoreException e) {
        return e;
      }
      assertTrue(kind.isSync() || before.get() != null, "acknowledged, with its pages cut off");
    }
    return null;
  }

  @ParameterizedTest
  @CsvSource({
    "CHECKPOINT, WRITE, 0",
    "CHECKPOINT, WRITE, 40",
    "CHECKPOINT, WRITE, 99",
    "CHECKPOINT, GROW, 0",
    "CHECKPOINT, GROW, 40",
    "CHECKPOINT, GROW, 99",
    "SYNC, WRITE, 0",
    "SYNC, WRITE, 60",
    "SYNC, SYNC_RANGE, 0",
    "SYNC, SYNC_RANGE, 60",
    "SYNC, SYNC, 60",
    "SYNC, GROW, 60",
  })
  void put_fileCutBeforeAnOperation_isTruncatedForEverybody(String mode, Kind kind, int percent) {
    open(mode);
    try (ChildJvm other = StoreRole.start(data.getParent(), mode)) {
      other.ask("add k 1");
      cutBefore(kind, percent);
      assertInstanceOf(StoreTruncatedException.class, putUntilRefused(kind));
      assertThrows(StoreTruncatedException.class, () -> put(VALUE));
      assertThrows(StoreTruncatedException.class, engine::checkpoint);
      String answer = other.attempt("try k 20000");
      assertTrue(answer.startsWith("threw StoreTruncatedException"), answer);
      assertEquals(0, other.finish());
    }
  }

  /// A long value is written in pieces, the last of them near the end of the file.
  @Test
  void put_fileCutInALongValue_isTruncatedAndNeverAcknowledged() {
    open("CHECKPOINT");
    for (int piece = 1; piece <= 10; piece++) {
      int[] left = {piece};
      before.set(
          operation -> {
            if (operation.kind() == Kind.WRITE && --left[0] == 0) {
              cut(size() / 2);
            }
          });
      assertThrows(StoreTruncatedException.class, () -> put(LONG_VALUE), "write " + piece);
      assertTrue(left[0] <= 0, "there is no write " + piece);
      before.set(null);
      CrashOracle.closeQuietly(engine);
      delete();
      open("CHECKPOINT");
    }
  }

  @Test
  void checkpoint_fileCutBeforeItsSync_isTruncated() {
    open("CHECKPOINT");
    put(VALUE);
    cutBefore(Kind.SYNC, 60);
    assertThrows(StoreTruncatedException.class, engine::checkpoint);
  }

  private void delete() {
    try {
      Files.delete(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

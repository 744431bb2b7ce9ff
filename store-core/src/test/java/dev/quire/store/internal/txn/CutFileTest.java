package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.RegionOperation;
import dev.quire.store.testing.RegionOperation.Kind;
import dev.quire.store.testing.WatchedRegion;
import java.io.IOException;
import java.io.RandomAccessFile;
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
    openSeen(mode);
    for (int i = 0; i < 300; i++) {
      put(VALUE);
    }
    engine.checkpoint();
  }

  /// Opens the store; its operations are shown to [#before].
  private void openSeen(String mode) {
    engine =
        Opening.open(
            data.getParent(),
            StoreRole.options(mode),
            StoreKind.DURABLE,
            new Opening.Seams(
                region -> new WatchedRegion(region, (operation, done) -> tell(operation, done)),
                Steps.NONE));
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

  @ParameterizedTest
  @CsvSource({"try k 1000", "get k"})
  void use_cutBehindTheMappingOfAProcess_isTruncatedThere(String command) {
    open("CHECKPOINT");
    try (ChildJvm other = StoreRole.start(data.getParent(), "CHECKPOINT")) {
      other.ask("add k 1");
      other.ask("get k");
      long mapped = size();
      while (size() < 2 * mapped) {
        put(VALUE);
      }
      cut(mapped + 8192);
      String answer = other.attempt(command);
      assertTrue(answer.startsWith("threw StoreTruncatedException"), answer);
      other.kill();
    }
  }

  /// Between the shorter mapping and the head that names it, a reader has the longer head.
  @Test
  void beginRead_ownProcessIsCuttingTheFile_mapsNoMore() {
    open("CHECKPOINT");
    DataFile file = engine.parts().data;
    long less = file.sizeBytes() / 2;
    file.mapLess(less);
    engine.beginRead().end();
    assertTrue(file.sizeBytes() <= less, "the reader mapped what is being cut off");
    file.mapAll();
    engine.beginRead().end();
    assertTrue(file.sizeBytes() > less, "nobody maps the file again");
  }

  /// Not every page at the end of a file is there to tell that nobody cut it.
  @Test
  void growth_lastPageOfAClosedFileIsWrittenMeanwhile_isNoCut() {
    open("CHECKPOINT");
    engine.close();
    openSeen("CHECKPOINT");
    long size = size();
    byte[] page = new byte[4096];
    swap(size - page.length, page);
    swap(size - page.length, page);
    before.set(
        operation -> {
          if (operation.kind() == Kind.GROW) {
            swap(size - page.length, page);
            before.set(null);
          }
        });
    while (size() == size) {
      put(VALUE);
    }
    swap(size - page.length, page);
    put(VALUE);
    assertNull(CrashOracle.violationsOf(engine));
  }

  /// Puts bytes into the file, and takes those that were there.
  private void swap(long at, byte[] bytes) {
    try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
      byte[] found = new byte[bytes.length];
      file.seek(at);
      file.readFully(found);
      file.seek(at);
      file.write(bytes);
      System.arraycopy(found, 0, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void open_pagesCutThatWereNeverUsed_isSoundAndGrows() throws IOException {
    open("CHECKPOINT");
    engine.close();
    try (ChildJvm other = StoreRole.start(data.getParent(), "CHECKPOINT")) {
      other.ask("addmany k 1 2000");
      other.ask("checkpoint");
      other.kill();
    }
    Files.delete(data.resolveSibling(StoreFiles.SHM));
    cut(size() - 8192);
    openSeen("CHECKPOINT");
    assertNull(CrashOracle.violationsOf(engine));
    long size = size();
    while (size() <= size) {
      put(VALUE);
    }
    assertNull(CrashOracle.violationsOf(engine));
  }

  private void delete() {
    try {
      Files.delete(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

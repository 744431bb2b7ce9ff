package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.CommitInDoubtException;
import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.internal.region.Region;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.JvmLaunch;
import dev.quire.store.testing.WatchedRegion;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a process joins a store that is open, or gets a clear word why it cannot; and whoever
/// finds that it works on other files than the others stops.
@Timeout(180)
class JoiningTest {

  private static final StoreOptions OPTIONS =
      StoreRole.options("SYNC").withLockTimeout(Duration.ofSeconds(20));

  @TempDir private Path directory;
  private Path store;

  @BeforeEach
  void name() {
    store = directory.resolve("store");
  }

  private static long increment(Engine engine) {
    return StoreRole.increment(engine, "k", Durability.SYNC, Duration.ofSeconds(20));
  }

  private static void assertSays(String word, Exception e) {
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(word), message);
  }

  @Test
  void open_sharedMemoryRemovedMeanwhile_isRefused() throws IOException {
    try (ChildJvm child = StoreRole.start(store, "SYNC")) {
      child.ask("add k 3");
      Files.delete(store.resolve(StoreFiles.SHM));
      assertSays(
          "missing", assertThrows(StoreLockedException.class, () -> Engine.open(store, OPTIONS)));
      StoreOptions toRead = OPTIONS.withReadOnly(true);
      assertSays(
          "missing", assertThrows(StoreLockedException.class, () -> Engine.open(store, toRead)));
      assertEquals("4", child.ask("add k 1"));
      assertEquals(0, child.finish());
    }
    requireCounter(4);
  }

  @Test
  void open_twoProcesses_onlyTheFirstHasMadeTheStore() {
    try (ChildJvm child = StoreRole.start(store, "SYNC")) {
      child.ask("add k 1");
      Engine second = Engine.open(store, OPTIONS);
      assertFalse(second.stats().isNew());
      second.close();
    }
    Engine other = Engine.open(store.resolveSibling("new"), OPTIONS);
    assertTrue(other.stats().isNew());
    other.close();
  }

  @Test
  void open_sharedMemoryOfAnotherStore_isRefused() throws IOException {
    Path other = directory.resolve("other");
    try (ChildJvm child = StoreRole.start(store, "SYNC");
        ChildJvm stranger = StoreRole.start(other, "SYNC")) {
      stranger.ask("add k 1");
      child.ask("add k 3");
      Files.delete(store.resolve(StoreFiles.SHM));
      Files.copy(other.resolve(StoreFiles.SHM), store.resolve(StoreFiles.SHM));
      assertSays(
          "replaced", assertThrows(StoreLockedException.class, () -> Engine.open(store, OPTIONS)));
      assertEquals("4", child.ask("add k 1"));
    }
  }

  @Test
  void write_lockRemovedMeanwhile_isRefusedBeforeTheCommit() throws IOException {
    Engine engine = Engine.open(store, OPTIONS);
    try (ChildJvm child = StoreRole.start(store, "SYNC")) {
      assertEquals("1", child.ask("add k 1"));
      assertEquals(2, increment(engine));
      Files.delete(store.resolve(StoreFiles.LOCK));
      // The child has let go of its turn, or lets go of it when it hears of this one's wish.
      String answer = child.attempt("try k 20000");
      while (!answer.startsWith("threw")) {
        answer = child.attempt("try k 20000");
      }
      assertTrue(answer.startsWith("threw StoreIoException"), answer);
      try (ChildJvm late = ChildJvm.start(StoreRole.class, store.toString())) {
        String refused = late.attempt("open SYNC");
        assertTrue(refused.startsWith("threw StoreLockedException"), refused);
      }
    } finally {
      assertThrows(StoreIoException.class, engine::close);
    }
  }

  @Test
  void write_dataReplacedMeanwhile_isRefusedBeforeTheCommit() throws IOException {
    Engine engine = Engine.open(store, OPTIONS);
    try (ChildJvm child = StoreRole.start(store, "SYNC")) {
      assertEquals("1", child.ask("add k 1"));
      Path copy = directory.resolve("copy");
      Files.copy(store.resolve(StoreFiles.DATA), copy);
      Files.move(copy, store.resolve(StoreFiles.DATA), StandardCopyOption.REPLACE_EXISTING);
      assertSays("replaced", assertThrows(StoreIoException.class, () -> increment(engine)));
    } finally {
      assertThrows(StoreIoException.class, engine::close);
    }
  }

  @Test
  void poison_inOneProcess_stopsAllUntilReopened() {
    try (ChildJvm first = StoreRole.start(store, "SYNC")) {
      first.ask("add k 3");
      Engine engine = Engine.open(store, OPTIONS);
      try {
        first.ask("poison");
        assertThrows(StoreFailedException.class, () -> increment(engine));
        assertEquals(3, StoreRole.counter(engine, "k"));
      } finally {
        engine.close();
      }
      assertThrows(StoreFailedException.class, () -> Engine.open(store, OPTIONS));
      String answer = first.attempt("try k 1000");
      assertTrue(answer.startsWith("threw StoreFailedException"), answer);
      assertEquals(0, first.finish());
    }
    requireCounter(3);
  }

  /// Another process, or another role in this one, has heard of an error that this commit's sync is
  /// not told.
  @Test
  void commit_poisonedWhileItSyncs_isInDoubt() {
    AtomicReference<Runnable> whenSynced = new AtomicReference<>(() -> {});
    Opening.Seams seams =
        new Opening.Seams(
            region ->
                new WatchedRegion(
                    region,
                    (operation, done) -> {
                      if (done && operation.role() == Region.SyncRole.COMMIT) {
                        whenSynced.get().run();
                      }
                    }),
            Steps.NONE);
    Engine engine = Opening.open(store, OPTIONS, StoreKind.DURABLE, seams);
    try {
      assertEquals(1, increment(engine));
      whenSynced.set(engine.parts().state::poison);
      assertThrows(CommitInDoubtException.class, () -> increment(engine));
      assertEquals(1, StoreRole.counter(engine, "k"));
      assertThrows(StoreFailedException.class, () -> increment(engine));
    } finally {
      engine.close();
    }
  }

  /// Something in this process opens and closes `lock`: its locks are gone, without a word.
  @Test
  void write_locksDroppedByAForeignClose_stopsThisProcessAlone() throws IOException {
    Engine engine = Engine.open(store, OPTIONS);
    try {
      assertEquals(1, increment(engine));
      WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ZERO);
      session.userWords(1, 2);
      new RandomAccessFile(store.resolve(StoreFiles.LOCK).toFile(), "rw").close();
      try (ChildJvm child = StoreRole.start(store, "SYNC")) {
        assertEquals("2", child.ask("add k 1"));
        assertThrows(StoreFailedException.class, session::commit);
        assertThrows(StoreFailedException.class, engine::beginRead);
        assertThrows(StoreFailedException.class, () -> increment(engine));
        assertEquals("3", child.ask("add k 1"));
        assertEquals("null", child.ask("check"));
      }
    } finally {
      engine.close();
    }
    requireCounter(3);
  }

  /// The same to a process that only reads: its pins are swept by the others, and it must hear of
  /// it without writing.
  @Test
  void read_locksDroppedByAForeignClose_endsWithTheNextSweep() throws IOException {
    Engine engine = Engine.open(store, OPTIONS);
    try {
      assertEquals(1, increment(engine));
      Snapshot snapshot = engine.beginRead();
      new RandomAccessFile(store.resolve(StoreFiles.LOCK).toFile(), "rw").close();
      try (ChildJvm child = StoreRole.start(store, "SYNC")) {
        assertEquals("2", child.ask("add k 1"));
        child.ask("pin");
        engine.parts().readers.sweep();
        assertThrows(StoreFailedException.class, engine::beginRead);
        // Its slot may be another one's by now.
        snapshot.end();
        assertEquals("1", child.ask("sweep"));
      }
    } finally {
      engine.close();
    }
    requireCounter(2);
  }

  @Test
  void open_hardLinkOfTheData_isRefused() throws IOException {
    Engine engine = Engine.open(store, OPTIONS);
    increment(engine);
    Path twin = directory.resolve("twin");
    Files.createDirectory(twin);
    Files.createLink(twin.resolve(StoreFiles.DATA), store.resolve(StoreFiles.DATA));
    assertSays("names", assertThrows(StoreLockedException.class, () -> Engine.open(twin, OPTIONS)));
    assertEquals(2, increment(engine));
    engine.close();
    Files.delete(twin.resolve(StoreFiles.DATA));
    requireCounter(2);
  }

  @Test
  void open_bySymbolicLink_isTheSameEngine() throws IOException {
    Engine engine = Engine.open(store, OPTIONS);
    Path link = directory.resolve("link");
    Files.createSymbolicLink(link, store);
    Engine same = Engine.open(link, OPTIONS);
    assertSame(engine, same);
    same.close();
    assertEquals(1, increment(engine));
    engine.close();
    assertFalse(engine.isOpen());
  }

  @Test
  void open_copyOfAnOpenStore_isAStoreOfItsOwn() throws IOException {
    try (ChildJvm child = StoreRole.start(store, "SYNC")) {
      child.ask("add k 5");
      child.ask("checkpoint");
      Path copy = directory.resolve("copy");
      Files.createDirectory(copy);
      for (String name : new String[] {StoreFiles.LOCK, StoreFiles.SHM, StoreFiles.DATA}) {
        Files.copy(store.resolve(name), copy.resolve(name));
      }
      Engine engine = Engine.open(copy, OPTIONS);
      assertEquals(6, increment(engine));
      engine.close();
      assertEquals("6", child.ask("add k 1"));
      assertEquals("7", child.ask("add k 1"));
    }
  }

  @Test
  void close_beforeTheOthers_leavesThemAtWork() {
    try (ChildJvm first = StoreRole.start(store, "SYNC");
        ChildJvm second = StoreRole.start(store, "SYNC")) {
      for (int i = 0; i < 3; i++) {
        Engine engine = Engine.open(store, OPTIONS);
        engine.beginRead();
        increment(engine);
        engine.close();
        assertEquals(Integer.toString(2 * i + 2), first.ask("add k 1"));
      }
      assertTrue(Files.exists(store.resolve(StoreFiles.SHM)));
      first.ask("close");
      assertEquals("7", second.ask("add k 1"));
      assertEquals("0", second.ask("sweep"));
      assertEquals("null", second.ask("check"));
      second.ask("close");
      assertFalse(Files.exists(store.resolve(StoreFiles.SHM)));
    }
    requireCounter(7);
  }

  /// A reader that comes while another process opens the store to write waits, and joins it.
  @Test
  void openReadOnly_whileAnotherProcessOpens_joinsIt() throws Exception {
    StoreOptions readOnly = OPTIONS.withReadOnly(true);
    try (ChildJvm writer = StoreRole.start(store, "SYNC")) {
      writer.ask("add k 1");
      // What an opener has before it makes `shm`: byte 0 and a process byte.
      Path hidden = directory.resolve("hidden");
      assertEquals("1", writer.ask("take 0 1"));
      Files.move(store.resolve(StoreFiles.SHM), hidden);
      List<Engine> opened = new ArrayList<>();
      Thread reader = new Thread(() -> opened.add(Engine.open(store, readOnly)));
      reader.start();
      while (reader.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      Files.move(hidden, store.resolve(StoreFiles.SHM));
      writer.ask("drop 0");
      reader.join();
      assertEquals("2", writer.ask("add k 1"));
      assertEquals(2, StoreRole.counter(opened.getFirst(), "k"));
      opened.getFirst().close();
    }
  }

  @Test
  void open_noPlaceIsLeft_isRefused() {
    try (ChildJvm crowd = StoreRole.start(store, "SYNC")) {
      crowd.ask("add k 1");
      assertEquals(
          Integer.toString(ProcessTable.SLOTS - 1),
          crowd.ask("take 16 " + (16 + ProcessTable.SLOTS)));
      assertSays(
          "240 processes",
          assertThrows(StoreLockedException.class, () -> Engine.open(store, OPTIONS)));
      crowd.ask("drop 255");
      Engine engine = Engine.open(store, OPTIONS);
      assertEquals(ProcessTable.SLOTS - 1, engine.parts().locks.slot());
      assertEquals(2, increment(engine));
      engine.close();
      assertEquals("3", crowd.ask("add k 1"));
    }
    requireCounter(3);
  }

  @Test
  void open_anotherProcessIsStoppedInOpening_saysSoInTime() {
    try (ChildJvm child = StoreRole.start(store, "SYNC")) {
      assertEquals("1", child.ask("take 0 1"));
      child.freeze();
      StoreOptions hasty = OPTIONS.withLockTimeout(Duration.ofMillis(50));
      for (boolean readOnly : new boolean[] {false, true}) {
        StoreOptions options = hasty.withReadOnly(readOnly);
        assertSays(
            "opening", assertThrows(StoreLockedException.class, () -> Engine.open(store, options)));
      }
      child.thaw();
      child.ask("drop 0");
      Engine engine = Engine.open(store, hasty);
      assertEquals("1", child.ask("add k 1"));
      engine.close();
    }
  }

  /// Creation stops in the middle, here at a limit for the length of files: what it leaves is not
  /// taken for a damaged store, nor for a store.
  @Test
  void open_creationStoppedInTheMiddle_leavesNoStore() {
    JvmLaunch limited =
        JvmLaunch.of(StoreRole.class).under("sh", "-c", "ulimit -f 100 && exec \"$@\"", "sh");
    try (ChildJvm child = ChildJvm.start(limited, store.toString())) {
      String answer = child.attempt("open SYNC");
      assertTrue(answer.startsWith("threw Store"), answer);
      assertFalse(Files.exists(store.resolve(StoreFiles.DATA)));
      child.kill();
    }
    requireCounter(0);
  }

  private void requireCounter(long value) {
    Engine engine = Engine.open(store, OPTIONS);
    try {
      assertEquals(value, StoreRole.counter(engine, "k"));
      assertNull(CrashOracle.violationsOf(engine));
    } finally {
      engine.close();
    }
  }
}

package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.errors.UnsupportedFormatException;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ChildJvm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: files that are put in the place of a store's, or written over them, are found before more
/// is committed to them; a `shm` of another boot or another library is never believed.
@Timeout(120)
class ForeignFilesTest {

  private static final StoreOptions OPTIONS =
      StoreRole.options("SYNC").withLockTimeout(Duration.ofSeconds(20));

  /// Longer than a process goes on before it looks at its files.
  private static final long LOOK_NANOS = 2_000_000;

  @TempDir private Path directory;
  private Path store;
  private Path data;

  @BeforeEach
  void name() {
    store = directory.resolve("store");
    data = store.resolve(StoreFiles.DATA);
  }

  private static long increment(Engine engine) {
    return StoreRole.increment(engine, "k", Durability.SYNC, Duration.ofSeconds(20));
  }

  private static void assertSays(String word, Exception e) {
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(word), message);
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

  private static void awaitLook() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < LOOK_NANOS) {
      Thread.onSpinWait();
    }
  }

  /// Moves a copy of the file over the file itself: the bytes are the same, the file is another.
  private void replace(String name) throws IOException {
    Path copy = directory.resolve("copy-of-" + name);
    if (name.equals(StoreFiles.LOCK)) {
      // To open and close it here would drop the locks of this process.
      Files.createFile(copy);
    } else {
      Files.copy(store.resolve(name), copy);
    }
    Files.move(copy, store.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void commit_dataReplacedInALongTransaction_isRefused() throws IOException {
    replaceInATransaction(StoreFiles.DATA);
  }

  @Test
  void commit_lockReplacedInALongTransaction_isRefused() throws IOException {
    replaceInATransaction(StoreFiles.LOCK);
  }

  private void replaceInATransaction(String name) throws IOException {
    Engine engine = Engine.open(store, OPTIONS);
    assertEquals(1, increment(engine));
    WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ZERO);
    session.userWords(1, 2);
    replace(name);
    awaitLook();
    assertSays("replaced", assertThrows(StoreIoException.class, session::commit));
    assertThrows(StoreIoException.class, () -> increment(engine));
    assertThrows(StoreIoException.class, engine::checkpoint);
    assertThrows(StoreIoException.class, engine::close);
  }

  /// The turn goes from process to process or stays where it is: each of them finds it out.
  @Test
  void commit_dataReplaced_isRefusedInEveryProcess() throws IOException {
    try (ChildJvm busy = StoreRole.start(store, "CHECKPOINT");
        ChildJvm other = StoreRole.start(store, "CHECKPOINT")) {
      other.ask("add k 1");
      busy.tell("transfer writer 1");
      assertEquals(StoreRole.DOES, busy.next());
      busy.next();
      replace(StoreFiles.DATA);
      String said = busy.next();
      while (!said.startsWith("threw")) {
        said = busy.next();
      }
      assertTrue(said.contains("StoreIoException") && said.contains("replaced"), said);
      String answer = other.attempt("try k 20000");
      assertTrue(answer.startsWith("threw StoreIoException"), answer);
    }
  }

  private byte[] backup() throws IOException {
    Engine engine = Engine.open(store, OPTIONS);
    for (int i = 0; i < 3; i++) {
      increment(engine);
    }
    engine.close();
    return Files.readAllBytes(data);
  }

  @Test
  void open_olderDataCopiedOverTheClosedStore_isTheOlderState() throws IOException {
    byte[] older = backup();
    Engine engine = Engine.open(store, OPTIONS);
    assertEquals(4, increment(engine));
    engine.close();
    Files.write(data, older);
    requireCounter(3);
  }

  @Test
  void open_olderDataCopiedOverTheStoreOfADeadProcess_isTheOlderState() throws IOException {
    byte[] older = backup();
    try (ChildJvm child = StoreRole.start(store, "SYNC")) {
      assertEquals("10", child.ask("add k 7"));
      child.kill();
    }
    Files.write(data, older);
    requireCounter(3);
  }

  /// A forced unmount, or an error that nobody heard of, has dropped what only the page cache had:
  /// the pages of the head in `shm`, but not the log, which was synced.
  @Test
  void open_pagesOfADeadProcessLost_recoversFromTheLog() throws IOException {
    try (ChildJvm child = StoreRole.start(store, "SYNC")) {
      assertEquals("9", child.ask("add k 9"));
      child.kill();
    }
    try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
      long pages = 4L * 4096 + OPTIONS.ringSizeBytes();
      file.seek(pages);
      file.write(new byte[(int) (file.length() - pages)]);
    }
    requireCounter(9);
  }

  /// As `cp` does it, which cuts the file first, and as it looks when the two are of one length.
  @Test
  void commit_olderDataCopiedOverTheOpenStore_isRefusedInEveryProcess() throws IOException {
    byte[] older = backup();
    for (boolean cut : new boolean[] {false, true}) {
      Files.write(data, older);
      Engine engine = Engine.open(store, OPTIONS);
      try (ChildJvm other = StoreRole.start(store, "SYNC")) {
        other.ask("add k 1");
        other.ask("checkpoint");
        assertEquals(5, increment(engine));
        Files.write(
            data, older, cut ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.WRITE);
        awaitLook();
        assertThrows(StoreException.class, () -> increment(engine));
        Class<? extends StoreException> refused =
            cut ? StoreTruncatedException.class : StoreFailedException.class;
        assertThrows(refused, () -> increment(engine));
        String answer = other.attempt("try k 20000");
        assertTrue(answer.startsWith("threw " + refused.getSimpleName()), answer);
        assertEquals(0, other.finish());
      }
      engine.close();
      requireCounter(3);
    }
  }

  @Test
  void checkpoint_olderDataCopiedOverTheOpenStore_isNotWritten() throws IOException {
    byte[] older = backup();
    Engine engine = Engine.open(store, OPTIONS);
    increment(engine);
    engine.checkpoint();
    increment(engine);
    Files.write(data, older, StandardOpenOption.WRITE);
    CorruptPageException e = assertThrows(CorruptPageException.class, engine::checkpoint);
    assertSays("something outside the store", e);
    engine.close();
    requireCounter(3);
  }

  /// Changes words of `shm` as another library or another boot would have them.
  private void forge(long offset, long value, int bytes) throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(store.resolve(StoreFiles.SHM).toFile(), "rw")) {
      file.seek(offset);
      for (int i = 0; i < bytes; i++) {
        file.write((int) (value >>> 8 * i));
      }
    }
  }

  @Test
  void open_besideAProcessWithAnotherLibrary_isRefusedByName() throws IOException {
    try (ChildJvm child = StoreRole.start(store, "SYNC")) {
      child.ask("add k 3");
      forge(SharedHeader.MAGIC_WORD + Long.BYTES, SharedHeader.VERSION + 1, Integer.BYTES);
      UnsupportedFormatException e =
          assertThrows(UnsupportedFormatException.class, () -> Engine.open(store, OPTIONS));
      assertSays("version " + (SharedHeader.VERSION + 1), e);
      assertEquals("4", child.ask("add k 1"));
      child.kill();
    }
    // Nobody has it open any more: `shm` of the other library is of no use, and not needed.
    requireCounter(4);
  }

  @Test
  void open_besideAProcessOfAnotherBoot_isRefused() throws IOException {
    try (ChildJvm child = StoreRole.start(store, "SYNC")) {
      child.ask("add k 3");
      forge(SharedHeader.BOOT_ID, 1, Long.BYTES);
      assertThrows(StoreLockedException.class, () -> Engine.open(store, OPTIONS));
      assertEquals("4", child.ask("add k 1"));
    }
    requireCounter(4);
  }

  /// The directory lay on another machine when its process died: `shm` tells another boot, and what
  /// it says must not be believed; here it calls a transaction the head that never was.
  @Test
  void open_directoryFromAnotherMachine_recoversFromDataAlone() throws IOException {
    try (ChildJvm child = StoreRole.start(store, "SYNC")) {
      child.ask("add k 9");
      child.kill();
    }
    forge(SharedHeader.BOOT_ID, 1, Long.BYTES);
    forge(SharedHeader.HEAD, 4, Long.BYTES);
    requireCounter(9);
    // Moved file by file: all of them have other identities as well.
    try (ChildJvm child = StoreRole.start(store, "SYNC")) {
      child.ask("add k 1");
      child.kill();
    }
    Path moved = Files.createDirectory(directory.resolve("moved"));
    for (String name : new String[] {StoreFiles.DATA, StoreFiles.SHM, StoreFiles.LOCK}) {
      Files.copy(store.resolve(name), moved.resolve(name));
    }
    store = moved;
    forge(SharedHeader.BOOT_ID, 1, Long.BYTES);
    forge(SharedHeader.HEAD, 4, Long.BYTES);
    requireCounter(10);
  }
}

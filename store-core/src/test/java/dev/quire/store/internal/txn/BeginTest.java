package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a snapshot, a commit and a checkpoint make sure of before they go on: that the catalogue is
/// where the head says, and that nobody cut the file.
class BeginTest {

  /// Where a page says its number, and its stamp.
  private static final int[] IDENTITY = {4, 8};

  @TempDir private Path directory;

  private Engine engine = Engine.inMemory(StoreOptions.defaults());

  @BeforeEach
  void open() {
    engine.close();
    engine = Engine.open(directory.resolve("store"), StoreOptions.defaults());
    put(1);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void put(int number) {
    WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ofSeconds(10));
    try {
      session.createTable(new byte[] {(byte) ('a' + number)}, false);
      session.commit();
    } finally {
      session.rollback();
    }
  }

  private interface Edit {
    void apply(RandomAccessFile file) throws IOException;
  }

  private void edit(Edit edit) throws IOException {
    Path data = directory.resolve("store").resolve(StoreFiles.DATA);
    try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
      edit.apply(file);
    }
  }

  private void flipRoot(int offset) throws IOException {
    long pageNo = PageRef.pageNo(engine.parts().state.head().catalogueRef());
    edit(
        file -> {
          file.seek(pageNo * engine.parts().pageSizeBytes() + offset);
          int found = file.read();
          file.seek(pageNo * engine.parts().pageSizeBytes() + offset);
          file.write(found ^ 1);
        });
  }

  @Test
  void beginRead_rootIsNotTheOneOfTheHead_isCorrupt() throws IOException {
    for (int offset : IDENTITY) {
      flipRoot(offset);
      assertThrows(CorruptPageException.class, engine::beginRead, "offset " + offset);
      assertEquals(0, engine.stats().readers());
      flipRoot(offset);
      engine.beginRead().end();
      put(2 + offset);
    }
  }

  @Test
  void beginRead_fileWasCut_isTruncatedAndRefusesWrites() throws IOException {
    long size = engine.parts().region.sizeBytes();
    edit(file -> file.setLength(size - 1));
    assertFalse(engine.stats().poisoned());
    assertThrows(StoreTruncatedException.class, this::beginOften);
    assertTrue(engine.stats().poisoned());
    assertEquals(0, engine.stats().readers());
  }

  /// One of so many beginnings looks at the file.
  private void beginOften() {
    for (int i = 0; i <= 1 << 10; i++) {
      engine.beginRead().end();
    }
  }

  /// A commit looks if the last look was some time ago.
  @Test
  void commit_fileWasCut_isTruncatedBeforeItIsPublished() throws IOException {
    long size = engine.parts().region.sizeBytes();
    edit(file -> file.setLength(size - 1));
    long before = engine.stats().txnId();
    long start = System.nanoTime();
    while (System.nanoTime() - start < 2_000_000) {
      Thread.onSpinWait();
    }
    assertThrows(StoreTruncatedException.class, () -> put(2));
    assertTrue(engine.stats().poisoned());
    assertEquals(before, engine.stats().txnId());
  }

  @Test
  void checkpoint_fileWasCut_isTruncatedBeforeTheSuperblock() throws IOException {
    long durable = engine.parts().state.durableSequence();
    long size = engine.parts().region.sizeBytes();
    edit(file -> file.setLength(size - 1));
    assertThrows(StoreTruncatedException.class, engine::checkpoint);
    assertTrue(engine.stats().poisoned());
    assertEquals(durable, engine.parts().state.durableSequence());
  }
}

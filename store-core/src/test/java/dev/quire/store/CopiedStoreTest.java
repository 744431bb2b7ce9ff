package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.StoreException;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.CheckedStore;
import dev.quire.store.testing.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: whatever is copied or moved onto or from the files of a store, what is read is a committed
/// state or there is a clear error; and a copy never disturbs the store that it was made of.
@Timeout(120)
class CopiedStoreTest {

  private static final StoreOptions OPTIONS = StoreUser.options();

  @TempDir private Path directory;
  private Path path;
  private Path copy;

  @BeforeEach
  void name() {
    path = directory.resolve("store");
    copy = directory.resolve("copy");
  }

  /// Does what `cp -r` does, and something else when the first `bytes` of `data` are copied.
  private void copyTree(long bytes, Runnable meanwhile) throws IOException {
    Files.createDirectory(copy);
    for (String name : new String[] {"data", "lock", "shm"}) {
      try (FileChannel from = FileChannel.open(path.resolve(name));
          FileChannel to =
              FileChannel.open(
                  copy.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        for (long at = 0; from.read(buffer.clear(), at) > 0; at += buffer.position()) {
          if (name.equals("data") && at <= bytes && bytes < at + buffer.position()) {
            meanwhile.run();
          }
          to.write(buffer.duplicate().flip(), at);
        }
      }
    }
  }

  private static StoreOptions readOnly() {
    return OPTIONS.withReadOnly(true);
  }

  @Test
  void open_copyOfAnOpenStore_isItsNewestStateAndAStoreOfItsOwn() throws IOException {
    try (ChildJvm writer = StoreUser.start(path)) {
      writer.ask("rounds 1 20");
      copyTree(0, () -> {});
      try (Store store = Store.open(copy, readOnly())) {
        Rounds.require(store);
        assertTrue(store.stats().behind());
      }
      try (Store store = Store.open(copy, OPTIONS)) {
        assertEquals(20, Rounds.require(store));
        Rounds.write(store, 100);
        CheckedStore.assertClean(store);
      }
      writer.ask("rounds 21 30");
      assertEquals("30", writer.ask("require"));
      assertEquals(0, writer.finish());
    }
    requireRound(path, 30);
    requireRound(copy, 100);
  }

  private static void requireRound(Path store, long round) {
    try (Store opened = Store.open(store, OPTIONS)) {
      assertEquals(round, Rounds.require(opened));
      CheckedStore.assertClean(opened);
    }
  }

  /// The superblock is copied first; what it names is used again before it is copied.
  @Test
  void open_copyThatTookLong_isRefusedAgainAndAgain() throws IOException {
    try (ChildJvm writer = StoreUser.start(path)) {
      writer.ask("rounds 1 20");
      writer.ask("checkpoint");
      copyTree(
          4L << 20,
          () -> {
            writer.ask("rounds 21 24");
            writer.ask("checkpoint");
            writer.ask("rounds 25 40");
          });
      for (int i = 0; i < 2; i++) {
        assertRefused(readOnly());
        assertRefused(OPTIONS);
      }
      writer.ask("rounds 41 42");
      assertEquals("42", writer.ask("require"));
    }
  }

  private void assertRefused(StoreOptions options) {
    CorruptPageException e =
        assertThrows(
            CorruptPageException.class,
            () -> {
              try (Store store = Store.open(copy, options)) {
                Rounds.require(store);
              }
            });
    assertTrue(String.valueOf(e.getMessage()).contains("copied while"), e.getMessage());
  }

  @Test
  void open_copiesMadeWhileItIsWritten_areRightOrRefused() throws IOException {
    try (ChildJvm writer = StoreUser.start(path)) {
      writer.ask("rounds 1 5");
      for (int i = 0; i < 6; i++) {
        writer.tell("rounds 10 20");
        copyTree(0, () -> {});
        try (Store store = Store.open(copy, OPTIONS)) {
          Rounds.require(store);
        } catch (StoreException e) {
          assertTrue(String.valueOf(e.getMessage()).contains("copied while"), e.getMessage());
        }
        assertEquals("20", writer.next());
        delete();
      }
    }
    requireRound(path, 20);
  }

  private void delete() throws IOException {
    try (var files = Files.list(copy)) {
      for (Path file : Objects.requireNonNull(files.toList())) {
        Files.delete(file);
      }
    }
    Files.delete(copy);
  }
}

package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file with so many page numbers that its space map has three levels. Nearly all of it is a
/// hole.
class LargeFileTest {

  /// More than the page numbers of two levels of the map.
  private static final long HUGE_BYTES = 68L << 30;

  private static final byte[] VALUE = {1, 2, 3};

  @Test
  void close_afterAHugeFile_opensAgainAndIsSmall(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("store");
    try (Store store = Store.open(path)) {
      grow(store);
    }
    assertTrue(Files.size(path.resolve("data")) < 16 << 20);
    assertTimeoutPreemptively(Duration.ofSeconds(60), () -> requireUsable(path));
  }

  @Test
  void checkpoint_ofAHugeFile_isReadAndPlannedAgain(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("store");
    try (Store store = Store.open(path)) {
      grow(store);
      store.checkpoint();
      store.table("entries").put(VALUE, VALUE);
      store.checkpoint();
      assertTrue(store.check().isClean());
    }
    assertTimeoutPreemptively(Duration.ofSeconds(60), () -> requireUsable(path));
  }

  /// A value that never comes takes its pages all the same; an entry behind them keeps them below
  /// the high-water page.
  private static void grow(Store store) {
    Table table = store.table("entries");
    table.put(new byte[] {0}, VALUE);
    ByteArrayInputStream tooShort = new ByteArrayInputStream(VALUE);
    assertThrows(EOFException.class, () -> table.put(new byte[] {9}, tooShort, HUGE_BYTES));
    table.put(new byte[] {5}, VALUE);
  }

  private static void requireUsable(Path path) {
    try (Store store = Store.open(path)) {
      assertArrayEquals(VALUE, store.table("entries").get(new byte[] {5}));
      store.table("entries").put(new byte[] {6}, VALUE);
      assertTrue(store.check().isClean());
    }
  }
}

package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tutorial of the README, executed. What stands between `// tutorial` and `// end` here is,
/// piece by piece, the code of the README.
class TutorialTest {

  @TempDir Path directory;

  // tutorial
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  // end

  @Test
  void tutorial_entriesAndTransactions() {
    Path path = directory.resolve("my.quire");
    // tutorial
    Store store = Store.open(path); // makes the store if there is none; close it in the end
    Table users = store.table("users");
    users.put(bytes("ada"), bytes("Ada Lovelace"));
    byte[] name = users.get(bytes("ada")); // a copy, or null
    // end
    assertNotNull(name);
    assertEquals("Ada Lovelace", text(name));
    assertNull(users.get(bytes("grace")));
    // tutorial
    store.write(
        txn -> {
          txn.table("users").put(bytes("grace"), bytes("Grace Hopper"));
          txn.table("emails").put(bytes("grace@navy.mil"), bytes("grace"));
        });
    // end
    assertEquals(List.of("emails", "users"), store.tables());
    // tutorial
    boolean before;
    try (ReadTxn snapshot = store.beginRead()) {
      users.delete(bytes("ada"));
      before = snapshot.table("users").contains(bytes("ada")); // true
    }
    boolean now = users.contains(bytes("ada")); // false
    // end
    assertTrue(before);
    assertFalse(now);
    // tutorial
    try (WriteTxn txn = store.beginWrite()) {
      txn.table("users").put(bytes("alan"), bytes("Alan Turing"));
      try (Savepoint savepoint = txn.savepoint()) {
        txn.table("users").clear();
        savepoint.rollback(); // or release(), to keep what was done
      }
      txn.commit(); // without it, closing undoes everything
    }
    // end
    assertEquals(2, users.count());
    assertTrue(store.check().isClean());
    store.close();
  }

  @Test
  void tutorial_ranges() {
    try (Store store = Store.open(directory.resolve("my.quire"))) {
      Table users = store.table("users");
      for (String name : List.of("ada", "alan", "barbara", "grace")) {
        users.put(bytes(name), bytes(name.toUpperCase(Locale.ROOT)));
      }
      // tutorial
      List<String> found = new ArrayList<>();
      try (Cursor cursor = users.cursor(KeyRange.prefix(bytes("a")).reversed())) {
        while (cursor.next()) {
          found.add(text(cursor.key()) + " = " + text(cursor.valueBytes())); // alan, then ada
        }
      }
      long deleted = users.deleteRange(KeyRange.between(bytes("b"), bytes("h")));
      // end
      assertEquals(List.of("alan = ALAN", "ada = ADA"), found);
      assertEquals(2, deleted);
      // tutorial
      Table prices = store.table("prices", TableOptions.defaults().withIntegerKeys(true));
      for (long second = 0; second < 100; second++) {
        prices.put(second, bytes("1" + second));
      }
      long newest;
      try (Cursor cursor = prices.cursor()) {
        cursor.seekAtMost(1_000);
        newest = cursor.longKey(); // 99
      }
      // end
      assertEquals(99, newest);
    }
  }

  @Test
  void tutorial_together() throws InterruptedException {
    try (Store store = Store.open(directory.resolve("my.quire"))) {
      // tutorial
      Table counters = store.table("counters");
      long visits = counters.increment(bytes("visits"), 1); // 8 bytes, big-endian
      boolean first = counters.compareAndSet(bytes("leader"), null, bytes("ada")); // none yet
      boolean gone = counters.delete(bytes("leader"), bytes("grace")); // if it is grace: it is not
      // end
      assertEquals(1, visits);
      assertTrue(first);
      assertFalse(gone);
      // tutorial
      StoreMap<String, Long> stock = store.map("stock", Codecs.STRING, Codecs.INT64);
      stock.put("apple", 3L);
      stock.merge("pear", 2L, Long::sum);
      String last = stock.headMap("orange").lastKey(); // apple
      // end
      assertEquals("apple", last);
      // tutorial
      StoreMap<String, String> pages = store.map("pages", Codecs.STRING, Codecs.STRING);
      String page = pages.getOrCompute("/index", key -> "made for " + key);
      // end
      assertEquals("made for /index", page);
      // tutorial
      StoreLock lock = store.lock("rebuild");
      if (lock.tryLock(Duration.ofSeconds(5))) {
        try {
          counters.put(bytes("rebuilt by"), bytes("holder " + lock.fence()));
        } finally {
          lock.unlock();
        }
      }
      // end
      assertFalse(lock.isHeld());
      assertTrue(counters.contains(bytes("rebuilt by")));
      // tutorial
      List<String> told = new ArrayList<>();
      try (Watch watch = store.watch(ChangeScope.table("counters"))) {
        counters.increment(bytes("visits"), 41);
        counters.delete(bytes("leader"));
        Changes changes = watch.poll(Duration.ofSeconds(1)); // or follow(handler)
        while (changes != null && changes.next()) {
          told.add(changes.kind() + " " + text(changes.key())); // DELETE leader, then PUT visits
        }
      }
      // end
      assertEquals(List.of("DELETE leader", "PUT visits"), told);
    }
  }

  @Test
  void tutorial_withoutCopies() throws IOException {
    Path file = Files.write(directory.resolve("photo.jpg"), new byte[300_000]);
    try (Store store = Store.open(directory.resolve("my.quire"))) {
      // tutorial
      Table photos = store.table("photos");
      try (InputStream photo = Files.newInputStream(file)) {
        photos.put(bytes("ada"), photo, Files.size(file)); // never in the heap as a whole
      }
      long size = photos.get(bytes("ada"), value -> value.byteSize()); // a MemorySegment, in place
      byte[] part = photos.get(bytes("ada"), 100_000, 16);

      byte[] buffer = new byte[1024];
      long length = photos.getInto(bytes("ada"), buffer); // allocates nothing
      // end
      assertEquals(300_000, size);
      assertArrayEquals(new byte[16], part);
      assertEquals(300_000, length);
    }
  }

  @Test
  void tutorial_durability() {
    Path path = directory.resolve("my.quire");
    // tutorial
    StoreOptions options =
        StoreOptions.defaults().withDurability(Durability.interval(Duration.ofMillis(100)));
    try (Store orders = Store.open(path, options);
        WriteTxn txn = orders.beginWrite(Durability.SYNC)) { // this one waits for the disk
      txn.table("orders").put(1, bytes("a million roses"));
      txn.commit();
    }
    // end
    try (Store store = Store.open(path)) {
      assertEquals(1, store.table("orders").count());
    }
  }

  @Test
  void tutorial_sharedMemory() {
    // tutorial
    try (Store shared = Store.shared("tutorial")) { // in every process; the first one makes it
      shared.table("users").put(bytes("ada"), bytes("Ada Lovelace"));
    }
    // end
    try (Store shared = Store.shared("tutorial")) {
      assertTrue(shared.table("users").contains(bytes("ada")));
    }
    assertTrue(Store.unlinkShared("tutorial"));
  }

  @Test
  void readme_javaBlocks_areThisCode() throws IOException {
    Path readme = Path.of("..", "README.md").toAbsolutePath().normalize();
    Path source =
        Path.of("src", "test", "java", "dev", "quire", "store", "TutorialTest.java")
            .toAbsolutePath();
    assertEquals(pieces(Files.readAllLines(source)), javaBlocks(Files.readAllLines(readme)));
  }

  /// The pieces of this file, without their indent.
  private static List<String> pieces(List<String> lines) {
    List<String> pieces = new ArrayList<>();
    List<String> piece = null;
    for (String line : lines) {
      if (line.strip().equals("// tutorial")) {
        piece = new ArrayList<>();
      } else if (line.strip().equals("// end") && piece != null) {
        pieces.add(String.join("\n", piece).stripTrailing().stripIndent());
        piece = null;
      } else if (piece != null) {
        piece.add(line);
      }
    }
    return pieces;
  }

  /// The code of the README's tutorial, a block for each.
  private static List<String> javaBlocks(List<String> lines) {
    List<String> blocks = new ArrayList<>();
    StringBuilder block = null;
    for (String line : lines) {
      if (block == null && line.equals("```java")) {
        block = new StringBuilder();
      } else if (block != null && line.equals("```")) {
        blocks.add(block.toString().strip());
        block = null;
      } else if (block != null) {
        block.append(line).append('\n');
      }
    }
    return blocks;
  }
}

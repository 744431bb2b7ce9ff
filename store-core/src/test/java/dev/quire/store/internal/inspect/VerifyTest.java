package dev.quire.store.internal.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.TableOptions;
import dev.quire.store.WriteTxn;
import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.tree.TreeWalk;
import dev.quire.store.internal.txn.Catalogue;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.Snapshot;
import dev.quire.store.options.Checksums;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: with [Checksums#VERIFY] a flipped bit in the used part of a page is never read as a value.
///
/// Method: in a store that is open, one bit after the other is flipped in the file, in each field
/// of each kind of page and at random, and everything is read.
class VerifyTest {

  private static final StoreOptions VERIFY =
      StoreOptions.defaults().withChecksums(Checksums.VERIFY);

  private static final List<String> TABLES = List.of("bytes", "integers", "long");

  @TempDir private Path directory;

  /// Byte ranges that some page uses.
  private record Used(long from, long to) {}

  private static void fill(Store store) {
    store.table("integers", TableOptions.defaults().withIntegerKeys(true));
    store.write(
        txn -> {
          for (int i = 0; i < 1_500; i++) {
            byte[] key = ("key " + i * 7919L % 1_500).getBytes(UTF_8);
            txn.table("bytes").put(key, new byte[20 + i % 30]);
            txn.table("integers").put(i, new byte[10]);
          }
          for (int i = 0; i < 3; i++) {
            byte[] longKey = new byte[3_000];
            longKey[2_999] = (byte) i;
            txn.table("long").put(longKey, new byte[70_000 + i]);
          }
        });
  }

  private static long readAll(Store store) {
    long sum = 0;
    try (ReadTxn txn = store.beginRead()) {
      for (String name : txn.tables()) {
        try (Cursor cursor = txn.table(name).cursor(KeyRange.all())) {
          while (cursor.next()) {
            sum = 31 * sum + Arrays.hashCode(cursor.key()) + Arrays.hashCode(cursor.valueBytes());
          }
        }
      }
    }
    return sum;
  }

  private static List<Used> usedRanges(Engine engine) {
    List<Used> used = new ArrayList<>();
    Snapshot snapshot = engine.beginRead();
    try {
      int pageSize = snapshot.pageSizeBytes();
      TreeWalk.Visitor visitor =
          new TreeWalk.Visitor() {
            @Override
            public boolean page(long ref, MemorySegment segment, long page, int depth) {
              long shape = PageHeader.shape(segment, page);
              used.add(new Used(page, page + PageHeader.SIZE_BYTES));
              used.add(new Used(page, page + PageExtent.lowEnd(shape)));
              if (PageHeader.heapBytes(shape) > 0) {
                used.add(
                    new Used(page + PageExtent.heapStart(shape, pageSize), page + (long) pageSize));
              }
              return true;
            }

            @Override
            public void run(long ref, long lengthBytes) {
              long page = PageRef.pageNo(ref) * pageSize;
              used.add(new Used(page, page + 26));
              used.add(new Used(page + 32, page + OverflowPage.DATA + lengthBytes));
            }
          };
      TreeWalk.walk(snapshot, snapshot.catalogueRef(), visitor);
      for (String name : TABLES) {
        TableRecord record = snapshot.findTable(name.getBytes(UTF_8));
        TreeWalk.walk(snapshot, Catalogue.root(Objects.requireNonNull(record)).ref, visitor);
      }
    } finally {
      snapshot.end();
    }
    return used;
  }

  private static void flip(RandomAccessFile file, long offset, int bit) throws IOException {
    file.seek(offset);
    int found = file.read();
    file.seek(offset);
    file.write(found ^ 1 << bit);
  }

  @Test
  void read_flippedBitAnywhere_isCorrupt() throws IOException {
    SplittableRandom random = new SplittableRandom(Campaign.seed());
    Path path = directory.resolve("store");
    try (Store store = Store.open(path, VERIFY);
        RandomAccessFile file = new RandomAccessFile(path.resolve("data").toFile(), "rw")) {
      fill(store);
      long right = readAll(store);
      Engine engine = Engine.open(path, VERIFY);
      List<Used> used = usedRanges(engine);
      int tried = 0;
      for (Used range : used) {
        long[] offsets = {
          range.from,
          range.to - 1,
          random.nextLong(range.from, range.to),
          Math.min(range.from + 4, range.to - 1)
        };
        for (long offset : offsets) {
          int bit = random.nextInt(8);
          flip(file, offset, bit);
          assertThrows(
              CorruptPageException.class,
              () -> readAll(store),
              () -> "byte " + offset + ", -Dquire.seed=" + Campaign.seed());
          flip(file, offset, bit);
          tried++;
        }
      }
      assertEquals(right, readAll(store));
      engine.close();
      Campaign.note(tried + " flipped bits in " + used.size() + " ranges");
    }
  }

  @Test
  void write_flippedBitInThePage_isCorruptAndNotCopied() throws IOException {
    Path path = directory.resolve("store");
    try (Store store = Store.open(path, VERIFY);
        RandomAccessFile file = new RandomAccessFile(path.resolve("data").toFile(), "rw")) {
      store.table("t").put(new byte[] {1}, new byte[100]);
      long last = lastLeafEnd(path);
      flip(file, last - 1, 3);
      try (WriteTxn txn = store.beginWrite()) {
        assertThrows(
            CorruptPageException.class, () -> txn.table("t").put(new byte[] {2}, new byte[3]));
      }
      flip(file, last - 1, 3);
      store.table("t").put(new byte[] {2}, new byte[3]);
      assertEquals(2, store.table("t").count());
    }
  }

  /// Where the only leaf of table `t` ends.
  private static long lastLeafEnd(Path path) {
    Engine engine = Engine.open(path, VERIFY);
    Snapshot snapshot = engine.beginRead();
    try {
      TableRecord record = snapshot.findTable("t".getBytes(UTF_8));
      long ref = Catalogue.root(Objects.requireNonNull(record)).ref;
      return (PageRef.pageNo(ref) + 1) * snapshot.pageSizeBytes();
    } finally {
      snapshot.end();
      engine.close();
    }
  }

  @Test
  void read_withoutVerifying_doesNotNotice() throws IOException {
    Path path = directory.resolve("store");
    try (Store store = Store.open(path);
        RandomAccessFile file = new RandomAccessFile(path.resolve("data").toFile(), "rw")) {
      fill(store);
      long right = readAll(store);
      Engine engine = Engine.open(path, StoreOptions.defaults());
      List<Used> used = usedRanges(engine);
      engine.close();
      long offset = used.getLast().to - 1;
      flip(file, offset, 0);
      assertTrue(right != readAll(store));
      flip(file, offset, 0);
    }
  }
}

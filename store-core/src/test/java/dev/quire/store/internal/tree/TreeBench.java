package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.KeyBytes;
import dev.quire.store.testing.TestPages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/// Measures trees without an engine: `TreeBench [entries] [rounds] [random,sorted]`.
///
/// Keys are splitmix64(i), big-endian, and eight fixed bytes; values have 100 bytes. The reference
/// is a chain of dependent random 8-byte reads of 128 MiB.
final class TreeBench {

  private static final int VALUE_BYTES = 100;
  private static final int BATCH = 1000;

  private final int entries;
  private final MemorySegment value = Arena.global().allocate(VALUE_BYTES);
  private final ValueSlot slot = new ValueSlot();
  private final byte[] key = "........01234567".getBytes();

  private TreeBench(int entries) {
    this.entries = entries;
  }

  public static void main(String[] arguments) {
    int entries = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    TreeBench bench = new TreeBench(entries);
    bench.missBaseline();
    String order = arguments.length > 2 ? arguments[2] : "random,sorted";
    for (String name : order.split(",")) {
      bench.run(name.equals("sorted"), rounds);
    }
  }

  private static long mix(long index) {
    long z = (index + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  private void key(long index, boolean sorted) {
    KeyBytes.setWord(key, 0, sorted ? index << 20 : mix(index));
  }

  private void run(boolean sorted, int rounds) {
    String name = sorted ? "sorted" : "random";
    TestPages pages = null;
    TreeRoot root = null;
    for (int round = 0; round < 2; round++) {
      pages = new TestPages(4096).recycling();
      root = new TreeRoot(false);
      load(pages, root, sorted, name);
    }
    long bytes = (root.leafPages + root.branchPages) * 4096;
    print(
        "%s: %.1f bytes an entry, depth %d, %d leaves, %d branches",
        name, (double) bytes / entries, root.depth, root.leafPages, root.branchPages);
    for (int round = 0; round < rounds; round++) {
      get(pages, root, sorted, name);
    }
    for (int round = 0; round < rounds; round++) {
      scan(pages, root, name);
    }
  }

  private void load(TestPages pages, TreeRoot root, boolean sorted, String name) {
    TreeWriter writer = new TreeWriter(pages);
    long putNanos = 0;
    for (int i = 0; i < entries; i += BATCH) {
      long start = System.nanoTime();
      for (int j = i; j < Math.min(entries, i + BATCH); j++) {
        key(j, sorted);
        value.set(ValueLayout.JAVA_LONG, 0, j);
        writer.put(root, key, key.length, slot.set(value, 0, VALUE_BYTES));
      }
      putNanos += System.nanoTime() - start;
      pages.commit(root);
    }
    print("%s load: %,.0f puts/s (without commits)", name, entries * 1e9 / putNanos);
  }

  private void get(TestPages pages, TreeRoot root, boolean sorted, String name) {
    long sum = 0;
    int gets = 2_000_000;
    long at = 0;
    long start = System.nanoTime();
    for (int i = 0; i < gets; i++) {
      at = (at * 0x5851F42D4C957F2DL + 0x14057B7EF767814FL);
      long index = Math.unsignedMultiplyHigh(at, entries);
      key(index, sorted);
      if (!TreeReader.find(pages, root.ref, key, key.length, slot)) {
        throw new AssertionError("lost " + index);
      }
      long found = slot.segment.get(ValueLayout.JAVA_LONG_UNALIGNED, slot.offset);
      if (found != index) {
        throw new AssertionError("wrong value of " + index);
      }
      sum += found;
    }
    print("%s get: %.0f ns (%d)", name, (System.nanoTime() - start) / (double) gets, sum & 1);
  }

  private void scan(TestPages pages, TreeRoot root, String name) {
    TreeCursor cursor = new TreeCursor(pages);
    cursor.open(root.ref);
    long sum = 0;
    long count = 0;
    long start = System.nanoTime();
    for (boolean valid = cursor.first(); valid; valid = cursor.next()) {
      cursor.copyKey(key);
      cursor.value(slot);
      sum += key[7] + slot.segment.get(ValueLayout.JAVA_LONG_UNALIGNED, slot.offset);
      count++;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    KeyBytes.setWord(key, 8, 0x3031323334353637L);
    print("%s scan: %,.0f entries/s (%d, %d)", name, count / seconds, count, sum & 1);
  }

  private void missBaseline() {
    long words = 16L << 20;
    MemorySegment memory = Arena.ofAuto().allocate(words * 8, 4096);
    for (long i = 0; i < words; i++) {
      memory.setAtIndex(ValueLayout.JAVA_LONG, i, mix(i) & words - 1);
    }
    for (int round = 0; round < 3; round++) {
      int reads = 2_000_000;
      long at = 0;
      long start = System.nanoTime();
      for (int i = 0; i < reads; i++) {
        at = memory.getAtIndex(ValueLayout.JAVA_LONG, at) + i & words - 1;
      }
      print("dependent read: %.0f ns (%d)", (System.nanoTime() - start) / (double) reads, at & 1);
    }
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}

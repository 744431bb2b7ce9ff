package dev.quire.store.internal.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.KeyBytes;
import dev.quire.store.testing.TestPages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/// A tree beside a [TreeMap] that must always hold the same, and the operations on both.
final class TreeModel {

  /// One step of a run: everything random in it comes from `seed`.
  record Operation(int kind, long seed) {}

  /// What keys and values of a run look like.
  enum Style {
    SHORT,
    RANDOM16,
    COUNTING,
    SHARED_PREFIX,
    MIXED_LENGTHS,
    HUGE,
    INTEGER
  }

  private record Old(TreeRoot root, NavigableMap<byte[], byte[]> content) {}

  private final Style style;
  private final TestPages pages;
  private final TreeWriter writer;
  private final TreeRoot root;
  private NavigableMap<byte[], byte[]> content = new TreeMap<>(Arrays::compareUnsigned);
  private final List<Old> olds = new ArrayList<>();
  private final List<Old> savepoints = new ArrayList<>();
  private final List<Integer> savepointIds = new ArrayList<>();
  private final ValueSlot slot = new ValueSlot();
  private int counter;

  TreeModel(Style style, int pageSizeBytes) {
    this.style = style;
    this.pages = new TestPages(pageSizeBytes);
    this.writer = new TreeWriter(pages);
    this.root = new TreeRoot(style == Style.INTEGER);
  }

  static List<Operation> operations(long seed, int count) {
    Random random = new Random(seed);
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      operations.add(new Operation(random.nextInt(1000), random.nextLong()));
    }
    return operations;
  }

  /// Runs all operations, then checks everything that is still there.
  void run(List<Operation> operations) {
    for (Operation operation : operations) {
      step(operation);
    }
    while (!savepoints.isEmpty()) {
      closeSavepoint(true);
    }
    commit();
    for (Old old : olds) {
      checkContent(old.root, old.content);
    }
  }

  private void step(Operation operation) {
    Random random = new Random(operation.seed);
    int kind = operation.kind;
    if (kind < 560) {
      put(random);
    } else if (kind < 600) {
      append(random);
    } else if (kind < 800) {
      deletes(random);
    } else if (kind < 815) {
      deleteRange(random);
    } else if (kind < 900) {
      seek(random);
    } else if (kind < 930) {
      find(random);
    } else if (kind < 940) {
      estimate(random);
    } else if (kind < 955 && savepoints.size() < 4) {
      savepointIds.add(pages.savepoint());
      savepoints.add(new Old(root.copy(), copy()));
    } else if (kind < 970 && !savepoints.isEmpty()) {
      closeSavepoint(random.nextBoolean());
    } else if (kind < 980) {
      TreeInvariants.check(pages, root);
    } else if (kind < 999 && savepoints.isEmpty()) {
      commit();
    } else if (kind == 999 && random.nextInt(12) == 0) {
      assertEquals(content.size(), writer.clear(root));
      content.clear();
    }
  }

  private NavigableMap<byte[], byte[]> copy() {
    return new TreeMap<>(content);
  }

  private void closeSavepoint(boolean keep) {
    int id = savepointIds.removeLast();
    Old old = savepoints.removeLast();
    if (keep) {
      pages.release(id);
    } else {
      pages.rollback(id);
      root.set(old.root);
      content = old.content;
    }
    TreeInvariants.check(pages, root);
  }

  private void commit() {
    pages.commit(root);
    BitSet referenced = TreeInvariants.check(pages, root);
    assertEquals(pages.livePages(), referenced, "pages leaked or lost");
    checkContent(root, content);
    checkDifferences();
    if (olds.size() == 5) {
      olds.removeFirst();
    }
    olds.add(new Old(root.copy(), copy()));
  }

  private void checkDifferences() {
    Random random = new Random(31L * content.size() + counter);
    for (Old old : olds) {
      TreeDiffModel.check(pages, old.root, root, TreeRange.ALL);
      TreeDiffModel.check(pages, old.root, root, range(random));
    }
  }

  private void put(Random random) {
    byte[] key = key(random);
    byte[] value = value(random);
    long expiry = random.nextInt(8) == 0 ? random.nextLong() | 1 : 0;
    slot.set(MemorySegment.ofArray(value), 0, value.length);
    slot.expiryMillis = expiry;
    if (random.nextInt(4) == 0) {
      boolean put = writer.putIfAbsent(root, key, key.length, slot, Long.MIN_VALUE);
      assertEquals(!content.containsKey(key), put);
      content.putIfAbsent(key, value);
    } else {
      boolean isNew = writer.put(root, key, key.length, slot);
      assertEquals(content.put(key, value) == null, isNew);
      assertTrue(find(root, key));
      assertEquals(expiry, slot.expiryMillis);
      assertArrayEquals(value, bytes(slot));
    }
  }

  private void append(Random random) {
    byte[] key = key(random);
    byte[] value = value(random);
    slot.set(MemorySegment.ofArray(value), 0, value.length);
    if (content.isEmpty() || Arrays.compareUnsigned(key, content.lastKey()) > 0) {
      writer.append(root, key, key.length, slot);
      content.put(key, value);
    } else {
      assertThrows(
          IllegalArgumentException.class, () -> writer.append(root, key, key.length, slot));
    }
  }

  /// One removal; now and then those of many neighbours, so that pages run empty.
  private void deletes(Random random) {
    byte[] key = someKey(random);
    int count = random.nextInt(60) == 0 ? random.nextInt(120) : 1;
    for (int i = 0; i < count && key != null; i++) {
      delete(key);
      key = content.higherKey(key);
    }
  }

  private void delete(byte[] key) {
    assertEquals(content.remove(key) != null, writer.delete(root, key, key.length));
    assertFalse(find(root, key));
  }

  private void deleteRange(Random random) {
    TreeRange range = range(random);
    NavigableMap<byte[], byte[]> inside = inside(range);
    if (inside.size() > 300 && random.nextInt(20) != 0) {
      return;
    }
    long expected = inside.size();
    inside.clear();
    assertEquals(expected, writer.deleteRange(root, range), "removed by range");
  }

  private void estimate(Random random) {
    TreeRange range = range(random);
    long estimate = TreeEstimate.count(pages, root, range);
    assertTrue(estimate >= 0 && estimate <= content.size());
    if (root.depth <= 1) {
      assertEquals(inside(range).size(), estimate);
    }
    assertEquals(content.size(), TreeEstimate.count(pages, root, TreeRange.ALL));
  }

  private TreeRange range(Random random) {
    byte[] a = someKey(random);
    byte[] b = someKey(random);
    if (random.nextInt(3) > 0 && !content.isEmpty()) {
      b = a;
      for (int i = random.nextInt(random.nextInt(8) == 0 ? 400 : 10); i > 0; i--) {
        byte[] next = content.higherKey(b);
        b = next == null ? b : next;
      }
    }
    boolean swap = Arrays.compareUnsigned(a, b) > 0 && random.nextInt(10) > 0;
    byte[] from = random.nextInt(12) == 0 ? null : swap ? b : a;
    byte[] to = random.nextInt(12) == 0 ? null : swap ? a : b;
    return new TreeRange(from, random.nextBoolean(), to, random.nextBoolean());
  }

  private NavigableMap<byte[], byte[]> inside(TreeRange range) {
    if (range.isEmpty()) {
      return new TreeMap<>(Arrays::compareUnsigned);
    }
    NavigableMap<byte[], byte[]> inside = content;
    if (range.from() != null) {
      inside = inside.tailMap(range.from(), range.fromInclusive());
    }
    if (range.to() != null) {
      inside = inside.headMap(range.to(), range.toInclusive());
    }
    return inside;
  }

  private void seek(Random random) {
    byte[] key = someKey(random);
    TreeCursor cursor = new TreeCursor(pages);
    cursor.open(root.ref);
    boolean forward = random.nextBoolean();
    boolean found =
        forward ? cursor.seekAtLeast(key, key.length) : cursor.seekAtMost(key, key.length);
    Map.Entry<byte[], byte[]> expected =
        forward ? content.ceilingEntry(key) : content.floorEntry(key);
    assertEquals(expected != null, found);
    for (int i = 0; i < 20 && expected != null; i++) {
      assertTrue(found);
      check(cursor, expected);
      assertEquals(
          Integer.signum(Arrays.compareUnsigned(expected.getKey(), key)),
          cursor.compareKey(key, key.length));
      boolean next = random.nextInt(5) > 0 == forward;
      found = next ? cursor.next() : cursor.previous();
      expected =
          next ? content.higherEntry(expected.getKey()) : content.lowerEntry(expected.getKey());
    }
    assertEquals(expected != null, cursor.isValid());
    assertEquals(content.containsKey(key), cursor.seek(key, key.length));
  }

  private void find(Random random) {
    byte[] key = someKey(random);
    byte[] expected = content.get(key);
    assertEquals(expected != null, find(root, key));
    if (expected != null) {
      assertArrayEquals(expected, bytes(slot));
    }
  }

  private boolean find(TreeRoot tree, byte[] key) {
    return tree.integerKeys
        ? TreeReader.findInteger(pages, tree.ref, KeyBytes.word(key, 8, 0), slot)
        : TreeReader.find(pages, tree.ref, key, key.length, slot);
  }

  private void checkContent(TreeRoot tree, NavigableMap<byte[], byte[]> expected) {
    TreeCursor cursor = new TreeCursor(pages);
    cursor.open(tree.ref);
    boolean valid = cursor.first();
    for (Map.Entry<byte[], byte[]> entry : expected.entrySet()) {
      assertTrue(valid);
      check(cursor, entry);
      assertTrue(find(tree, entry.getKey()));
      assertArrayEquals(entry.getValue(), bytes(slot));
      valid = cursor.next();
    }
    assertFalse(valid);
    valid = cursor.last();
    for (byte[] key : expected.descendingKeySet()) {
      assertTrue(valid);
      assertArrayEquals(key, key(cursor));
      valid = cursor.previous();
    }
    assertFalse(valid);
  }

  private void check(TreeCursor cursor, Map.Entry<byte[], byte[]> expected) {
    assertArrayEquals(expected.getKey(), key(cursor));
    cursor.value(slot);
    assertArrayEquals(expected.getValue(), bytes(slot));
  }

  private static byte[] key(TreeCursor cursor) {
    byte[] key = new byte[cursor.keyLength()];
    assertEquals(key.length, cursor.copyKey(key));
    return key;
  }

  private static byte[] bytes(ValueSlot slot) {
    return slot.segment.asSlice(slot.offset, slot.length).toArray(ValueLayout.JAVA_BYTE);
  }

  private byte[] someKey(Random random) {
    byte[] key = key(random);
    byte[] near = content.isEmpty() ? null : content.ceilingKey(key);
    return near != null && random.nextInt(4) > 0 ? near : key;
  }

  private byte[] key(Random random) {
    return switch (style) {
      case SHORT -> bytes(random, random.nextInt(4), 3);
      case RANDOM16 -> bytes(random, 16, 256);
      case COUNTING -> String.format("user:%08d", next(random)).getBytes();
      case SHARED_PREFIX -> prefixed(random);
      case MIXED_LENGTHS -> bytes(random, random.nextInt(random.nextBoolean() ? 20 : 1500), 2);
      case HUGE -> huge(random);
      case INTEGER -> bytes(random, 8, random.nextBoolean() ? 4 : 256);
    };
  }

  private int next(Random random) {
    return random.nextInt(3) > 0 ? counter++ : random.nextInt(counter + 1);
  }

  private static byte[] bytes(Random random, int length, int alphabet) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      int letter = random.nextInt(alphabet);
      bytes[i] = (byte) (alphabet == 256 ? letter : letter == 0 ? 0 : letter == 1 ? 0xFF : 'a');
    }
    return bytes;
  }

  private static byte[] prefixed(Random random) {
    byte[] key = new byte[100 * random.nextInt(1, 4) + random.nextInt(12)];
    Arrays.fill(key, (byte) ('a' + random.nextInt(2)));
    for (int i = 0; i < 3; i++) {
      key[Math.max(0, key.length - 1 - random.nextInt(11))] = (byte) random.nextInt(256);
    }
    return key;
  }

  private static byte[] huge(Random random) {
    int[] lengths = {1, 255, 256, 257, 1023, 1024, 1025, 4000, 20_000, 65_535, 65_536};
    byte[] key = new byte[lengths[random.nextInt(lengths.length)]];
    for (int i = random.nextInt(3); i > 0; i--) {
      key[key.length - 1 - random.nextInt(Math.min(key.length, 300))] = (byte) random.nextInt(256);
    }
    return key;
  }

  private static byte[] value(Random random) {
    int length =
        switch (random.nextInt(40)) {
          case 0 -> 0;
          case 1 -> random.nextInt(10_000);
          case 2, 3 -> 1900 + random.nextInt(200);
          case 4, 5, 6 -> random.nextInt(1000);
          default -> random.nextInt(random.nextBoolean() ? 30 : 120);
        };
    byte[] value = new byte[length];
    random.nextBytes(value);
    return value;
  }
}

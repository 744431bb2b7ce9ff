package dev.quire.store.internal.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.testing.TestPages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeWriterTest {

  private TestPages pages = new TestPages(4096);
  private TreeWriter writer = new TreeWriter(pages);
  private final TreeRoot root = new TreeRoot(false);
  private final ValueSlot slot = new ValueSlot();

  @AfterEach
  void checkTree() {
    pages.commit(root);
    assertEquals(pages.livePages(), TreeInvariants.check(pages, root));
  }

  private void usePages(int sizeBytes) {
    pages = new TestPages(sizeBytes);
    writer = new TreeWriter(pages);
  }

  private boolean put(byte[] key, byte[] value) {
    return writer.put(
        root, key, key.length, slot.set(MemorySegment.ofArray(value), 0, value.length));
  }

  private boolean find(byte[] key) {
    return TreeReader.find(pages, root.ref, key, key.length, slot);
  }

  private void checkValue(byte[] key, byte[] expected) {
    assertTrue(find(key));
    byte[] found = slot.segment.asSlice(slot.offset, slot.length).toArray(ValueLayout.JAVA_BYTE);
    assertArrayEquals(expected, found);
  }

  private static byte[] number(int number) {
    return String.format("%08d", number).getBytes();
  }

  @Test
  void find_emptyTree_isFalse() {
    assertFalse(find(new byte[0]));
    assertFalse(writer.delete(root, new byte[0], 0));
    assertEquals(0, writer.clear(root));
    TreeCursor cursor = new TreeCursor(pages);
    cursor.open(root.ref);
    assertFalse(cursor.first() || cursor.last() || cursor.seekAtLeast(new byte[0], 0));
    assertFalse(cursor.isValid());
  }

  @Test
  void put_emptyKeyAndValue_areStored() {
    assertTrue(put(new byte[0], new byte[0]));
    assertTrue(put(new byte[1], new byte[0]));
    assertTrue(put(new byte[2], new byte[0]));
    assertFalse(put(new byte[0], new byte[5]));
    checkValue(new byte[0], new byte[5]);
    checkValue(new byte[1], new byte[0]);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 16384, 65536})
  void put_keysAroundTheInlineLimit_areFound(int pageSize) {
    usePages(pageSize);
    int limit = Limits.maxInlineKeyBytes(pageSize);
    for (int length = limit - 2; length <= limit + 2; length++) {
      assertTrue(put(new byte[length], number(length)));
    }
    for (int length = limit - 2; length <= limit + 2; length++) {
      checkValue(new byte[length], number(length));
    }
    assertFalse(find(new byte[limit - 3]));
    assertFalse(find(new byte[limit + 3]));
    assertEquals(2, root.overflowPages);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 16384, 65536})
  void put_longestKeysDifferingInTheLastByte_areToldApart(int pageSize) {
    usePages(pageSize);
    byte[] key = new byte[Limits.MAX_KEY_BYTES];
    Arrays.fill(key, (byte) 0xFF);
    for (int i = 0; i < 40; i++) {
      key[key.length - 1] = (byte) (7 * i);
      assertTrue(put(key, new byte[600 + i]));
    }
    TreeInvariants.check(pages, root);
    for (int i = 0; i < 40; i += 2) {
      key[key.length - 1] = (byte) (7 * i);
      checkValue(key, new byte[600 + i]);
      assertTrue(writer.delete(root, key, key.length));
      key[key.length - 1]++;
      assertFalse(find(key));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 16384, 65536})
  void put_valuesAroundTheInlineLimit_areFound(int pageSize) {
    usePages(pageSize);
    int limit = Limits.maxEntryBytes(pageSize);
    boolean[] overflowed = new boolean[2];
    for (int length = limit - 40; length <= limit; length++) {
      assertTrue(put(number(length), new byte[length]));
      checkValue(number(length), new byte[length]);
      overflowed[slot.runRef == PageRef.NONE ? 0 : 1] = true;
    }
    assertTrue(overflowed[0] && overflowed[1]);
    TreeInvariants.check(pages, root);
    for (int length = limit - 40; length <= limit; length++) {
      assertFalse(put(number(length), new byte[2 * limit - 40 - length]));
      checkValue(number(length), new byte[2 * limit - 40 - length]);
    }
  }

  @Test
  void put_writtenRun_isTheValue() {
    byte[] value = new byte[100_000];
    value[99_999] = 1;
    long run = pages.writeRun(MemorySegment.ofArray(value), 0, value.length);
    writer.put(root, number(1), 8, slot.setRun(run, value.length));
    checkValue(number(1), value);
    assertEquals(run, slot.runRef);
    assertEquals(25, root.overflowPages);
    assertTrue(writer.delete(root, number(1), 8));
    assertEquals(0, root.overflowPages);
  }

  @Test
  void put_sortedKeys_fillPagesToTheBrim() {
    for (int i = 0; i < 20_000; i++) {
      put(number(i), new byte[100]);
    }
    double perLeaf = (double) root.entries / root.leafPages;
    assertTrue(perLeaf > 35, perLeaf + " entries a leaf");
  }

  @Test
  void put_sortedKeysInTheMiddle_fillPagesToTheBrim() {
    put(number(0), new byte[100]);
    put(number(99_999_999), new byte[100]);
    for (int i = 1; i < 20_000; i++) {
      put(number(i), new byte[100]);
    }
    double perLeaf = (double) root.entries / root.leafPages;
    assertTrue(perLeaf > 32, perLeaf + " entries a leaf");
  }

  @Test
  void delete_nearlyAll_leavesFewPages() {
    for (int i = 0; i < 20_000; i++) {
      put(number(i * 7919 % 20_000), new byte[50]);
    }
    for (int i = 0; i < 20_000; i++) {
      if (i % 100 != 0) {
        assertTrue(writer.delete(root, number(i), 8));
      }
    }
    assertEquals(200, root.entries);
    assertTrue(root.leafPages <= 15, root.leafPages + " leaves");
    assertEquals(2, root.depth);
  }

  @Test
  void delete_all_leavesNothing() {
    for (int i = 0; i < 3000; i++) {
      put(number(i), new byte[i % 300]);
    }
    for (int i = 0; i < 3000; i++) {
      assertTrue(writer.delete(root, number(i * 1733 % 3000), 8));
    }
    assertEquals(PageRef.NONE, root.ref);
    assertEquals(0, root.depth);
    assertEquals(0, pages.scratchCount());
  }

  @Test
  void deleteRange_mostOfATree_copiesFewPages() {
    for (int i = 0; i < 50_000; i++) {
      put(number(i), new byte[50]);
    }
    pages.commit(root);
    TreeRange range = new TreeRange(number(17), true, number(49_950), false);
    assertEquals(49_950 - 17, writer.deleteRange(root, range));
    assertTrue(pages.scratchCount() < 10, pages.scratchCount() + " pages");
    TreeCursor cursor = new TreeCursor(pages);
    cursor.open(root.ref);
    assertTrue(cursor.seekAtLeast(number(17), 8));
    byte[] key = new byte[8];
    cursor.copyKey(key);
    assertArrayEquals(number(49_950), key);
    assertEquals(67, root.entries);
  }

  @Test
  void put_unchangedSubtrees_keepTheirReferences() {
    for (int i = 0; i < 10_000; i++) {
      put(number(i), new byte[50]);
    }
    pages.commit(root);
    put(number(5000), new byte[50]);
    assertEquals(root.depth, pages.scratchCount());
  }

  @Test
  void putIfAbsent_present_copiesNothing() {
    put(number(1), new byte[1]);
    pages.commit(root);
    assertFalse(writer.putIfAbsent(root, number(1), 8, slot, 0));
    assertFalse(writer.delete(root, number(2), 8));
    assertEquals(0, pages.scratchCount());
  }
}

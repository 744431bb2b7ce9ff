package dev.quire.store.internal.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.quire.store.internal.format.KeyBytes;
import dev.quire.store.testing.TestPages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/// Lookups, cursor steps and steps of a difference allocate nothing.
class TreeAllocationTest {

  private static final int ENTRIES = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final TestPages pages = new TestPages(4096);
  private final TreeWriter writer = new TreeWriter(pages);
  private final MemorySegment value = Arena.ofAuto().allocate(100);
  private final ValueSlot slot = new ValueSlot();
  private final byte[] key = new byte[12];

  private TreeRoot load(boolean integers) {
    TreeRoot root = new TreeRoot(integers);
    for (int i = 0; i < ENTRIES; i++) {
      setKey(i);
      writer.put(root, key, integers ? 8 : 12, slot.set(value, 0, 100));
    }
    pages.commit(root);
    return root;
  }

  private void setKey(int index) {
    KeyBytes.setWord(key, 0, index * 0x9E37_79B9_7F4A_7C15L);
  }

  private int findAll(TreeRoot root) {
    int found = 0;
    for (int i = 0; i < ENTRIES; i++) {
      setKey(i);
      boolean here =
          root.integerKeys
              ? TreeReader.findInteger(pages, root.ref, KeyBytes.word(key, 8, 0), slot)
              : TreeReader.find(pages, root.ref, key, 12, slot);
      found += here ? 1 : 0;
    }
    return found;
  }

  private int scan(TreeCursor cursor, TreeRoot root) {
    cursor.open(root.ref);
    int found = 0;
    for (boolean valid = cursor.first(); valid; valid = cursor.next()) {
      cursor.copyKey(key);
      cursor.value(slot);
      found++;
    }
    for (int i = 0; i < 1000; i++) {
      setKey(i);
      cursor.seekAtLeast(key, root.integerKeys ? 8 : 12);
      cursor.previous();
    }
    return found;
  }

  private void check(boolean integers) {
    TreeRoot root = load(integers);
    TreeCursor cursor = new TreeCursor(pages);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 40; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      assertEquals(ENTRIES, findAll(root));
      assertEquals(ENTRIES, scan(cursor, root));
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least < 1000, least + " bytes in " + 2 * ENTRIES + " operations");
  }

  @Test
  void findAndNext_byteKeys_allocateNothing() {
    check(false);
  }

  @Test
  void findAndNext_integerKeys_allocateNothing() {
    check(true);
  }

  private void checkDifference(boolean integers) {
    TreeRoot older = load(integers);
    TreeRoot newer = older.copy();
    for (int i = 0; i < ENTRIES; i += 3) {
      setKey(i);
      writer.put(newer, key, integers ? 8 : 12, slot.set(value, 0, i % 100));
    }
    pages.commit(newer);
    TreeDiff diff = new TreeDiff(pages, pages);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 40; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      diff.open(older.ref, newer.ref, TreeRange.ALL);
      int changes = 0;
      while (diff.next()) {
        diff.oldValue(slot);
        diff.newValue(slot);
        changes += diff.key().keyLength > 0 ? 1 : 0;
      }
      assertEquals((ENTRIES + 2) / 3, changes);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least < 1000, least + " bytes in " + ENTRIES / 3 + " changes");
  }

  @Test
  void differences_byteKeys_allocateNothing() {
    checkDifference(false);
  }

  @Test
  void differences_integerKeys_allocateNothing() {
    checkDifference(true);
  }
}

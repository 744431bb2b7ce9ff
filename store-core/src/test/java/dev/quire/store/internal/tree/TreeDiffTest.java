package dev.quire.store.internal.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.testing.TestPages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a difference costs, and its edges. That it is right is shown by [TreeModelTest], which
/// compares old roots at each commit.
class TreeDiffTest {

  private static final int PAGE_BYTES = 4 << 10;

  /// Pages that count how often one is gone to.
  private static final class Counted implements PageReader {
    private final PageReader pages;
    private int visits;

    Counted(PageReader pages) {
      this.pages = pages;
    }

    @Override
    public int pageSizeBytes() {
      return pages.pageSizeBytes();
    }

    @Override
    public MemorySegment segmentOf(long ref) {
      return pages.segmentOf(ref);
    }

    @Override
    public long offsetOf(long ref) {
      visits++;
      return pages.offsetOf(ref);
    }

    @Override
    public boolean isTruncated() {
      return pages.isTruncated();
    }

    @Override
    public void noteTruncated() {
      pages.noteTruncated();
    }
  }

  /// A tree of counting keys and its changes.
  private static final class Tree {
    final TestPages pages = new TestPages(PAGE_BYTES);
    final TreeWriter writer = new TreeWriter(pages);
    final TreeRoot root = new TreeRoot(false);
    final ValueSlot slot = new ValueSlot();

    Tree(int entries) {
      for (int i = 0; i < entries; i++) {
        put(i, i);
      }
      pages.commit(root);
    }

    void put(int key, long value) {
      byte[] bytes = ByteBuffer.allocate(16).putLong(value).array();
      slot.set(MemorySegment.ofArray(bytes), 0, bytes.length);
      writer.put(root, key(key), 8, slot);
    }

    /// Commits what was changed since `older`.
    ///
    /// @return pages visited by the difference
    int visits(TreeRoot older, int expectedChanges) {
      pages.commit(root);
      Counted counted = new Counted(pages);
      TreeDiff diff = new TreeDiff(counted, counted);
      diff.open(older.ref, root.ref, TreeRange.ALL);
      int changes = 0;
      while (diff.next()) {
        changes++;
      }
      assertEquals(expectedChanges, changes);
      return counted.visits;
    }
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(8).putInt(number).array();
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 10_000, 200_000})
  void next_oneChange_visitsTwoPathsWhateverTheSize(int entries) {
    Tree tree = new Tree(entries);
    TreeRoot older = tree.root.copy();
    tree.put(entries / 2, -1);
    // The roots are visited twice: for their level, and to be entered.
    int paths = 2 * (tree.root.depth + 1);
    assertEquals(paths, tree.visits(older, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 100, 1_000})
  void next_scatteredChanges_visitsAtMostTheirPaths(int changes) {
    Tree tree = new Tree(200_000);
    TreeRoot older = tree.root.copy();
    for (int i = 0; i < changes; i++) {
      tree.put(i * (200_000 / changes), -1);
    }
    int visits = tree.visits(older, changes);
    assertTrue(visits <= 2 * changes * tree.root.depth + 2, visits + " pages");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100_000, 199_990})
  void next_insertedOrRemovedKeys_isSideBySideAgain(int place) {
    Tree tree = new Tree(200_000);
    TreeRoot older = tree.root.copy();
    byte[] between = ByteBuffer.allocate(9).putInt(place).put(8, (byte) 1).array();
    tree.slot.set(MemorySegment.NULL, 0, 0);
    tree.writer.put(tree.root, between, 9, tree.slot);
    assertTrue(tree.visits(older, 1) <= 6 * older.depth);
    older = tree.root.copy();
    tree.writer.delete(tree.root, between, 9);
    assertTrue(tree.visits(older, 1) <= 6 * older.depth);
  }

  @Test
  void next_removedLeaves_visitsThemAndTheirSurroundings() {
    Tree tree = new Tree(200_000);
    TreeRoot older = tree.root.copy();
    long leaves = tree.root.leafPages;
    tree.writer.deleteRange(tree.root, new TreeRange(key(50_000), true, key(60_000), false));
    long removed = leaves - tree.root.leafPages;
    int visits = tree.visits(older, 10_000);
    assertTrue(visits < 1.2 * removed + 10 * older.depth, visits + " pages, " + removed + " gone");
  }

  @Test
  void next_higherTree_passesOverEqualSubtrees() {
    Tree tree = new Tree(10_000);
    TreeRoot older = tree.root.copy();
    int more = 0;
    while (tree.root.depth == older.depth) {
      tree.put(10_000 + more++, 1);
    }
    long added = tree.root.leafPages - older.leafPages;
    assertTrue(tree.visits(older, more) <= added + 20);
  }

  @Test
  void next_rangeElsewhere_visitsTwoPaths() {
    Tree tree = new Tree(200_000);
    TreeRoot older = tree.root.copy();
    for (int i = 100_000; i < 110_000; i++) {
      tree.put(i, -1);
    }
    tree.pages.commit(tree.root);
    Counted counted = new Counted(tree.pages);
    TreeDiff diff = new TreeDiff(counted, counted);
    diff.open(older.ref, tree.root.ref, new TreeRange(key(10), true, key(20), true));
    assertFalse(diff.next());
    assertTrue(counted.visits <= 4 * older.depth, counted.visits + " pages");
    diff.open(older.ref, tree.root.ref, new TreeRange(key(150_000), true, null, true));
    assertFalse(diff.next());
    assertTrue(counted.visits <= 8 * older.depth, counted.visits + " pages");
  }

  @Test
  void next_sameOrNoRoots_visitsNothing() {
    Tree tree = new Tree(1_000);
    Counted counted = new Counted(tree.pages);
    TreeDiff diff = new TreeDiff(counted, counted);
    diff.open(tree.root.ref, tree.root.ref, TreeRange.ALL);
    assertFalse(diff.next());
    diff.open(PageRef.NONE, PageRef.NONE, TreeRange.ALL);
    assertFalse(diff.next());
    assertEquals(0, counted.visits);
    assertThrows(IllegalStateException.class, diff::key);
    assertThrows(IllegalStateException.class, () -> diff.oldValue(new ValueSlot()));
    assertThrows(IllegalStateException.class, () -> diff.newValue(new ValueSlot()));
  }

  @Test
  void next_unchangedOverflowsInAChangedLeaf_areNotRead() {
    Tree tree = new Tree(0);
    byte[] longKey = new byte[30_000];
    byte[] longValue = new byte[30_000];
    new Random(1).nextBytes(longValue);
    tree.slot.set(MemorySegment.ofArray(longValue), 0, longValue.length);
    tree.writer.put(tree.root, longKey, longKey.length, tree.slot);
    tree.put(7, 7);
    tree.pages.commit(tree.root);
    TreeRoot older = tree.root.copy();
    tree.put(7, 8);
    assertEquals(4, tree.visits(older, 1));
  }

  @Test
  void next_rewrittenOverflowValue_isComparedByContent() {
    Tree tree = new Tree(0);
    byte[] value = new byte[30_000];
    tree.slot.set(MemorySegment.ofArray(value), 0, value.length);
    tree.writer.put(tree.root, key(1), 8, tree.slot);
    tree.pages.commit(tree.root);
    TreeRoot older = tree.root.copy();
    tree.slot.set(MemorySegment.ofArray(value), 0, value.length);
    tree.writer.put(tree.root, key(1), 8, tree.slot);
    tree.visits(older, 0);
    older = tree.root.copy();
    value[29_999] = 1;
    tree.slot.set(MemorySegment.ofArray(value), 0, value.length);
    tree.writer.put(tree.root, key(1), 8, tree.slot);
    tree.visits(older, 1);
  }

  @Test
  void next_expiryAloneChanged_isAChange() {
    Tree tree = new Tree(10);
    TreeRoot older = tree.root.copy();
    byte[] bytes = ByteBuffer.allocate(16).putLong(3).array();
    tree.slot.set(MemorySegment.ofArray(bytes), 0, bytes.length);
    tree.slot.expiryMillis = 1;
    tree.writer.put(tree.root, key(3), 8, tree.slot);
    tree.visits(older, 1);
    TreeDiff diff = new TreeDiff(tree.pages, tree.pages);
    diff.open(older.ref, tree.root.ref, TreeRange.ALL);
    assertTrue(diff.next());
    assertArrayEquals(key(3), diff.key().key);
    diff.oldValue(tree.slot);
    assertEquals(0, tree.slot.expiryMillis);
    diff.newValue(tree.slot);
    assertEquals(1, tree.slot.expiryMillis);
  }

  @Test
  void next_referenceOfAnotherLevel_isCorruption() {
    Tree tree = new Tree(100_000);
    TreeRoot other = new TreeRoot(false);
    byte[] leafOnly = key(1);
    tree.slot.set(MemorySegment.NULL, 0, 0);
    tree.writer.put(other, leafOnly, 8, tree.slot);
    tree.pages.commit(other);
    TreeRoot damaged = tree.root.copy();
    tree.put(1, 1);
    tree.pages.commit(tree.root);
    long page = tree.pages.offsetOf(tree.root.ref);
    TestPages pages = tree.pages;
    pages.image().set(ValueLayout.JAVA_BYTE, page + 25, (byte) 5);
    TreeDiff diff = new TreeDiff(pages, pages);
    diff.open(damaged.ref, tree.root.ref, TreeRange.ALL);
    assertThrows(CorruptPageException.class, diff::next);
  }
}

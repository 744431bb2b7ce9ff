package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.HandBuiltPage.entry;
import static dev.quire.store.internal.format.HandBuiltPage.separator;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BranchPageTest {

  private static byte[] key(int number) {
    return Arrays.copyOf(String.format("k%03d-and-more", number).getBytes(), 4 + number % 10);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 16384, 65536})
  void insert_inAnyOrder_keepsSeparatorsChildrenAndHints(int size) {
    HandBuiltPage page = new HandBuiltPage(size, PageType.BRANCH, 1);
    page.begin("k", 0);
    ChildRefs.set(page.segment, page.page, page.shape(), 0, 1000);
    int count = 120;
    for (int i = 1; i < count; i += 2) {
      page.insert(i / 2, separator(key(i), 1001 + i));
    }
    for (int i = 0; i < count; i += 2) {
      page.insert(i, separator(key(i), 1001 + i));
    }
    checkChildren(page, count);
    for (int i = 0; i < count; i++) {
      assertArrayEquals(key(i), page.key(i));
      int head = KeyBytes.head(key(i), key(i).length, 1);
      assertEquals(i, BranchPage.atLeast(page.segment, page.page, page.shape(), head));
      assertEquals(i + 1, BranchPage.atLeast(page.segment, page.page, page.shape(), head + 1));
    }
  }

  private static void checkChildren(HandBuiltPage page, int count) {
    for (int i = 0; i <= count; i++) {
      assertEquals(1000 + i, page.child(i));
    }
  }

  @Test
  void remove_all_leavesTheFirstChild() {
    HandBuiltPage page = new HandBuiltPage(4096, PageType.BRANCH, 1);
    ChildRefs.set(page.segment, page.page, page.shape(), 0, 7);
    int empty = page.freeBytes();
    assertEquals(PageEditor.capacity(page.shape(), 4096), empty);
    for (int i = 0; i < 30; i++) {
      page.insert(i, separator(key(i), i));
    }
    for (int i = 0; i < 30; i++) {
      page.remove(i % page.count());
    }
    assertEquals(7, page.child(0));
    assertEquals(empty, page.freeBytes());
  }

  @Test
  void copy_spilledSeparatorToOtherPrefix_keepsIt() {
    HandBuiltPage from = new HandBuiltPage(4096, PageType.BRANCH, 1);
    from.begin("abcd", 0);
    PageEntry spilled = separator("abcdefghijklmnop".getBytes(), 5);
    spilled.keyLength = 65536;
    spilled.keyRef = PageRef.of(3, 4);
    from.insert(0, spilled);
    HandBuiltPage to = new HandBuiltPage(4096, PageType.BRANCH, 1);
    to.begin("ab", 1);
    PageEditor.copy(from.segment, from.page, 0, to.segment, to.page, 4096, 0, new PageEntry());
    assertArrayEquals("abcdefghijklmnop".getBytes(), to.key(0));
    long cell = BranchPage.cell(to.segment, to.page, to.shape(), 0);
    assertEquals(65536, BranchCell.keyLength(to.segment, cell));
    assertEquals(PageRef.of(3, 4), BranchCell.keyRef(to.segment, cell));
    assertEquals(5, to.child(1));
  }

  @Test
  void unswizzle_scratchChildren_becomeFinal() {
    for (PageType type : new PageType[] {PageType.BRANCH, PageType.INTEGER_BRANCH}) {
      HandBuiltPage page = new HandBuiltPage(4096, type, 1);
      ChildRefs.set(page.segment, page.page, page.shape(), 0, PageRef.scratch(1));
      page.insert(0, separator("12345678".getBytes(), PageRef.of(50, 51)));
      page.insert(1, separator("12345679".getBytes(), PageRef.scratch(0)));
      ChildRefs.unswizzle(page.segment, page.page, new long[] {PageRef.of(8, 9), 77});
      assertEquals(77, page.child(0));
      assertEquals(PageRef.of(50, 51), page.child(1));
      assertEquals(PageRef.of(8, 9), page.child(2));
    }
  }

  @Test
  void integerBranch_childFor_takesTheRightOfAnEqualSeparator() {
    HandBuiltPage page = new HandBuiltPage(4096, PageType.INTEGER_BRANCH, 1);
    long[] keys = {1, 5, Long.MAX_VALUE, Long.MIN_VALUE, -1};
    for (int i = 0; i < keys.length; i++) {
      byte[] key = new byte[8];
      KeyBytes.setWord(key, 0, keys[i]);
      page.insert(i, separator(key, i + 1));
    }
    for (int i = 0; i < keys.length; i++) {
      assertEquals(
          i + 1, IntegerBranchPage.childFor(page.segment, page.page, page.shape(), keys[i]));
      assertEquals(
          i, IntegerBranchPage.childFor(page.segment, page.page, page.shape(), keys[i] - 1));
    }
  }

  @Test
  void integerLeaf_insertReplaceRemove_keepsOrder() {
    HandBuiltPage page = new HandBuiltPage(4096, PageType.INTEGER_LEAF, 0);
    for (int i = 0; i < 100; i++) {
      byte[] key = new byte[8];
      KeyBytes.setWord(key, 0, (99L - i) << 57);
      page.insert(0, entry(key, new byte[i % 7]));
    }
    assertEquals(100, page.count());
    byte[] key = new byte[8];
    page.replace(0, entry(key, new byte[50]));
    for (int i = 99; i > 0; i -= 2) {
      page.remove(i);
    }
    for (int i = 0; i < 50; i++) {
      assertEquals((long) i << 58, KeyBytes.word(page.key(i), 8, 0));
      assertEquals(i == 0 ? 50 : (99 - 2 * i) % 7, page.value(i).length);
      assertEquals(
          i, IntegerLeafPage.atLeast(page.segment, page.page, page.shape(), (long) i << 58));
    }
  }
}

package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.IntegerLeafPage;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageEditor;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.inspect.KeyCheck.Range;
import dev.quire.store.internal.inspect.RunCheck.Holder;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// One tree, from its root down. Each level has one page copied to private memory, so the depth of
/// the recursion, at most [Limits#MAX_DEPTH], is all that it takes.
///
/// Goes on after a violation as far as the bytes allow: below a page that is not the one referred
/// to, or whose arrays do not fit it, nothing is reached, which [Walk#cut] notes.
final class TreeCheck {

  /// The depth of a tree of which no record is kept.
  static final int ANY_DEPTH = -1;

  /// What else is done with each entry of a leaf.
  interface Entries {
    /// @param page the leaf, in private memory
    /// @param cell offset of the entry's cell in it
    /// @param key the whole key
    void entry(Holder leaf, MemorySegment page, long cell, PageEntry key);
  }

  /// What a tree consists of.
  static final class Counts {
    long entries;
    long leafPages;
    long branchPages;
    long overflowPages;

    /// Whether every page of the tree was reached.
    boolean complete;
  }

  private final Walk walk;
  private final PageFile file;
  private final Findings findings;
  private final PageCheck frame;
  private final KeyCheck keys;
  private final RunCheck runs;
  private final MemorySegment[] pages = new MemorySegment[Limits.MAX_DEPTH];
  private PageEntry before = new PageEntry();
  private PageEntry key = new PageEntry();
  private Entries visitor = TreeCheck::ignore;
  private Counts counts = new Counts();
  private boolean integerKeys;

  TreeCheck(Walk walk) {
    this.walk = walk;
    this.file = walk.file();
    this.findings = file.findings();
    this.frame = new PageCheck(findings, file.pageSizeBytes());
    this.keys = new KeyCheck(findings, file.pageSizeBytes());
    this.runs = new RunCheck(walk);
    Arrays.fill(pages, MemorySegment.NULL);
  }

  private static void ignore(Holder leaf, MemorySegment page, long cell, PageEntry key) {}

  /// Checks a tree that is not empty.
  ///
  /// @param holder the page that refers to the root
  /// @param depth levels that it must have, or [#ANY_DEPTH]
  Counts check(Holder holder, long rootRef, int depth, boolean integers) {
    return check(holder, rootRef, depth, integers, TreeCheck::ignore);
  }

  /// The same, handing every entry to `entries`.
  Counts check(Holder holder, long rootRef, int depth, boolean integers, Entries entries) {
    long cuts = walk.cuts();
    counts = new Counts();
    integerKeys = integers;
    visitor = entries;
    visit(holder, rootRef, depth == ANY_DEPTH ? ANY_DEPTH : depth - 1, Range.ALL);
    counts.complete = walk.cuts() == cuts;
    return counts;
  }

  private void visit(Holder holder, long ref, int level, Range range) {
    if (!walk.claim(holder.pageNo(), ref, 1)) {
      return;
    }
    MemorySegment page = pageOf(Math.max(level, 0));
    if (!walk.load(ref, page, holder.birth(), holder.stamp())) {
      return;
    }
    long pageNo = PageRef.pageNo(ref);
    long shape = PageHeader.shape(page, 0);
    if (!isExpected(pageNo, shape, level) || !frame.checkExtent(pageNo, shape)) {
      walk.cut();
      return;
    }
    int ownLevel = PageHeader.level(shape);
    if (level == ANY_DEPTH && ownLevel > 0) {
      page = pageOf(ownLevel).copyFrom(page);
    }
    if (!walk.isChecked(pageNo)) {
      file.checkCrc(pageNo, page);
      findings.pages(PageKinds.name(PageHeader.typeCode(shape)), 1);
    }
    Holder self = new Holder(pageNo, PageHeader.birth(page, 0), PageHeader.stamp(page, 0));
    boolean readable = frame.check(pageNo, page, shape);
    if (!readable) {
      walk.cut();
    }
    if (ownLevel > 0) {
      visitBranch(self, page, shape, range, readable);
    } else {
      visitLeaf(self, page, shape, range, readable);
    }
  }

  private MemorySegment pageOf(int level) {
    if (pages[level].byteSize() == 0) {
      pages[level] = file.newPage();
    }
    return pages[level];
  }

  /// Whether the page is of the type and level that its place in the tree asks for.
  private boolean isExpected(long pageNo, long shape, int level) {
    int found = PageHeader.level(shape);
    int expected = level == ANY_DEPTH ? Math.min(found, Limits.MAX_DEPTH - 1) : level;
    PageType leaf = integerKeys ? PageType.INTEGER_LEAF : PageType.LEAF;
    PageType branch = integerKeys ? PageType.INTEGER_BRANCH : PageType.BRANCH;
    int type = (expected == 0 ? leaf : branch).code();
    if (found != expected || PageHeader.typeCode(shape) != type) {
      findings.violation(
          pageNo,
          PageKinds.name(type) + " of level " + expected,
          PageKinds.name(PageHeader.typeCode(shape)) + " of level " + found);
      return false;
    }
    return true;
  }

  private void visitBranch(
      Holder self, MemorySegment page, long shape, Range range, boolean readable) {
    counts.branchPages++;
    int count = PageHeader.count(shape);
    byte[][] separators = new byte[count][];
    boolean allKnown = readable;
    boolean known = false;
    for (int i = 0; i < count && readable; i++) {
      known = readKey(self, page, shape, i, range, known);
      allKnown &= known;
      separators[i] = Arrays.copyOf(key.key, known ? key.keyLength : 0);
    }
    for (int i = 0; i <= count; i++) {
      Range below = Range.ALL;
      if (allKnown) {
        byte[] low = i == 0 ? range.low() : separators[i - 1];
        byte[] high = i == count ? range.high() : separators[i];
        below = new Range(low, high);
      }
      visit(self, ChildRefs.get(page, 0, shape, i), PageHeader.level(shape) - 1, below);
    }
  }

  private void visitLeaf(
      Holder self, MemorySegment page, long shape, Range range, boolean readable) {
    int count = PageHeader.count(shape);
    counts.leafPages++;
    counts.entries += count;
    boolean known = false;
    for (int i = 0; i < count && readable; i++) {
      known = readKey(self, page, shape, i, range, known);
      long cell =
          integerKeys ? IntegerLeafPage.cell(page, 0, shape, i) : LeafPage.cell(page, 0, shape, i);
      checkValue(self, page, cell, i);
      if (known) {
        visitor.entry(self, page, cell, key);
      }
    }
  }

  /// Reads a key into [#key] and checks it, unless the page was checked before.
  ///
  /// @param beforeKnown whether the key before was read
  /// @return whether the whole key was read
  private boolean readKey(
      Holder self, MemorySegment page, long shape, int index, Range range, boolean beforeKnown) {
    PageEntry swapped = before;
    before = key;
    key = swapped;
    PageEditor.readKey(page, 0, shape, index, key);
    if (key.keyRef != PageRef.NONE) {
      if (integerKeys) {
        return false;
      }
      long runPages = runs.checkKey(self, key);
      counts.overflowPages += runPages;
      if (runPages == 0) {
        return false;
      }
    }
    if (!walk.isChecked(self.pageNo())) {
      if (index > 0 && beforeKnown) {
        keys.checkOrder(self.pageNo(), index, before, key);
      }
      keys.checkRange(self.pageNo(), shape, index, key, range);
      if (!integerKeys) {
        keys.checkCopies(self.pageNo(), page, shape, index, key);
      }
    }
    return true;
  }

  private void checkValue(Holder self, MemorySegment page, long cell, int index) {
    long head = LeafCell.head(page, cell);
    if (integerKeys && (LeafCell.suffixLength(head) != 0 || LeafCell.isSpilled(head))) {
      findings.violation(
          self.pageNo(),
          "cell " + index + " without a key",
          LeafCell.suffixLength(head) + " bytes of one");
    }
    if (LeafCell.isOverflow(head)) {
      counts.overflowPages +=
          runs.checkValue(self, LeafCell.valueRef(page, cell, head), LeafCell.valueLength(head));
    }
  }
}

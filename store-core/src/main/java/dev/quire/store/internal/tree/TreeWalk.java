package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.BranchCell;
import dev.quire.store.internal.format.BranchPage;
import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.IntegerBranchPage;
import dev.quire.store.internal.format.IntegerLeafPage;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageReader;
import java.lang.foreign.MemorySegment;

/// Visits every page of a tree, each before those below it, in key order.
public final class TreeWalk {

  /// What is done with the pages.
  public interface Visitor {
    /// A page of the tree.
    ///
    /// @param depth levels above it
    /// @return whether to visit what it refers to
    boolean page(long ref, MemorySegment segment, long page, int depth);

    /// An overflow run that the page visited last refers to.
    ///
    /// @param lengthBytes of the data, as the cell says
    void run(long ref, long lengthBytes);
  }

  private final PageReader pages;
  private final Visitor visitor;

  private TreeWalk(PageReader pages, Visitor visitor) {
    this.pages = pages;
    this.visitor = visitor;
  }

  /// Visits the tree below a root.
  public static void walk(PageReader pages, long rootRef, Visitor visitor) {
    if (rootRef != PageRef.NONE) {
      new TreeWalk(pages, visitor).visit(rootRef, 0);
    }
  }

  private void visit(long ref, int depth) {
    if (depth >= Limits.MAX_DEPTH) {
      throw TreePath.tooDeep(ref);
    }
    MemorySegment segment = pages.segmentOf(ref);
    long page = pages.offsetOf(ref);
    if (!visitor.page(ref, segment, page, depth)) {
      return;
    }
    long shape = PageHeader.shape(segment, page);
    switch (PageHeader.typeCode(shape)) {
      case BranchPage.TYPE_CODE -> {
        visitSeparators(segment, page, shape);
        visitChildren(segment, page, shape, depth);
      }
      case IntegerBranchPage.TYPE_CODE -> visitChildren(segment, page, shape, depth);
      case LeafPage.TYPE_CODE, IntegerLeafPage.TYPE_CODE -> visitCells(segment, page, shape);
      default -> throw PageSearch.notATreePage(segment, page, shape);
    }
  }

  private void visitChildren(MemorySegment segment, long page, long shape, int depth) {
    for (int i = 0; i <= PageHeader.count(shape); i++) {
      visit(ChildRefs.get(segment, page, shape, i), depth + 1);
    }
  }

  private void visitSeparators(MemorySegment segment, long page, long shape) {
    for (int i = 0; i < PageHeader.count(shape); i++) {
      long cell = BranchPage.cell(segment, page, shape, i);
      if (BranchCell.isSpilled(segment, cell)) {
        int stored = PageHeader.prefixLength(shape) + BranchCell.suffixLength(segment, cell);
        visitor.run(BranchCell.keyRef(segment, cell), BranchCell.keyLength(segment, cell) - stored);
      }
    }
  }

  private void visitCells(MemorySegment segment, long page, long shape) {
    for (int i = 0; i < PageHeader.count(shape); i++) {
      long cell = PageSearch.cell(segment, page, shape, i);
      long head = LeafCell.head(segment, cell);
      if (LeafCell.isSpilled(head)) {
        int stored = PageHeader.prefixLength(shape) + LeafCell.suffixLength(head);
        visitor.run(
            LeafCell.keyRef(segment, cell, head), LeafCell.keyLength(segment, cell, head) - stored);
      }
      if (LeafCell.isOverflow(head)) {
        visitor.run(LeafCell.valueRef(segment, cell, head), LeafCell.valueLength(head));
      }
    }
  }
}

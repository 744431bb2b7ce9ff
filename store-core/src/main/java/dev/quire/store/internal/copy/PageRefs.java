package dev.quire.store.internal.copy;

import dev.quire.store.internal.format.BranchCell;
import dev.quire.store.internal.format.BranchPage;
import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.IntegerBranchPage;
import dev.quire.store.internal.format.IntegerLeafPage;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.TableRecord;
import java.lang.foreign.MemorySegment;

/// Every reference in a page of a tree that was copied to private memory.
final class PageRefs {

  /// Says what stands in the place of a reference.
  interface Target {
    /// The reference to a child.
    long child(long ref);

    /// The reference to the overflow run of a key or a value.
    ///
    /// @param lengthBytes of its data, as the cell says
    long run(long ref, long lengthBytes);

    /// The reference to the root of a table that is not empty.
    long table(TableRecord table);
  }

  private PageRefs() {}

  /// Asks `target` for each reference, in the order of the keys, and puts its answer there.
  ///
  /// @param catalogue whether the values of a leaf are records of tables
  static void replace(MemorySegment page, boolean catalogue, Target target) {
    long shape = PageHeader.shape(page, 0);
    switch (PageHeader.typeCode(shape)) {
      case BranchPage.TYPE_CODE -> {
        replaceSeparators(page, shape, target);
        replaceChildren(page, shape, target);
      }
      case IntegerBranchPage.TYPE_CODE -> replaceChildren(page, shape, target);
      case LeafPage.TYPE_CODE, IntegerLeafPage.TYPE_CODE ->
          replaceCells(page, shape, catalogue, target);
      default ->
          throw PageHeader.corrupt(
              page, 0, "a page of a tree", "type " + PageHeader.typeCode(shape));
    }
  }

  private static void replaceChildren(MemorySegment page, long shape, Target target) {
    for (int i = 0; i <= PageHeader.count(shape); i++) {
      ChildRefs.set(page, 0, shape, i, target.child(ChildRefs.get(page, 0, shape, i)));
    }
  }

  private static void replaceSeparators(MemorySegment page, long shape, Target target) {
    for (int i = 0; i < PageHeader.count(shape); i++) {
      long cell = BranchPage.cell(page, 0, shape, i);
      if (BranchCell.isSpilled(page, cell)) {
        int stored = PageHeader.prefixLength(shape) + BranchCell.suffixLength(page, cell);
        int length = BranchCell.keyLength(page, cell) - stored;
        BranchCell.setKeyRef(page, cell, target.run(BranchCell.keyRef(page, cell), length));
      }
    }
  }

  private static void replaceCells(
      MemorySegment page, long shape, boolean catalogue, Target target) {
    boolean integers = PageHeader.typeCode(shape) == IntegerLeafPage.TYPE_CODE;
    for (int i = 0; i < PageHeader.count(shape); i++) {
      long cell =
          integers ? IntegerLeafPage.cell(page, 0, shape, i) : LeafPage.cell(page, 0, shape, i);
      long head = LeafCell.head(page, cell);
      if (catalogue) {
        replaceRoot(page, cell, head, target);
        continue;
      }
      if (LeafCell.isSpilled(head)) {
        int stored = PageHeader.prefixLength(shape) + LeafCell.suffixLength(head);
        int length = LeafCell.keyLength(page, cell, head) - stored;
        long run = target.run(LeafCell.keyRef(page, cell, head), length);
        LeafCell.setKeyRef(page, cell, head, run);
      }
      if (LeafCell.isOverflow(head)) {
        long run = target.run(LeafCell.valueRef(page, cell, head), LeafCell.valueLength(head));
        LeafCell.setValueRef(page, cell, head, run);
      }
    }
  }

  private static void replaceRoot(MemorySegment page, long cell, long head, Target target) {
    if (LeafCell.flags(head) != 0 || LeafCell.valueLength(head) != TableRecord.SIZE_BYTES) {
      throw PageHeader.corrupt(
          page,
          0,
          "table records of " + TableRecord.SIZE_BYTES + " bytes",
          LeafCell.valueLength(head) + " bytes, flags " + LeafCell.flags(head));
    }
    long at = cell + LeafCell.valueOffset(head);
    TableRecord table = TableRecord.read(page, at);
    if (table.rootRef() != PageRef.NONE) {
      TableRecord.setRootRef(page, at, target.table(table));
    }
  }
}

package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageEditor;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import java.lang.foreign.MemorySegment;

/// Entries for a page, and what follows when they do not fit: a page becomes two, its parent gets a
/// separator, and so on up to a new root.
final class PageSplit {

  private final TreeChange change;
  private final Separators separators;

  /// The separator on its way to each step of the path, and to a new root.
  private final PageEntry[] rising = new PageEntry[Limits.MAX_DEPTH + 1];

  PageSplit(TreeChange change) {
    this.change = change;
    this.separators = new Separators(change.pages);
  }

  /// Inserts an entry into the page of `step`.
  ///
  /// @param appending whether the next entries are likely to follow directly behind this one: what
  ///   lies before it then stays together, and they find room
  void insert(int step, int index, PageEntry entry, boolean appending) {
    MemorySegment segment = change.segment(step);
    long page = change.page(step);
    long shape = change.soundShape(segment, page);
    if (hasPrefix(segment, page, shape, entry)) {
      int bytes = PageEditor.entryBytes(shape, entry, PageHeader.prefixLength(shape));
      if (bytes <= PageEditor.freeBytes(shape, change.pageSizeBytes)) {
        change.makeWritable(step);
        PageEditor.insert(
            change.segment(step), change.page(step), change.pageSizeBytes, index, entry);
        return;
      }
    }
    spread(step, index, 0, entry, appending);
  }

  private static boolean hasPrefix(MemorySegment segment, long page, long shape, PageEntry entry) {
    int prefixLength = PageHeader.prefixLength(shape);
    return PageEditor.hasPrefix(segment, page, prefixLength, entry);
  }

  /// Puts an entry in the place of `replaced` ones of the page of `step`, which is written anew: as
  /// one page if that is enough, else as two.
  void spread(int step, int index, int replaced, PageEntry entry, boolean appending) {
    long old = change.path.refs[step];
    EntrySequence sequence = change.sequence().set(old, index, replaced, entry);
    long shape = change.shape(step);
    int level = PageHeader.level(shape);
    int size = sequence.size();
    boolean prefixed = hasPrefix(change.segment(step), change.page(step), shape, entry);
    int prefixLength = prefixed ? PageHeader.prefixLength(shape) : sequence.commonPrefix(0, size);
    change.makeWritable(step - 1);
    if (!prefixed && sequence.fitsOnePage(prefixLength)) {
      long firstChild = level == 0 ? PageRef.NONE : sequence.firstChild();
      change.refer(step, change.build(level, 0, size, firstChild));
      change.retire(old);
      return;
    }
    if (prefixed && replaced == 0 && level == 0 && appending && index == size - 1) {
      split(step, level, index, true);
      return;
    }
    int last = level == 0 ? size - 1 : size - 2;
    int cut;
    if (prefixed) {
      cut = sequence.cut(prefixLength, appending ? Math.min(index, last) : 0);
    } else {
      cut = index == 0 ? 1 : last;
    }
    split(step, level, cut, replaced == 0 && index == cut && cut == size - 1);
  }

  /// Cuts the sequence of the page of `step` in two.
  ///
  /// @param keepLeft whether the old page already is the left part
  private void split(int step, int level, int cut, boolean keepLeft) {
    if (cut == 0) {
      throw new AssertionError("a page of " + change.sequence().size() + " entries cannot be cut");
    }
    EntrySequence sequence = change.sequence();
    long old = change.path.refs[step];
    int size = sequence.size();
    PageEntry separator = rising(step);
    long left = old;
    if (level == 0) {
      separators.between(change.root(), sequence, cut, separator);
      if (!keepLeft) {
        left = change.build(0, 0, cut, PageRef.NONE);
      }
      separator.childRef = change.build(0, cut, size, PageRef.NONE);
    } else {
      sequence.read(cut, separator);
      left = change.build(level, 0, cut, sequence.firstChild());
      separator.childRef = change.build(level, cut + 1, size, separator.childRef);
    }
    if (left != old) {
      change.refer(step, left);
      change.retire(old);
    }
    rise(step, level, separator);
  }

  /// Gives the parent of the page of `step` the separator that now follows that page.
  private void rise(int step, int level, PageEntry separator) {
    if (step == 0) {
      growRoot(level + 1, separator);
    } else {
      boolean appending = change.isRightmost(step - 1);
      insert(step - 1, change.path.indexes[step - 1], separator, appending);
    }
  }

  private void growRoot(int level, PageEntry separator) {
    TreeRoot root = change.root();
    root.ref = change.plant(level, root.ref, separator);
    root.depth++;
  }

  private PageEntry rising(int step) {
    PageEntry entry = rising[step];
    if (entry == null) {
      entry = new PageEntry();
      rising[step] = entry;
    }
    return entry;
  }
}

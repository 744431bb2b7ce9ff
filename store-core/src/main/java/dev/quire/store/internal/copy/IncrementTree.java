package dev.quire.store.internal.copy;

import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.NativeBuffers;
import java.lang.foreign.MemorySegment;

/// Writes those pages of a tree that an earlier backup does not have, level by level from the root
/// down, beside the same levels of the tree in the backup ([BaseTree]).
///
/// A page of the backup with the same stamp is the same page, and so is everything below it: a
/// stamp is given once, and a page refers to pages in one state. Every other page gets a number
/// when the level above is written, so references are known when a page is.
final class IncrementTree {

  /// What the trees of one increment have in common.
  ///
  /// @param pages the state
  /// @param base the backups
  /// @param checksums whether pages carry a CRC
  /// @param out takes the new pages
  /// @param memory for pages
  record Copying(
      PageReader pages,
      BackupChain base,
      boolean checksums,
      IncrementPages out,
      NativeBuffers memory) {}

  private final Copying copying;
  private final PageReader pages;
  private final IncrementPages out;
  private final PageLoad load;
  private final RunCopy runs;
  private final MemorySegment page;
  private final boolean catalogue;

  private IncrementTree(Copying copying, boolean catalogue) {
    this.copying = copying;
    this.pages = copying.pages();
    this.out = copying.out();
    this.catalogue = catalogue;
    this.load = new PageLoad(pages, copying.checksums());
    this.runs = new RunCopy(pages, copying.checksums(), copying.memory());
    this.page = copying.memory().allocate(pages.pageSizeBytes());
  }

  /// Copies what is new below a catalogue.
  ///
  /// @param root of the state
  /// @param baseRoot of the backups
  /// @return reference to the root by its number in the increment or the backups
  static long copyCatalogue(Copying copying, long root, long baseRoot) {
    IncrementTree tables = new IncrementTree(copying, false);
    return new IncrementTree(copying, true).copy(root, baseRoot, tables);
  }

  /// @param below copies the trees that this one's leaves name
  private long copy(long root, long baseRoot, IncrementTree below) {
    if (root == PageRef.NONE) {
      return PageRef.NONE;
    }
    int level = PageLoad.level(pages, root);
    BaseTree base = new BaseTree(reading(), baseRoot, catalogue);
    base.descendTo(level);
    long known = base.findPage(root);
    if (known != PageRef.NONE) {
      return known;
    }
    RefList refs = new RefList();
    RefList copies = new RefList();
    Below targets = new Below(base, below);
    long result = targets.begin(root, refs, copies);
    for (; level >= 0 && refs.size() > 0; level--) {
      base.descendTo(level - 1);
      targets.refs = new RefList();
      targets.copies = new RefList();
      for (int i = 0; i < refs.size(); i++) {
        copyPage(refs.get(i), PageRef.pageNo(copies.get(i)), level, targets);
      }
      refs = targets.refs;
      copies = targets.copies;
    }
    return result;
  }

  private BaseTree.Reading reading() {
    BackupChain base = copying.base();
    return new BaseTree.Reading(base, pages, copying.checksums(), base.endPage(), copying.memory());
  }

  private void copyPage(long ref, long pageNo, int level, Below targets) {
    load.load(ref, page);
    int found = PageHeader.level(PageHeader.shape(page, 0));
    if (found != level) {
      throw PageHeader.corrupt(page, 0, "level " + level, "level " + found);
    }
    PageRefs.replace(page, catalogue, targets);
    load.renumber(page, pageNo);
    out.at(pageNo).add(page, 0, pages.pageSizeBytes());
    out.added(1);
  }

  /// Finds in the backups what a page refers to, or gives it a number.
  private final class Below implements PageRefs.Target {
    private final BaseTree base;
    private final IncrementTree tables;

    /// The new pages of the next level, and the same with their new numbers.
    private RefList refs = new RefList();

    private RefList copies = new RefList();

    Below(BaseTree base, IncrementTree tables) {
      this.base = base;
      this.tables = tables;
    }

    private long begin(long ref, RefList news, RefList renumbered) {
      long copy = PageRef.of(out.take(1), PageRef.stampBits(ref));
      news.add(ref);
      renumbered.add(copy);
      return copy;
    }

    @Override
    public long child(long ref) {
      long known = base.findPage(ref);
      return known == PageRef.NONE ? begin(ref, refs, copies) : known;
    }

    @Override
    public long run(long ref, long lengthBytes) {
      long known = base.findRun(ref);
      if (known != PageRef.NONE) {
        return known;
      }
      long count = runs.pages(ref, lengthBytes);
      long pageNo = out.take(count);
      long copy = runs.copy(ref, lengthBytes, pageNo, out.at(pageNo));
      out.added(count);
      return copy;
    }

    @Override
    public long table(TableRecord table) {
      return tables.copy(table.rootRef(), base.rootOf(table), tables);
    }
  }
}

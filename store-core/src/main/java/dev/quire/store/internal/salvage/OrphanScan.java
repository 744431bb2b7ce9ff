package dev.quire.store.internal.salvage;

import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.PageSet;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks for whole pages of trees that nothing refers to any more: roots whose record is lost, and
/// what lay below a page that is lost.
final class OrphanScan {

  /// The top page of a tree, or of a part of one.
  ///
  /// @param ref reference to it
  /// @param level its level
  /// @param integers whether its keys are integers
  /// @param catalogue whether it is a leaf whose entries are records of tables
  record Orphan(long ref, int level, boolean integers, boolean catalogue) {}

  private final DamagedFile file;
  private final @Nullable PageSet live;
  private final BitSet known;
  private final BitSet below = new BitSet();
  private final MemorySegment page;

  private OrphanScan(DamagedFile file, @Nullable PageSet live, BitSet known) {
    this.file = file;
    this.live = live;
    this.known = known;
    this.page = file.newPage();
  }

  /// @param live pages of the state that is looked for, or null if that is not known
  /// @param known pages that were found already
  static List<Orphan> find(DamagedFile file, @Nullable PageSet live, BitSet known) {
    OrphanScan scan = new OrphanScan(file, live, known);
    scan.markChildren();
    return scan.roots();
  }

  private long load(long pageNo) {
    boolean candidate = !known.get((int) pageNo) && (live == null || live.contains(pageNo));
    return candidate ? file.loadTreePage(pageNo, page) : PageRef.NONE;
  }

  private long end() {
    return Math.min(file.pages(), Integer.MAX_VALUE);
  }

  private void markChildren() {
    for (long pageNo = Superblock.SUPERBLOCK_PAGES; pageNo < end(); pageNo++) {
      if (load(pageNo) == PageRef.NONE) {
        continue;
      }
      long shape = PageHeader.shape(page, 0);
      if (PageHeader.level(shape) == 0) {
        continue;
      }
      for (int i = 0; i <= PageHeader.count(shape); i++) {
        long child = ChildRefs.get(page, 0, shape, i);
        if (PageRef.pageNo(child) < end() && file.hasHeaderOf(child)) {
          below.set((int) PageRef.pageNo(child));
        }
      }
    }
  }

  private List<Orphan> roots() {
    List<Orphan> found = new ArrayList<>();
    for (long pageNo = Superblock.SUPERBLOCK_PAGES; pageNo < end(); pageNo++) {
      if (below.get((int) pageNo)) {
        continue;
      }
      long ref = load(pageNo);
      if (ref != PageRef.NONE) {
        long shape = PageHeader.shape(page, 0);
        int type = PageHeader.typeCode(shape);
        boolean integers =
            type == PageType.INTEGER_LEAF.code() || type == PageType.INTEGER_BRANCH.code();
        boolean catalogue = type == PageType.LEAF.code() && CatalogueScan.hasRecords(page, shape);
        found.add(new Orphan(ref, PageHeader.level(shape), integers, catalogue));
      }
    }
    return found;
  }
}

package dev.quire.store.internal.copy;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.NativeBuffers;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/// A tree of an earlier backup, gone down level by level beside a newer state of it.
///
/// What the newer state still has is found by its stamp, and is not entered: below it everything is
/// the same. All others are replaced pages; what they refer to is where the newer state's pages of
/// the next level may be found. So what is read are replaced pages and nothing else.
final class BaseTree {

  private final PageReader base;
  private final PageReader pages;
  private final PageLoad load;
  private final boolean catalogue;
  private final MemorySegment page;
  private final long root;
  private final long most;

  /// Pages of the level that was reached, of which the newer state may have some.
  private RefList level = new RefList();

  private int levelNo;
  private RefList runs = new RefList();
  private final Map<Integer, Long> tables = new HashMap<>();
  private long entered;

  /// What a tree of the base is read with.
  ///
  /// @param base the backups
  /// @param pages the newer state
  /// @param checksums whether pages carry a CRC
  /// @param most no tree of the base has more pages
  /// @param memory for one page
  record Reading(
      PageReader base, PageReader pages, boolean checksums, long most, NativeBuffers memory) {}

  /// @param root of the tree in the base, or [PageRef#NONE]
  /// @param catalogue whether it is the catalogue
  BaseTree(Reading reading, long root, boolean catalogue) {
    this.base = reading.base();
    this.pages = reading.pages();
    this.load = new PageLoad(base, reading.checksums());
    this.most = reading.most();
    this.page = reading.memory().allocate(base.pageSizeBytes());
    this.catalogue = catalogue;
    this.root = root;
    this.levelNo = root == PageRef.NONE ? -1 : PageLoad.level(base, root);
    if (root != PageRef.NONE) {
      level.add(root);
    }
    level.seal();
    runs.seal();
  }

  /// Goes down to a level, or stays below it.
  void descendTo(int target) {
    while (levelNo > target) {
      descend();
    }
  }

  /// Enters what was not found in the level.
  private void descend() {
    RefList above = level;
    RefList below = new RefList();
    RefList belowRuns = new RefList();
    for (int i = 0; i < above.size(); i++) {
      if (!above.isFound(i)) {
        enter(above.get(i), below, belowRuns);
      }
    }
    below.seal();
    belowRuns.seal();
    level = below;
    runs = belowRuns;
    levelNo--;
  }

  private void enter(long ref, RefList below, RefList belowRuns) {
    if (++entered > most) {
      throw new CorruptPageException(
          new Violation(PageRef.pageNo(root), "a tree of at most " + most + " pages", "more"));
    }
    load.load(ref, page);
    if (PageHeader.level(PageHeader.shape(page, 0)) != levelNo) {
      throw PageHeader.corrupt(
          page, 0, "level " + levelNo, "level " + PageHeader.level(PageHeader.shape(page, 0)));
    }
    PageRefs.replace(
        page,
        catalogue,
        new PageRefs.Target() {
          @Override
          public long child(long child) {
            below.add(child);
            return child;
          }

          @Override
          public long run(long run, long lengthBytes) {
            belowRuns.add(run);
            return run;
          }

          @Override
          public long table(TableRecord table) {
            tables.put(table.tableId(), table.rootRef());
            return table.rootRef();
          }
        });
  }

  /// The page of the base that is the page `ref` of the newer state, which lies in the level that
  /// was reached; [PageRef#NONE] if there is none.
  long findPage(long ref) {
    return find(level, ref);
  }

  /// The same of a run that a page of the level above refers to.
  long findRun(long ref) {
    return find(runs, ref);
  }

  /// The root that a table has in the base, or [PageRef#NONE] if no page that was entered has it.
  long rootOf(TableRecord table) {
    return tables.getOrDefault(table.tableId(), PageRef.NONE);
  }

  private long find(RefList list, long ref) {
    int bits = PageRef.stampBits(ref);
    for (int i = list.firstLike(ref); i < list.size(); i++) {
      long candidate = list.get(i);
      if (PageRef.stampBits(candidate) != bits) {
        break;
      }
      if (PageLoad.stamp(base, candidate) == PageLoad.stamp(pages, ref)) {
        list.setFound(i);
        return candidate;
      }
    }
    return PageRef.NONE;
  }
}

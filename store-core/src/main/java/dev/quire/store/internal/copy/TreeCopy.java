package dev.quire.store.internal.copy;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.NativeBuffers;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Writes the pages of a snapshot one after the other, each behind everything that it refers to:
/// where its children lie is known when it is written, and the catalogue's root is the last.
///
/// A page is copied to private memory, checked against its CRC, given its new number and new
/// references, and a new CRC. Stamp and birth stay what they were.
final class TreeCopy {

  /// Levels of the catalogue, and of a table below it.
  private static final int MAX_DEPTH = 2 * Limits.MAX_DEPTH;

  private final int pageSizeBytes;
  private final NativeBuffers memory;
  private final PageOutput out;
  private final long endPage;
  private final List<MemorySegment> levels = new ArrayList<>();
  private final PageLoad load;
  private final RunCopy runs;
  private long nextPage;

  /// @param target the superblock of the copy
  /// @param endPage no page may get this number: there are more than the tables say
  TreeCopy(
      PageReader pages, Superblock target, PageOutput out, long endPage, NativeBuffers memory) {
    this.pageSizeBytes = target.pageSizeBytes();
    this.memory = memory;
    this.out = out;
    this.endPage = endPage;
    this.nextPage = target.firstPage();
    this.load = new PageLoad(pages, target.checksums());
    this.runs = new RunCopy(pages, target.checksums(), memory);
  }

  /// Copies everything that a catalogue reaches.
  ///
  /// @return reference to its root in the copy
  long copyCatalogue(long ref) {
    return copy(ref, 0, true);
  }

  /// Number that the next page would get.
  long nextPage() {
    return nextPage;
  }

  private long copy(long ref, int depth, boolean catalogue) {
    if (depth == MAX_DEPTH) {
      throw new CorruptPageException(
          new Violation(
              PageRef.pageNo(ref), "at most " + MAX_DEPTH + " levels", "a longer way down"));
    }
    if (levels.size() == depth) {
      levels.add(memory.allocate(pageSizeBytes));
    }
    MemorySegment page = levels.get(depth);
    load.load(ref, page);
    PageRefs.replace(page, catalogue, new Below(depth + 1, catalogue));
    return write(page);
  }

  /// Copies what a page refers to.
  private final class Below implements PageRefs.Target {
    private final int depth;
    private final boolean catalogue;

    Below(int depth, boolean catalogue) {
      this.depth = depth;
      this.catalogue = catalogue;
    }

    @Override
    public long child(long ref) {
      return copy(ref, depth, catalogue);
    }

    @Override
    public long run(long ref, long lengthBytes) {
      long pageNo = nextPage;
      take(runs.pages(ref, lengthBytes));
      return runs.copy(ref, lengthBytes, pageNo, out);
    }

    @Override
    public long table(TableRecord table) {
      return copy(table.rootRef(), depth, false);
    }
  }

  private long write(MemorySegment page) {
    long pageNo = nextPage;
    take(1);
    load.renumber(page, pageNo);
    out.add(page, 0, pageSizeBytes);
    return PageRef.of(pageNo, PageHeader.stamp(page, 0));
  }

  private void take(long count) {
    if (count > endPage - nextPage) {
      throw new CorruptPageException(
          new Violation(-1, "as many pages as the tables' records say", "more"));
    }
    nextPage += count;
  }
}

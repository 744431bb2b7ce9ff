package dev.quire.store.internal.copy;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.FileHeader;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.SuperblockPage;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeWalk;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.internal.txn.Catalogue;
import dev.quire.store.internal.txn.EngineView;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;

/// A state written as the data file of a closed store, from its first byte to its last.
///
/// 1. How many pages the tables have stand in their records, so the superblock, which comes first,
///    is known before the first page is read.
/// 2. Superblocks, an empty redo ring, the pages ([TreeCopy]), the space map ([MapImage]).
///
/// Store id, user words and the pages' stamps stay what they were; the log and the superblocks
/// begin anew. So do the stamps, far from those of the origin: if both are written to, they give no
/// stamp twice, and [IncrementCopy] takes no page of one for a page of the other.
final class DenseCopy {

  /// The first new stamp is less than this behind the last old one.
  private static final long STAMP_LEAP = 1L << 40;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final CopyState state;
  private final NativeBuffers memory;
  private final PageOutput out;

  private DenseCopy(CopyState state, CopySink sink, NativeBuffers memory) {
    this.state = state;
    this.memory = memory;
    this.out = new PageOutput(sink, memory);
  }

  /// Writes the copy.
  static void write(CopyState state, CopySink sink) {
    try (NativeBuffers memory = new NativeBuffers()) {
      new DenseCopy(state, sink, memory).run();
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(state.pages(), e);
    }
  }

  private void run() {
    int pageSize = state.origin().pageSizeBytes();
    long ringSize = state.ringSizeBytes();
    long firstPage = Superblock.SUPERBLOCK_PAGES + ringSize / pageSize;
    long catalogue = state.head().catalogueRef();
    long treePages = countPages(catalogue);
    MapImage map = new MapImage(pageSize, firstPage, treePages);
    Superblock target = superblock(map, firstPage + treePages - 1);
    writeSuperblocks(target);
    out.addRing(ringSize);
    if (catalogue != PageRef.NONE) {
      TreeCopy trees = new TreeCopy(state.pages(), target, out, firstPage + treePages, memory);
      long root = trees.copyCatalogue(catalogue);
      if (root != target.catalogueRef()) {
        throw new CorruptPageException(
            new Violation(
                -1,
                treePages + " pages, as the tables' records say",
                trees.nextPage() - firstPage + " pages"));
      }
    }
    map.writeTo(
        out,
        memory.allocate(pageSize),
        new MapImage.Marks(state.stampLimit(), target.txnId(), target.checksums()));
    out.flush();
  }

  /// Pages of the catalogue and of everything below.
  private long countPages(long catalogue) {
    PageReader pages = state.pages();
    if (catalogue == PageRef.NONE) {
      return 0;
    }
    PageCount count = new PageCount();
    TreeWalk.walk(pages, catalogue, count);
    TreeCursor cursor = new TreeCursor(pages);
    ValueSlot slot = new ValueSlot();
    cursor.open(catalogue);
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      cursor.value(slot);
      TableRecord table = Catalogue.decode(slot);
      count.pages += table.leafPages() + table.branchPages() + table.overflowPages();
    }
    MappedFaults.settle(pages);
    long most = state.mostPages();
    if (count.pages < 0 || count.pages > most) {
      throw new CorruptPageException(
          new Violation(-1, "tables with at most " + most + " pages", count.pages + " pages"));
    }
    return count.pages;
  }

  /// Counts the pages of a tree.
  private static final class PageCount implements TreeWalk.Visitor {
    private long pages;

    @Override
    public boolean page(long ref, MemorySegment segment, long page, int depth) {
      pages++;
      return true;
    }

    @Override
    public void run(long ref, long lengthBytes) {
      throw new CorruptPageException(
          new Violation(PageRef.pageNo(ref), "table names and records without a run", "one"));
    }
  }

  private Superblock superblock(MapImage map, long rootPage) {
    Superblock own = state.origin();
    Head head = state.head();
    boolean empty = head.catalogueRef() == PageRef.NONE;
    long stamps = state.stampLimit() + map.pages() + EngineView.STAMP_RESERVE;
    return new Superblock(
        own.pageSizeBytes(),
        own.flags(),
        own.storeIdHigh(),
        own.storeIdLow(),
        own.createdMillis(),
        1,
        head.txnId(),
        empty ? PageRef.NONE : PageRef.of(rootPage, PageRef.stampBits(head.catalogueRef())),
        map.rootRef(state.stampLimit()),
        map.levels(),
        map.highWater(),
        map.highWater() * own.pageSizeBytes(),
        state.ringSizeBytes(),
        0,
        0,
        1,
        stamps + RANDOM.nextLong(STAMP_LEAP),
        head.userTerm(),
        head.userIndex(),
        head.nextTableId());
  }

  /// Both slots with the same state: each page that a checker looks at is there.
  private void writeSuperblocks(Superblock first) {
    Superblock second = first.withStamps(first.sequence() + 1, first.stampLimit());
    writeSlot(second);
    writeSlot(first);
  }

  private void writeSlot(Superblock b) {
    MemorySegment page = memory.allocate(b.pageSizeBytes());
    page.fill((byte) 0);
    SuperblockPage.write(page, 0, b);
    int length = SuperblockPage.SIZE_BYTES - FileHeader.CRC_START;
    FileHeader.setCrc(page, 0, new Checksum().of(page, FileHeader.CRC_START, length));
    out.add(page, 0, b.pageSizeBytes());
    out.add(page, 0, b.pageSizeBytes());
  }
}

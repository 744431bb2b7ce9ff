package dev.quire.store.internal.salvage;

import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Looks for the newest catalogue without a superblock: among all whole pages the root of a tree
/// whose values are table records.
final class CatalogueScan {

  /// A catalogue's root.
  ///
  /// @param ref reference to it
  /// @param birth its transaction
  /// @param level its level
  record Found(DamagedFile file, long ref, long birth, int level) {}

  private final DamagedFile file;
  private final MemorySegment page;
  private final MemorySegment below;
  private @Nullable Found best;

  private CatalogueScan(DamagedFile file) {
    this.file = file;
    this.page = file.newPage();
    this.below = file.newPage();
  }

  /// Looks in a file of whatever page size, with and without checksums.
  static @Nullable Found find(Region region, NativeBuffers memory) {
    for (int size = Limits.MIN_PAGE_SIZE_BYTES; size <= Limits.MAX_PAGE_SIZE_BYTES; size *= 2) {
      for (boolean checksums : new boolean[] {true, false}) {
        Found found = new CatalogueScan(new DamagedFile(region, memory, size, checksums)).run();
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private @Nullable Found run() {
    for (long pageNo = Superblock.SUPERBLOCK_PAGES; pageNo < file.pages(); pageNo++) {
      if (!file.readHeader(pageNo, page)) {
        continue;
      }
      long shape = PageHeader.shape(page, 0);
      int level = PageHeader.level(shape);
      long birth = PageHeader.birth(page, 0);
      long ref = PageRef.of(pageNo, PageHeader.stamp(page, 0));
      if (isBetter(birth, level) && isCatalogue(ref)) {
        best = new Found(file, ref, birth, level);
      }
    }
    return best;
  }

  private boolean isBetter(long birth, int level) {
    Found known = best;
    return known == null
        || birth > known.birth()
        || birth == known.birth() && level > known.level();
  }

  /// Whether the first leaf below a page has table records.
  private boolean isCatalogue(long root) {
    long ref = root;
    int expected = -1;
    for (int depth = 0; depth < Limits.MAX_DEPTH; depth++) {
      if (file.load(ref, below) != null) {
        return false;
      }
      long shape = PageHeader.shape(below, 0);
      int level = PageHeader.level(shape);
      int type = (level == 0 ? PageType.LEAF : PageType.BRANCH).code();
      if (PageHeader.typeCode(shape) != type || expected >= 0 && level != expected) {
        return false;
      }
      if (level == 0) {
        return hasRecords(below, shape);
      }
      ref = ChildRefs.get(below, 0, shape, 0);
      expected = level - 1;
    }
    return false;
  }

  /// Whether all entries of a whole leaf are records of tables, and there is one.
  static boolean hasRecords(MemorySegment leaf, long shape) {
    int count = PageHeader.count(shape);
    for (int i = 0; i < count; i++) {
      long cell = LeafPage.cell(leaf, 0, shape, i);
      if (!isRecord(leaf, cell)) {
        return false;
      }
    }
    return count > 0;
  }

  /// Whether a cell of a whole page holds the record of a table.
  private static boolean isRecord(MemorySegment page, long cell) {
    long head = LeafCell.head(page, cell);
    long value = cell + LeafCell.valueOffset(head);
    if (LeafCell.flags(head) != 0
        || LeafCell.valueLength(head) != TableRecord.SIZE_BYTES
        || value + TableRecord.SIZE_BYTES > page.byteSize()) {
      return false;
    }
    return isSound(TableRecord.read(page, value));
  }

  static boolean isSound(TableRecord table) {
    boolean empty = table.depth() == 0;
    return (table.kind() == TableRecord.KIND_BYTES || table.kind() == TableRecord.KIND_INTEGERS)
        && table.depth() <= Limits.MAX_DEPTH
        && empty == (table.rootRef() == PageRef.NONE)
        && empty == (table.entries() == 0)
        && table.tableId() > 0
        && table.created() > 0
        && (table.flags() & ~TableRecord.EXPIRES) == 0;
  }
}

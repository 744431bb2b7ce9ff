package dev.quire.store.internal.inspect;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.tree.TreeWalk;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.EngineStats;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Where the space of a store goes, as of one transaction.
///
/// @param file the whole store
/// @param tables each table, in the order of names
public record SpaceReport(EngineStats file, List<TableSpace> tables) {

  /// Where the space of a table goes.
  ///
  /// @param name the table's
  /// @param record what the catalogue says of it: entries, depth, pages by kind
  /// @param leafBytes bytes of leaves in use
  /// @param branchBytes bytes of branches in use
  /// @param overflowBytes bytes of long values and keys
  public record TableSpace(
      String name, TableRecord record, long leafBytes, long branchBytes, long overflowBytes) {

    /// The part of the leaves that is in use, 0 to 1; 0 of an empty table.
    public double leafFill(int pageSizeBytes) {
      return fill(leafBytes, record.leafPages(), pageSizeBytes);
    }

    /// The part of the branches that is in use, 0 to 1; 0 if there is none.
    public double branchFill(int pageSizeBytes) {
      return fill(branchBytes, record.branchPages(), pageSizeBytes);
    }

    /// The part of the overflow runs that is in use, 0 to 1; 0 if there is none.
    public double overflowFill(int pageSizeBytes) {
      return fill(overflowBytes, record.overflowPages(), pageSizeBytes);
    }

    private static double fill(long bytes, long pages, int pageSizeBytes) {
      return pages == 0 ? 0 : (double) bytes / pages / pageSizeBytes;
    }
  }

  /// Looks at every page of a store's trees.
  ///
  /// @throws CorruptPageException if one is not what it must be
  public static SpaceReport of(Engine engine) {
    return SnapshotLook.of(
        engine,
        snapshot -> {
          List<TableSpace> tables = new ArrayList<>();
          SnapshotLook.tables(
              snapshot, (name, record) -> tables.add(new Sum(snapshot).of(name, record)));
          return new SpaceReport(engine.stats(), List.copyOf(tables));
        });
  }

  /// Adds up the pages of one table.
  private static final class Sum implements TreeWalk.Visitor {

    private final PageReader pages;
    private long leafBytes;
    private long branchBytes;
    private long overflowBytes;

    Sum(PageReader pages) {
      this.pages = pages;
    }

    TableSpace of(String name, TableRecord record) {
      TreeWalk.walk(pages, record.rootRef(), this);
      return new TableSpace(name, record, leafBytes, branchBytes, overflowBytes);
    }

    @Override
    public boolean page(long ref, MemorySegment segment, long page, int depth) {
      long shape = PageHeader.shape(segment, page);
      int used = PageExtent.lowEnd(shape) + PageHeader.heapBytes(shape);
      if (PageHeader.level(shape) == 0) {
        leafBytes += used;
      } else {
        branchBytes += used;
      }
      return true;
    }

    @Override
    public void run(long ref, long lengthBytes) {
      overflowBytes += lengthBytes;
    }
  }
}

package dev.quire.store.internal.inspect;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeWalk;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.internal.txn.Catalogue;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.EngineStats;
import dev.quire.store.internal.txn.Snapshot;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
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
    Snapshot snapshot = engine.beginRead();
    try {
      List<TableSpace> tables = new ArrayList<>();
      TreeCursor cursor = new TreeCursor(snapshot);
      cursor.open(snapshot.catalogueRef());
      ValueSlot slot = new ValueSlot();
      for (boolean more = cursor.first(); more; more = cursor.next()) {
        byte[] name = new byte[cursor.keyLength()];
        cursor.copyKey(name);
        cursor.value(slot);
        TableRecord record = Catalogue.decode(slot);
        tables.add(new Sum(snapshot).of(new String(name, StandardCharsets.UTF_8), record));
      }
      PendingFault.raise();
      return new SpaceReport(engine.stats(), List.copyOf(tables));
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(snapshot, e);
    } finally {
      snapshot.end();
    }
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

package dev.quire.store.internal.txn;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.tree.TreeReader;
import dev.quire.store.internal.tree.TreeRoot;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The tree of tables: name to [TableRecord].
public final class Catalogue {

  /// Names of detached tables begin so; the table's id in hexadecimal follows.
  static final String DETACHED = "quire.dropped.";

  private Catalogue() {}

  /// Whether a table of this name was dropped, and is there only until its pages are freed.
  public static boolean isDetached(String name) {
    return name.startsWith(DETACHED);
  }

  /// Reads a table's record.
  ///
  /// @return null if there is no table of this name
  public static @Nullable TableRecord find(PageReader pages, long catalogueRef, byte[] name) {
    ValueSlot slot = new ValueSlot();
    if (catalogueRef == PageRef.NONE
        || !TreeReader.find(pages, catalogueRef, name, name.length, slot)) {
      return null;
    }
    return decode(slot);
  }

  /// Decodes a value of the catalogue.
  public static TableRecord decode(ValueSlot slot) {
    if (slot.length != TableRecord.SIZE_BYTES) {
      throw new CorruptPageException(
          new Violation(
              -1,
              "a table record of " + TableRecord.SIZE_BYTES + " bytes",
              slot.length + " bytes"));
    }
    return TableRecord.read(slot.segment, slot.offset);
  }

  /// The catalogue's own tree. It counts nothing but its levels.
  static TreeRoot tree(PageReader pages, long catalogueRef) {
    TreeRoot root = new TreeRoot(false);
    root.ref = catalogueRef;
    if (catalogueRef != PageRef.NONE) {
      MemorySegment s = pages.segmentOf(catalogueRef);
      root.depth = PageHeader.level(PageHeader.shape(s, pages.offsetOf(catalogueRef))) + 1;
    }
    return root;
  }

  /// The tree that a record describes.
  public static TreeRoot root(TableRecord table) {
    TreeRoot root = new TreeRoot(table.kind() == TableRecord.KIND_INTEGERS);
    root.ref = table.rootRef();
    root.depth = table.depth();
    root.entries = table.entries();
    root.leafPages = table.leafPages();
    root.branchPages = table.branchPages();
    root.overflowPages = table.overflowPages();
    root.expires = (table.flags() & TableRecord.EXPIRES) != 0;
    root.boundedId = table.isBounded() ? table.tableId() : 0;
    return root;
  }

  /// The record of a new, empty table.
  static TableRecord newRecord(int tableId, TableSettings settings, long txnId) {
    int kind = settings.integerKeys() ? TableRecord.KIND_INTEGERS : TableRecord.KIND_BYTES;
    return new TableRecord(
        PageRef.NONE,
        0,
        tableId,
        kind,
        0,
        0,
        0,
        0,
        0,
        settings.defaultExpiryMillis(),
        0,
        0,
        txnId,
        settings.maxEntries(),
        settings.maxBytes());
  }

  /// The record of a table whose tree is `root`.
  static TableRecord record(TableRecord table, TreeRoot root) {
    return new TableRecord(
        root.ref,
        root.entries,
        table.tableId(),
        table.kind(),
        root.depth,
        root.expires ? TableRecord.EXPIRES : 0,
        root.leafPages,
        root.branchPages,
        root.overflowPages,
        table.defaultExpiryMillis(),
        table.keyCodec(),
        table.valueCodec(),
        table.created(),
        table.maxEntries(),
        table.maxBytes());
  }
}

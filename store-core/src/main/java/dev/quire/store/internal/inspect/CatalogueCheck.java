package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.inspect.RunCheck.Holder;
import dev.quire.store.internal.txn.Catalogue;
import dev.quire.store.internal.txn.EvictionQueue;
import dev.quire.store.internal.txn.ExpiryIndex;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The catalogue of a snapshot, and every table in it.
final class CatalogueCheck {

  /// A table found in the catalogue.
  ///
  /// @param holder the leaf with its record
  private record Found(Holder holder, String name, TableRecord table) {}

  private final Walk walk;
  private final Findings findings;
  private final TreeCheck tree;
  private final long nextTableId;
  private final List<Found> tables = new ArrayList<>();
  private final ExpiryCheck expiry;
  private final QueueCheck queue;
  private TreeCheck.Counts counts = new TreeCheck.Counts();

  /// @param nextTableId ids of tables are below
  CatalogueCheck(Walk walk, long nextTableId) {
    this.walk = walk;
    this.findings = walk.file().findings();
    this.tree = new TreeCheck(walk);
    this.nextTableId = nextTableId;
    this.expiry = new ExpiryCheck(findings);
    this.queue = new QueueCheck(findings);
  }

  /// Checks everything that the catalogue reaches.
  ///
  /// @param counted whether entries go into the report
  void check(long catalogueRef, boolean counted) {
    if (catalogueRef == PageRef.NONE) {
      return;
    }
    Holder head = new Holder(-1, walk.bounds().txnId(), walk.bounds().nextStamp());
    tree.check(head, catalogueRef, TreeCheck.ANY_DEPTH, false, this::find);
    checkIds();
    // What the store keeps of other tables comes first: they are compared with it.
    tables.sort(Comparator.comparing(found -> !isDerived(found)));
    boolean complete = true;
    for (Found found : tables) {
      long entries = checkTable(found, complete);
      complete &= !isDerived(found) || counts.complete;
      if (counted) {
        findings.entries(found.name(), entries);
      }
    }
    if (complete) {
      expiry.finish();
      queue.finish();
    }
  }

  private void find(Holder leaf, MemorySegment page, long cell, PageEntry key) {
    String name = new String(key.key, 0, key.keyLength, StandardCharsets.UTF_8);
    byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
    if (key.keyLength == 0
        || key.keyLength > Limits.MAX_TABLE_NAME_BYTES
        || !Arrays.equals(encoded, 0, encoded.length, key.key, 0, key.keyLength)) {
      findings.violation(
          leaf.pageNo(),
          "a table name of 1 to " + Limits.MAX_TABLE_NAME_BYTES + " bytes of UTF-8",
          key.keyLength + " bytes: " + name);
    }
    long head = LeafCell.head(page, cell);
    if (LeafCell.flags(head) != 0 || LeafCell.valueLength(head) != TableRecord.SIZE_BYTES) {
      findings.violation(
          leaf.pageNo(),
          "a record of " + TableRecord.SIZE_BYTES + " bytes for table " + name,
          LeafCell.valueLength(head) + " bytes, flags " + LeafCell.flags(head));
      walk.cut();
      return;
    }
    TableRecord table = TableRecord.read(page, cell + LeafCell.valueOffset(head));
    if (isSound(leaf, name, table)) {
      tables.add(new Found(leaf, name, table));
    } else {
      walk.cut();
    }
  }

  private boolean isSound(Holder leaf, String name, TableRecord table) {
    boolean empty = table.depth() == 0;
    boolean kind =
        table.kind() == TableRecord.KIND_BYTES || table.kind() == TableRecord.KIND_INTEGERS;
    boolean depth =
        table.depth() <= Limits.MAX_DEPTH
            && empty == (table.rootRef() == PageRef.NONE)
            && empty == (table.entries() == 0);
    boolean id = table.tableId() > 0 && table.tableId() < nextTableId;
    boolean created = table.created() > 0 && table.created() <= leaf.birth();
    boolean flags = (table.flags() & ~TableRecord.EXPIRES) == 0;
    boolean settings =
        table.defaultExpiryMillis() >= 0 && table.maxEntries() >= 0 && table.maxBytes() >= 0;
    if (!kind || !depth || !id || !created || !flags || !settings) {
      findings.violation(
          leaf.pageNo(),
          "table "
              + name
              + " with kind 1 or 2, a root if it has entries, an id from 1 to "
              + (nextTableId - 1)
              + ", created by transaction 1 to "
              + leaf.birth(),
          table.toString());
    }
    return kind && depth;
  }

  private void checkIds() {
    long[] ids = new long[tables.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tables.get(i).table().tableId();
    }
    Arrays.sort(ids);
    for (int i = 1; i < ids.length; i++) {
      if (ids[i] == ids[i - 1]) {
        findings.violation("an id for each table", "two tables with id " + ids[i]);
      }
    }
  }

  private static boolean isDerived(Found found) {
    return found.name().equals(ExpiryIndex.NAME) || found.name().equals(EvictionQueue.NAME);
  }

  /// What is done with each entry of a table.
  private TreeCheck.Entries visitorOf(Found found) {
    return switch (found.name()) {
      case ExpiryIndex.NAME -> (_, _, _, key) -> expiry.indexed(key);
      case EvictionQueue.NAME -> (_, page, cell, key) -> queue.queued(page, cell, key);
      default ->
          (_, page, cell, key) -> {
            long head = LeafCell.head(page, cell);
            expiry.entry(key, LeafCell.expiryMillis(page, cell, head));
            if (found.table().isBounded()) {
              queue.entry(key, LeafCell.valueLength(head));
            }
          };
    };
  }

  /// @param compared whether what the store keeps of other tables was read whole
  private long checkTable(Found found, boolean compared) {
    TableRecord table = found.table();
    counts = new TreeCheck.Counts();
    counts.complete = true;
    expiry.begin();
    queue.begin();
    if (table.rootRef() != PageRef.NONE) {
      boolean integers = table.kind() == TableRecord.KIND_INTEGERS;
      counts =
          tree.check(found.holder(), table.rootRef(), table.depth(), integers, visitorOf(found));
    }
    if (counts.complete) {
      compare(found, "entries", table.entries(), counts.entries);
      compare(found, "leaf pages", table.leafPages(), counts.leafPages);
      compare(found, "branch pages", table.branchPages(), counts.branchPages);
      compare(found, "overflow pages", table.overflowPages(), counts.overflowPages);
    }
    if (!compared || !counts.complete || Catalogue.isDetached(found.name())) {
      expiry.skip(table);
      queue.skip(table);
    } else if (!isDerived(found)) {
      expiry.end(found.name(), table);
      queue.end(found.name(), table);
    }
    return counts.entries;
  }

  private void compare(Found found, String what, long recorded, long counted) {
    if (recorded != counted) {
      findings.violation(
          found.holder().pageNo(),
          counted + " " + what + " in the record of table " + found.name(),
          Long.toString(recorded));
    }
  }
}

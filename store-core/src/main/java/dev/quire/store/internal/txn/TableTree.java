package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.tree.TreeRoot;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One table in one write transaction.
public final class TableTree {

  private final byte[] name;
  private TableRecord record;
  private final TreeRoot root;
  private long version;
  private boolean changed;
  private boolean dropped;
  private @Nullable TableBound bound;

  TableTree(byte[] name, TableRecord record, TreeRoot root, boolean changed) {
    this.name = name;
    this.record = record;
    this.root = root;
    this.changed = changed;
  }

  /// The table's tree as it is now.
  public TreeRoot root() {
    return root;
  }

  /// Changes with every edit, and whenever pages move, so that a cursor knows that it must seek
  /// again.
  public long version() {
    return version;
  }

  /// Whether the table was dropped in this transaction.
  public boolean isDropped() {
    return dropped;
  }

  /// Refuses the table to somebody who expects the other kind of keys.
  void requireKeys(boolean integerKeys) {
    if (root.integerKeys != integerKeys) {
      String found = root.integerKeys ? "integer keys" : "byte-string keys";
      String asked = integerKeys ? "integer keys" : "byte-string keys";
      throw new IllegalArgumentException(
          "table "
              + new String(name, StandardCharsets.UTF_8)
              + " has "
              + found
              + ", asked for was one with "
              + asked);
    }
  }

  byte[] name() {
    return name;
  }

  /// The table's record as the transaction found or made it: what the table was made with.
  public TableRecord record() {
    return record;
  }

  /// Gives the table its codecs.
  void setCodecs(long keys, long values) {
    record = record.withCodecs(keys, values);
  }

  /// The state of a bounded table, if the transaction has asked for it.
  @Nullable TableBound bound() {
    return bound;
  }

  void setBound(TableBound known) {
    bound = known;
  }

  /// Whether the table evicts entries to stay below a bound.
  boolean isBounded() {
    return root.boundedId != 0;
  }

  int tableId() {
    return record.tableId();
  }

  boolean isChanged() {
    return changed;
  }

  void edited() {
    version++;
    changed = true;
  }

  /// The table's pages lie elsewhere, with the same entries.
  void moved() {
    version++;
  }

  void drop() {
    edited();
    dropped = true;
  }

  /// What a savepoint keeps of a table.
  record Saved(
      TableTree table,
      TreeRoot root,
      boolean changed,
      boolean dropped,
      @Nullable TableBound bound) {}

  Saved save() {
    return new Saved(this, root.copy(), changed, dropped, bound == null ? null : bound.copy());
  }

  void restore(Saved saved) {
    root.set(saved.root());
    changed = saved.changed();
    dropped = saved.dropped();
    bound = saved.bound() == null ? null : saved.bound().copy();
    version++;
  }
}

package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.tree.TreeDiff;
import dev.quire.store.internal.tree.TreeRange;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.internal.txn.Catalogue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What differs between two snapshots of one store, table by table in the order of names.
///
/// The catalogues are compared like any other trees ([TreeDiff]); a table's tree is looked at only
/// if its record changed. Of a table that was dropped and made again under its name, the entries
/// are compared like those of one table, unless it has the other kind of keys: then everything in
/// the old one is gone and everything in the new one is new.
public final class SnapshotDiff {

  /// What a difference is.
  public enum Kind {
    TABLE_CREATED,
    PUT,
    DELETE,
    TABLE_DROPPED
  }

  /// Where the walk stands in the differences of one table.
  private enum Step {
    /// Between tables.
    OUTSIDE,
    /// Among the entries of a table that is gone.
    LEAVING,
    /// Behind them.
    LEFT,
    /// Before a table that is new.
    COMING,
    /// Among entries that are new or changed.
    INSIDE
  }

  private static final byte[] RESERVED = "quire.".getBytes(StandardCharsets.UTF_8);

  private final DiffScope scope;
  private final PageReader olderPages;
  private final PageReader newerPages;
  private final long olderCatalogue;
  private final long newerCatalogue;
  private final TreeDiff catalogue;
  private final TreeDiff entries;
  private final ValueSlot record = new ValueSlot();
  private Step step = Step.OUTSIDE;
  private Kind kind = Kind.PUT;
  private boolean singleDone;
  private byte[] table = {};
  private @Nullable TableRecord older;
  private @Nullable TableRecord newer;

  public SnapshotDiff(
      PageReader olderPages,
      long olderCatalogue,
      PageReader newerPages,
      long newerCatalogue,
      DiffScope scope) {
    this.scope = scope;
    this.olderPages = olderPages;
    this.newerPages = newerPages;
    this.olderCatalogue = olderCatalogue;
    this.newerCatalogue = newerCatalogue;
    this.catalogue = new TreeDiff(olderPages, newerPages);
    this.entries = new TreeDiff(olderPages, newerPages);
    catalogue.open(olderCatalogue, newerCatalogue, TreeRange.ALL);
  }

  /// Moves to the next difference.
  public boolean next() {
    while (true) {
      switch (step) {
        case OUTSIDE -> {
          if (!nextTable()) {
            return false;
          }
        }
        case LEAVING -> {
          if (entries.next()) {
            return found(Kind.DELETE);
          }
          step = Step.LEFT;
        }
        case LEFT -> {
          step = newer == null ? Step.OUTSIDE : Step.COMING;
          return found(Kind.TABLE_DROPPED);
        }
        case COMING -> {
          openEntries(null, newer);
          step = Step.INSIDE;
          return found(Kind.TABLE_CREATED);
        }
        case INSIDE -> {
          if (entries.next()) {
            return found(entries.inNewer() ? Kind.PUT : Kind.DELETE);
          }
          step = Step.OUTSIDE;
        }
      }
    }
  }

  private boolean found(Kind found) {
    kind = found;
    return true;
  }

  private boolean nextTable() {
    if (!(scope.table() == null ? nextOfAll() : single(scope.table()))) {
      return false;
    }
    TableRecord before = older;
    TableRecord after = newer;
    if (before == null) {
      step = Step.COMING;
    } else if (after == null || after.kind() != before.kind()) {
      openEntries(before, null);
      step = Step.LEAVING;
    } else {
      openEntries(before, after);
      step = Step.INSIDE;
    }
    return true;
  }

  /// Goes to the next table of users whose record changed.
  private boolean nextOfAll() {
    while (catalogue.next()) {
      PageEntry name = catalogue.key();
      table = Arrays.copyOf(name.key, name.keyLength);
      if (!isReserved(table)) {
        older = null;
        newer = null;
        if (catalogue.inOlder()) {
          catalogue.oldValue(record);
          older = Catalogue.decode(record);
        }
        if (catalogue.inNewer()) {
          catalogue.newValue(record);
          newer = Catalogue.decode(record);
        }
        return true;
      }
    }
    return false;
  }

  private static boolean isReserved(byte[] name) {
    int length = Math.min(name.length, RESERVED.length);
    return Arrays.equals(name, 0, length, RESERVED, 0, RESERVED.length);
  }

  /// Goes to the only table, if it is in one of the snapshots.
  private boolean single(byte[] name) {
    if (singleDone || olderCatalogue == newerCatalogue) {
      return false;
    }
    singleDone = true;
    table = name;
    older = Catalogue.find(olderPages, olderCatalogue, name);
    newer = Catalogue.find(newerPages, newerCatalogue, name);
    return older != null || newer != null;
  }

  private void openEntries(@Nullable TableRecord before, @Nullable TableRecord after) {
    TableRecord any = after == null ? before : after;
    boolean integers = any != null && any.kind() == TableRecord.KIND_INTEGERS;
    entries.open(
        before == null ? PageRef.NONE : before.rootRef(),
        after == null ? PageRef.NONE : after.rootRef(),
        integers ? scope.integerRange() : scope.range());
  }

  /// What the difference is.
  public Kind kind() {
    return kind;
  }

  /// Name of its table, UTF-8.
  public byte[] table() {
    return table;
  }

  /// Whether it is the difference of an entry, not of a table.
  public boolean isOfEntry() {
    return kind == Kind.PUT || kind == Kind.DELETE;
  }

  /// The entry's key. Valid until the next move.
  public PageEntry key() {
    return entries.key();
  }

  /// Fills `out` with the place of the entry's value in the older snapshot.
  ///
  /// @return whether there is one
  public boolean oldValue(ValueSlot out) {
    if (!isOfEntry() || !entries.inOlder()) {
      return false;
    }
    entries.oldValue(out);
    return true;
  }

  /// Fills `out` with the place of the entry's value in the newer snapshot.
  ///
  /// @return whether there is one
  public boolean newValue(ValueSlot out) {
    if (!isOfEntry() || !entries.inNewer()) {
      return false;
    }
    entries.newValue(out);
    return true;
  }
}

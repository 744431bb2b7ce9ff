package dev.quire.store;

import dev.quire.store.internal.inspect.DiffScope;
import dev.quire.store.internal.tree.TreeRange;
import org.jspecify.annotations.Nullable;

/// Which changes are of interest: those of all tables, of one, or of a range of keys of one.
/// Immutable.
public final class ChangeScope {

  private static final ChangeScope ALL = new ChangeScope(null, KeyRange.all());

  private final @Nullable String table;
  private final KeyRange range;

  private ChangeScope(@Nullable String table, KeyRange range) {
    this.table = table;
    this.range = range;
  }

  /// Everything.
  public static ChangeScope all() {
    return ALL;
  }

  /// One table, whether or not it exists.
  ///
  /// @throws IllegalArgumentException if the name is not allowed
  public static ChangeScope table(String name) {
    return table(name, KeyRange.all());
  }

  /// A range of keys of one table; and the table's own coming and going.
  ///
  /// @param range an ascending one
  /// @throws IllegalArgumentException if the name is not allowed, or the range is a reversed one
  public static ChangeScope table(String name, KeyRange range) {
    TableName.encode(name);
    if (range.descending()) {
      throw new IllegalArgumentException(
          "range " + range + ": changes are told in ascending order of keys");
    }
    return new ChangeScope(name, range);
  }

  /// The scope as the floors below want it.
  DiffScope forDiff() {
    return new DiffScope(
        table == null ? null : TableName.encode(table),
        treeRange(range),
        treeRange(range.forIntegerKeys()));
  }

  private static TreeRange treeRange(KeyRange range) {
    return new TreeRange(
        range.lowerEnd(), range.fromInclusive(), range.upperEnd(), range.toInclusive());
  }

  @Override
  public String toString() {
    return table == null ? "all tables" : "table \"" + table + "\", keys " + range;
  }
}

package dev.quire.store.internal.txn;

import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeRange;

/// Walking over a range of a tree that a write transaction changes.
final class RangeWalk {

  private RangeWalk() {}

  /// Moves to the first entry of a range.
  ///
  /// @return whether there is one
  static boolean first(TreeCursor cursor, TreeRange range) {
    byte[] from = range.from();
    boolean found =
        from == null ? cursor.first() : cursor.seekUp(from, from.length, range.fromInclusive());
    return found && isInside(cursor, range);
  }

  /// Moves to the next entry of a range.
  ///
  /// @return whether there is one
  static boolean next(TreeCursor cursor, TreeRange range) {
    return cursor.next() && isInside(cursor, range);
  }

  /// Whether the entry is not behind the end of a range.
  private static boolean isInside(TreeCursor cursor, TreeRange range) {
    byte[] to = range.to();
    int order = to == null ? -1 : cursor.compareKey(to, to.length);
    return order < 0 || order == 0 && range.toInclusive();
  }

  /// Removes a bounded number of the entries that a system table has in a range.
  ///
  /// @return whether there were any
  static boolean removeSome(WriterMemory memory, TableTree table, TreeRange all, int limit) {
    TreeCursor cursor = new TreeCursor(memory.pages);
    cursor.open(table.root().ref);
    boolean more = first(cursor, all);
    boolean any = more;
    TreeRange some = all;
    for (int seen = 0; more; seen++) {
      if (seen == limit) {
        some = new TreeRange(all.from(), all.fromInclusive(), cursor.key(), false);
        break;
      }
      more = next(cursor, all);
    }
    if (any) {
      memory.tree.deleteRange(table.root(), some);
      table.edited();
    }
    return any;
  }
}

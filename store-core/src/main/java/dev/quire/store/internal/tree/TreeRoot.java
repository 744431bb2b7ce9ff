package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.PageRef;

/// The root of one tree in one transaction, with the counts that its table's record keeps.
///
/// A [TreeWriter] updates it in place; readers need only [#ref].
public final class TreeRoot {

  /// Whether keys are integers of 8 bytes, kept in dense arrays.
  public final boolean integerKeys;

  /// The root page, or [PageRef#NONE] of an empty tree.
  public long ref = PageRef.NONE;

  /// Number of levels; 0 of an empty tree.
  public int depth;

  public long entries;
  public long leafPages;
  public long branchPages;

  /// Pages of overflow runs: long values and the rest of long keys.
  public long overflowPages;

  /// Whether some of the entries may expire. Once set it stays so.
  public boolean expires;

  /// Id of the table if it is bounded, and so has lookups noted; else 0.
  public int boundedId;

  public TreeRoot(boolean integerKeys) {
    this.integerKeys = integerKeys;
  }

  /// Takes over the state of `other` (of a tree with the same kind of keys).
  public void set(TreeRoot other) {
    assert other.integerKeys == integerKeys;
    ref = other.ref;
    depth = other.depth;
    entries = other.entries;
    leafPages = other.leafPages;
    branchPages = other.branchPages;
    overflowPages = other.overflowPages;
    expires = other.expires;
    boundedId = other.boundedId;
  }

  /// An independent copy: a savepoint's.
  public TreeRoot copy() {
    TreeRoot copy = new TreeRoot(integerKeys);
    copy.set(this);
    return copy;
  }
}

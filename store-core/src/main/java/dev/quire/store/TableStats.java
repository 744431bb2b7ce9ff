package dev.quire.store;

/// Size and shape of one table in one snapshot.
///
/// @param name the table's name
/// @param options how the table was made
/// @param entries number of entries
/// @param depth levels of the tree, 0 if it is empty
/// @param leafPages pages that hold entries
/// @param branchPages pages above them
/// @param overflowPages pages of values and keys that are too large for a leaf
public record TableStats(
    String name,
    TableOptions options,
    long entries,
    int depth,
    long leafPages,
    long branchPages,
    long overflowPages) {

  /// All pages of the table.
  public long pages() {
    return leafPages + branchPages + overflowPages;
  }
}

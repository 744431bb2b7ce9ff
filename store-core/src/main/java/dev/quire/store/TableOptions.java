package dev.quire.store;

/// How a table is made: immutable, each `withX` returns a changed copy. A table keeps its options
/// for its life.
///
/// @param integerKeys whether every key is exactly 8 bytes, read as an unsigned big-endian number.
///   Such a table is denser and faster, and takes no other key
public record TableOptions(boolean integerKeys) {

  private static final TableOptions DEFAULTS = new TableOptions(false);

  /// Keys of any length, ordered by unsigned bytes.
  public static TableOptions defaults() {
    return DEFAULTS;
  }

  /// A copy with another [#integerKeys].
  public TableOptions withIntegerKeys(boolean integerKeys) {
    return new TableOptions(integerKeys);
  }
}

package dev.quire.store.internal.format;

/// What a page holds. Codes are stored and never change; 0 is reserved, so that a zeroed page is
/// none.
public enum PageType {
  LEAF(1),
  BRANCH(2),
  INTEGER_LEAF(3),
  INTEGER_BRANCH(4),
  OVERFLOW(5),
  MAP_LEAF(6),
  MAP_INDEX(7),
  SUPERBLOCK(8);

  private final int code;

  PageType(int code) {
    this.code = code;
  }

  /// The stored code.
  public int code() {
    return code;
  }
}

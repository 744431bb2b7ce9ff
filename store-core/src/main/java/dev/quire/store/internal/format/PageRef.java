package dev.quire.store.internal.format;

/// A reference to a page: 8 bytes, offsets never addresses.
///
/// |  bits | field     | meaning                                                         |
/// |------:|-----------|-----------------------------------------------------------------|
/// |  0-31 | pageNo    | page number; of a scratch page its index in the writer's memory |
/// | 32-62 | stampBits | low 31 bits of the page's stamp; zero in a scratch reference    |
/// |    63 | scratch   | the page is private to a write transaction; never on disk       |
///
/// [#NONE], all bits zero, is no page: an empty tree.
public final class PageRef {

  /// No page.
  public static final long NONE = 0;

  private static final long PAGE_NO_MASK = 0xFFFF_FFFFL;
  private static final long STAMP_MASK = 0x7FFF_FFFFL;
  private static final long SCRATCH_BIT = 1L << 63;

  private PageRef() {}

  /// The reference to page `pageNo` in the state that `stamp` names.
  public static long of(long pageNo, long stamp) {
    return pageNo | (stamp & STAMP_MASK) << 32;
  }

  /// The reference to a page in the writer's memory.
  public static long scratch(int index) {
    return SCRATCH_BIT | Integer.toUnsignedLong(index);
  }

  public static boolean isScratch(long ref) {
    return ref < 0;
  }

  public static int scratchIndex(long ref) {
    return (int) ref;
  }

  public static long pageNo(long ref) {
    return ref & PAGE_NO_MASK;
  }

  public static int stampBits(long ref) {
    return (int) (ref >>> 32 & STAMP_MASK);
  }

  /// Whether a page with this stamp is the one that `ref` names.
  public static boolean matches(long ref, long stamp) {
    return stampBits(ref) == (int) (stamp & STAMP_MASK);
  }
}

package dev.quire.store.internal.format;

/// The store's limits, each with a name, checked against each other.
public final class Limits {

  public static final int MIN_PAGE_SIZE_BYTES = 4 << 10;
  public static final int MAX_PAGE_SIZE_BYTES = 64 << 10;
  public static final int DEFAULT_PAGE_SIZE_BYTES = 4 << 10;

  /// Number of pages that a reference can name.
  public static final long MAX_PAGES = 1L << 32;

  /// Longest key. An empty key is a key.
  public static final int MAX_KEY_BYTES = 64 << 10;

  /// Longest key in a table of the store's own, which holds a key of another table.
  public static final int MAX_STORED_KEY_BYTES = MAX_KEY_BYTES + ExpiryKey.PREFIX_BYTES;

  /// Length of every key of a table of integer keys.
  public static final int INTEGER_KEY_BYTES = 8;

  /// Longest value.
  public static final long MAX_VALUE_BYTES = 1L << 40;

  /// Longest name of a table, in UTF-8.
  public static final int MAX_TABLE_NAME_BYTES = 255;

  /// Levels of a tree. A tree of MAX_PAGES in which every branch had but two children would have
  /// 32.
  public static final int MAX_DEPTH = 40;

  static {
    assert Integer.bitCount(MIN_PAGE_SIZE_BYTES) == 1 && Integer.bitCount(MAX_PAGE_SIZE_BYTES) == 1;
    assert MAX_PAGE_SIZE_BYTES <= 1 << 16 : "offsets in a page are u16";
    assert 1L << MAX_DEPTH > MAX_PAGES;
    assert MAX_TABLE_NAME_BYTES <= maxInlineKeyBytes(MIN_PAGE_SIZE_BYTES)
        : "names are never spilled";
    for (int size = MIN_PAGE_SIZE_BYTES; size <= MAX_PAGE_SIZE_BYTES; size *= 2) {
      assert spilledKeyInlineBytes(size) < maxInlineKeyBytes(size);
      assert maxPrefixBytes(size) + Integer.BYTES <= spilledKeyInlineBytes(size)
          : "heads lie in pages";
      int largestKey = LeafCell.MAX_HEAD_BYTES + maxInlineKeyBytes(size) + Long.BYTES;
      assert largestKey <= maxEntryBytes(size) - IntegerLeafPage.SLOT_BYTES;
      int largestSeparator = LeafCell.MAX_HEAD_BYTES + maxInlineKeyBytes(size);
      int branchBytes = size - PageHeader.SIZE_BYTES - BranchPage.HINTS_BYTES - Long.BYTES;
      assert 2 * (BranchPage.SLOT_BYTES + largestSeparator) <= branchBytes : "splits succeed";
    }
  }

  private Limits() {}

  /// Whether pages may have this size.
  public static boolean isPageSize(long sizeBytes) {
    return sizeBytes >= MIN_PAGE_SIZE_BYTES
        && sizeBytes <= MAX_PAGE_SIZE_BYTES
        && Long.bitCount(sizeBytes) == 1;
  }

  /// Longest key that lies in its page as a whole.
  public static int maxInlineKeyBytes(int pageSizeBytes) {
    return pageSizeBytes / 4;
  }

  /// What a page keeps of a longer key.
  public static int spilledKeyInlineBytes(int pageSizeBytes) {
    return pageSizeBytes / 16;
  }

  /// Longest prefix that a page takes out of its keys: spilled keys keep at least a head behind it.
  public static int maxPrefixBytes(int pageSizeBytes) {
    return spilledKeyInlineBytes(pageSizeBytes) - Integer.BYTES;
  }

  /// Most that one entry takes of a leaf, slot and cell with its whole stored key: a page that
  /// overflows can always be split in two. A longer value goes to an overflow run.
  public static int maxEntryBytes(int pageSizeBytes) {
    return (pageSizeBytes - PageHeader.SIZE_BYTES) / 2;
  }
}

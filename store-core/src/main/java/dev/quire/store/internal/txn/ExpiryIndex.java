package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.ExpiryKey;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.tree.TreeCursor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reading the table `quire.expiry`, which has a key without a value for each entry that expires:
/// see [ExpiryKey].
public final class ExpiryIndex {

  /// Name of the table.
  public static final String NAME = "quire.expiry";

  private static final byte[] ENCODED_NAME = NAME.getBytes(StandardCharsets.UTF_8);

  private ExpiryIndex() {}

  /// Name of the table, UTF-8.
  public static byte[] name() {
    return ENCODED_NAME.clone();
  }

  static byte[] encodedName() {
    return ENCODED_NAME;
  }

  /// Whether the time of an entry has come.
  ///
  /// @param expiryMillis of the entry, 0 if it does not expire
  public static boolean isOver(long expiryMillis, long nowMillis) {
    return expiryMillis != 0 && expiryMillis <= nowMillis;
  }

  /// Number of entries of a table whose time has come and that are still there. Takes time for each
  /// of them.
  public static long countOver(PageReader pages, long rootRef, int tableId, long nowMillis) {
    TreeCursor cursor = new TreeCursor(pages);
    cursor.open(rootRef);
    byte[] from = ExpiryKey.from(tableId, 0);
    byte[] end = ExpiryKey.from(tableId, nowMillis + 1);
    long count = 0;
    boolean more = cursor.seekAtLeast(from, from.length);
    while (more && cursor.compareKey(end, end.length) < 0) {
      count++;
      more = cursor.next();
    }
    return count;
  }

  /// The first key of the index that is `from` or behind it, or null.
  static byte @Nullable [] first(TreeCursor cursor, byte[] from) {
    if (!cursor.seekAtLeast(from, from.length)) {
      return null;
    }
    byte[] key = new byte[cursor.keyLength()];
    cursor.copyKey(key);
    return key;
  }

  /// When the first of all entries expires, or `Long.MAX_VALUE` if none does. Looks at one entry of
  /// each table.
  ///
  /// @param rootRef the index's root
  static long firstExpiryMillis(PageReader pages, long rootRef) {
    long first = Long.MAX_VALUE;
    if (rootRef == PageRef.NONE) {
      return first;
    }
    TreeCursor cursor = new TreeCursor(pages);
    cursor.open(rootRef);
    byte[] key = first(cursor, ExpiryKey.from(0, 0));
    while (key != null) {
      first = Math.min(first, ExpiryKey.expiryMillis(key));
      key = first(cursor, ExpiryKey.from(ExpiryKey.tableId(key) + 1, 0));
    }
    return first;
  }

  /// The entry's key in a key of the index.
  static byte[] entryKey(byte[] key) {
    return Arrays.copyOfRange(key, ExpiryKey.PREFIX_BYTES, key.length);
  }
}

package dev.quire.store.internal.tree;

import dev.quire.store.internal.page.PageReader;

/// The lookup of one key.
public final class TreeReader {

  private TreeReader() {}

  /// Finds a key of a tree of byte keys.
  ///
  /// @param out where the value lies, if the answer is true; else undefined
  public static boolean find(
      PageReader pages, long rootRef, byte[] key, int keyLength, ValueSlot out) {
    throw new UnsupportedOperationException();
  }

  /// Finds a key of a tree of integer keys.
  public static boolean findInteger(PageReader pages, long rootRef, long key, ValueSlot out) {
    throw new UnsupportedOperationException();
  }
}

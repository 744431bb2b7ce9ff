package dev.quire.store.internal.tree;

import dev.quire.store.internal.page.PageAllocator;

/// Changes of trees, copy-on-write in the pages of one transaction.
public final class TreeWriter {

  public TreeWriter(PageAllocator pages) {
    throw new UnsupportedOperationException();
  }

  /// Sets the value of a key.
  ///
  /// @return whether the key is new
  public boolean put(TreeRoot root, byte[] key, int keyLength, ValueSlot value) {
    return false;
  }

  /// Sets the value of a key that has none.
  ///
  /// @return whether the key is new, and its value therefore set
  public boolean putIfAbsent(TreeRoot root, byte[] key, int keyLength, ValueSlot value) {
    return false;
  }

  /// Adds a key behind all others.
  ///
  /// @throws IllegalArgumentException if it is not greater than the last key
  public void append(TreeRoot root, byte[] key, int keyLength, ValueSlot value) {}

  /// Removes a key.
  ///
  /// @return whether it was there
  public boolean delete(TreeRoot root, byte[] key, int keyLength) {
    return false;
  }

  /// Removes all keys of a range; whole subtrees are dropped unread, as far as counting allows.
  ///
  /// @return how many keys were removed
  public long deleteRange(TreeRoot root, TreeRange range) {
    return 0;
  }

  /// Removes all keys.
  ///
  /// @return how many keys were removed
  public long clear(TreeRoot root) {
    return 0;
  }
}

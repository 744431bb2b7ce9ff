package dev.quire.store.internal.tree;

import dev.quire.store.internal.page.PageReader;

/// A position in a tree. Reusable; allocates nothing per step.
///
/// Positioned on an entry, or not valid: after [#open], and when a move found nothing. Any change of
/// the tree ends its validity: seek anew.
public final class TreeCursor {

  public TreeCursor(PageReader pages) {
    throw new UnsupportedOperationException();
  }

  /// Starts over on a tree, on no entry.
  public void open(long rootRef, boolean integerKeys) {}

  /// Moves to the least key.
  public boolean first() {
    return false;
  }

  /// Moves to the greatest key.
  public boolean last() {
    return false;
  }

  /// Moves to the next key (only when valid).
  public boolean next() {
    return false;
  }

  /// Moves to the previous key (only when valid).
  public boolean previous() {
    return false;
  }

  /// Moves to the least key that is `key` or greater.
  public boolean seekAtLeast(byte[] key, int keyLength) {
    return false;
  }

  /// Moves to the greatest key that is `key` or less.
  public boolean seekAtMost(byte[] key, int keyLength) {
    return false;
  }

  /// Whether the cursor is on an entry.
  public boolean isValid() {
    return false;
  }

  /// Length of the entry's key, in bytes.
  public int keyLength() {
    return 0;
  }

  /// Copies the entry's key.
  ///
  /// @param target at least [#keyLength] bytes long
  /// @return the key's length
  public int copyKey(byte[] target) {
    return 0;
  }

  /// The entry's key in a tree of integer keys.
  public long integerKey() {
    return 0;
  }

  /// Compares the entry's key with `key`: negative if it is less.
  public int compareKey(byte[] key, int keyLength) {
    return 0;
  }

  /// Fills `out` with the place of the entry's value.
  public void value(ValueSlot out) {}
}

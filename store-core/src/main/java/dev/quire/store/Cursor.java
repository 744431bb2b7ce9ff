package dev.quire.store;

import dev.quire.store.options.Expiry;
import java.lang.foreign.MemorySegment;

/// A place in a range of a table's entries, and the way to walk them.
///
/// A new cursor stands before the first entry of its range, so that the loop is `while
/// (cursor.next())`. The range's direction decides what *first* and *next* mean: with
/// [KeyRange#reversed] the first entry is the one with the greatest key. Every move says whether it
/// found an entry; if it did not, [#isValid] is false, and the cursor stands beyond the end that
/// was reached: the opposite move comes back.
///
/// In a write transaction the cursor stays usable whatever the transaction changes: it stands at
/// its key. If that entry is deleted, by the cursor or otherwise, it is not valid until the next
/// move, which goes to the key's neighbour.
///
/// A cursor belongs to a transaction and is used by one thread at a time. A cursor of a table that
/// is bound to the store has a snapshot of its own, which it holds until it is closed.
///
/// Methods that need an entry throw [IllegalStateException] when [#isValid] is false, and all of
/// them throw it once the cursor or its transaction is closed. No move allocates memory.
public interface Cursor extends AutoCloseable {

  /// Goes to the first entry of the range.
  boolean first();

  /// Goes to the last entry of the range.
  boolean last();

  /// Goes to the entry after this one; to the first one if the cursor has not moved yet.
  boolean next();

  /// Goes to the entry before this one; to the last one if the cursor has not moved yet.
  boolean previous();

  /// Goes to the entry with the least key of the range that is at least `key`, whatever the
  /// direction.
  boolean seekAtLeast(byte[] key);

  /// Goes to the entry with the greatest key of the range that is at most `key`, whatever the
  /// direction.
  boolean seekAtMost(byte[] key);

  /// [#seekAtLeast(byte\[\])] with the key of a number, see [Keys].
  default boolean seekAtLeast(long key) {
    return seekAtLeast(Keys.ofLong(key));
  }

  /// [#seekAtMost(byte\[\])] with the key of a number, see [Keys].
  default boolean seekAtMost(long key) {
    return seekAtMost(Keys.ofLong(key));
  }

  /// Whether the cursor stands at an entry.
  boolean isValid();

  /// The entry's key, a copy.
  byte[] key();

  /// Copies the entry's key into `target`, as much of it as there is room for.
  ///
  /// @return length of the key, in bytes
  int keyInto(byte[] target);

  /// The entry's key as a number, see [Keys].
  ///
  /// @throws IllegalArgumentException if the key is not 8 bytes long
  long longKey();

  /// The entry's value in place: read-only, at any alignment. Valid until the transaction ends, in
  /// a write transaction until its next change. What [Table#view] says of a cut file holds here.
  MemorySegment value();

  /// The entry's value, a copy.
  ///
  /// @throws IllegalStateException if the value is too long for an array
  byte[] valueBytes();

  /// Copies the entry's value into `target`, as much of it as there is room for.
  ///
  /// @return length of the value, in bytes
  long valueInto(byte[] target);

  /// Length of the entry's value, in bytes.
  long valueLength();

  /// When the entry expires: [Expiry#NEVER] or [Expiry.At].
  Expiry expiry();

  /// Deletes the entry. [#next] and [#previous] go to its neighbours.
  ///
  /// @throws IllegalStateException if the transaction is not a [WriteTxn]
  void delete();

  /// Gives the entry another value; the cursor stays where it is.
  ///
  /// @throws IllegalStateException if the transaction is not a [WriteTxn]
  void replace(byte[] value);

  /// Ends the cursor. Does nothing the second time.
  @Override
  void close();
}

package dev.quire.store;

import dev.quire.store.options.Expiry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A named, ordered map from keys to values, both of them bytes.
///
/// The same interface has three bindings:
///
/// | obtained from     | a read sees               | a write                        |
/// |-------------------|---------------------------|--------------------------------|
/// | [Store#table]     | the newest commit         | is a transaction of its own    |
/// | [ReadTxn#table]   | the snapshot              | throws [IllegalStateException] |
/// | [WriteTxn#table]  | the transaction's changes | becomes visible at its commit  |
///
/// A table of a store is used by any number of threads; one of a transaction follows the rule of
/// the transaction. A table that does not exist reads as empty and is made at the first write.
///
/// Keys are ordered by unsigned bytes. They have 0 to 65,536 bytes, exactly 8 in a table of
/// [TableOptions#integerKeys]; values have 0 to 2^40 bytes. Longer ones are refused with
/// [IllegalArgumentException], as is a key of another length in a table of integer keys, by writes
/// and reads alike. Arrays and segments passed in are not kept.
///
/// Every key may also be given as a [MemorySegment] or, see [Keys], as a `long`: those forms stand
/// at the end and behave like the ones for arrays.
///
/// Operating failures are the subclasses of [dev.quire.store.errors.StoreException].
public interface Table {

  /// The table's name.
  String name();

  // -- reading ------------------------------------------------------------------------------------

  /// The value, a copy, or null if there is none.
  ///
  /// @throws IllegalStateException if the value is too long for an array
  byte @Nullable [] get(byte[] key);

  /// What `reader` makes of the value, read in place without a copy, or null if there is none.
  <T extends @Nullable Object, X extends Exception> @Nullable T get(
      byte[] key, ValueReader<T, X> reader) throws X;

  /// A part of the value, a copy, or null if there is no value. Shorter than `length` where the
  /// value ends before.
  ///
  /// @param offset first byte of the part (0 and up)
  /// @param length number of bytes (0 and up)
  byte @Nullable [] get(byte[] key, long offset, int length);

  /// Copies the value into `target`, as much of it as there is room for. Allocates nothing.
  ///
  /// @return length of the value, in bytes, or -1 if there is none
  long getInto(byte[] key, byte[] target);

  /// The value in place, or null if there is none: read-only, at any alignment. Valid until the
  /// transaction ends, in a write transaction until its next change.
  ///
  /// If something outside the store cuts the data file, reading a view gives any bytes and throws
  /// an [InternalError], perhaps later; the methods that copy throw
  /// [dev.quire.store.errors.StoreTruncatedException] instead. A view is not for native code, nor
  /// for the checksums of the JDK (`CRC32`, `CRC32C`, `Adler32` over a buffer of it): such a fault
  /// ends the process there.
  ///
  /// @throws IllegalStateException if the table is bound to the store and so has no transaction
  ///   that would keep the view valid
  @Nullable MemorySegment view(byte[] key);

  /// Length of the value, in bytes, or -1 if there is none.
  long valueLength(byte[] key);

  /// Whether there is a value.
  default boolean contains(byte[] key) {
    return valueLength(key) >= 0;
  }

  /// Writes the value to `target`.
  ///
  /// @return length of the value, in bytes, or -1 if there is none
  /// @throws IOException if `target` throws it
  long readTo(byte[] key, WritableByteChannel target) throws IOException;

  /// The value as a stream, or null if there is none. Valid as long as a view; of a table that is
  /// bound to the store, until it is closed, and it holds a snapshot until then.
  @Nullable InputStream stream(byte[] key);

  /// When an entry expires: [Expiry#NEVER] or [Expiry.At]; null if there is no entry.
  @Nullable Expiry expiry(byte[] key);

  /// How long an entry has to live, by the clock of the transaction, or null if there is none or it
  /// never expires.
  @Nullable Duration timeLeft(byte[] key);

  /// Number of entries. Takes the same time whatever the number, and some for each entry that has
  /// expired and was not purged yet.
  long count();

  /// About how many entries lie in a range, told from the shape of the tree without walking it;
  /// expired entries that were not purged yet are among them.
  long estimate(KeyRange range);

  /// Size and shape of the table, or null if it does not exist.
  @Nullable TableStats stats();

  // -- writing ------------------------------------------------------------------------------------

  /// Sets the value.
  ///
  /// @return whether there was none before
  boolean put(byte[] key, byte[] value);

  /// Sets the value, and when the entry expires. [#put(byte\[\], byte\[\])] and all other methods
  /// that set a value do so with [Expiry#DEFAULT], but for [#increment], which leaves the expiry of
  /// a counter that exists as it is.
  ///
  /// @return whether there was none before
  boolean put(byte[] key, byte[] value, Expiry expiry);

  /// Sets when an entry expires; the value stays.
  ///
  /// @return whether there is an entry
  boolean expire(byte[] key, Expiry expiry);

  /// Lets an entry live for ever.
  ///
  /// @return whether there is an entry
  default boolean persist(byte[] key) {
    return expire(key, Expiry.NEVER);
  }

  /// Gives an entry the life that the table's entries have by default, from now on.
  ///
  /// @return whether there is an entry
  default boolean touch(byte[] key) {
    return expire(key, Expiry.DEFAULT);
  }

  /// Sets the value if there is none, and when the entry expires.
  ///
  /// @return whether it was set
  boolean putIfAbsent(byte[] key, byte[] value, Expiry expiry);

  /// Sets the value if there is none.
  ///
  /// @return whether it was set
  boolean putIfAbsent(byte[] key, byte[] value);

  /// Sets the value if there is one.
  ///
  /// @return whether it was set
  boolean replace(byte[] key, byte[] value);

  /// Sets the value if the present one has the bytes of `expected`.
  ///
  /// @param expected the value that must be there; null: there must be none
  /// @return whether it was set
  boolean compareAndSet(byte[] key, byte @Nullable [] expected, byte[] value);

  /// Deletes an entry if its value has the bytes of `expected`.
  ///
  /// @return whether it was deleted
  boolean delete(byte[] key, byte[] expected);

  /// Adds to a counter: a value of 8 bytes, a signed number, big-endian, as [Keys#toLong] reads it.
  /// One that does not exist counts from 0. Nothing of what others add meanwhile is lost.
  ///
  /// @param delta what is added (may be negative)
  /// @return the new number
  /// @throws IllegalStateException if there is a value that is not 8 bytes long, or the sum leaves
  ///   the range of a `long`: nothing is changed
  default long increment(byte[] key, long delta) {
    return increment(key, delta, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /// The same for a counter that keeps within bounds.
  ///
  /// @param least the least number that it may become
  /// @param most the greatest one
  /// @throws IllegalStateException if there is a value that is not 8 bytes long, or the sum leaves
  ///   the bounds: nothing is changed
  long increment(byte[] key, long delta, long least, long most);

  /// Sets the value, as [#put(byte\[\], byte\[\])] does.
  ///
  /// @return the value that was there, a copy, or null if there was none
  default byte @Nullable [] getAndPut(byte[] key, byte[] value) {
    byte[] before = get(key);
    boolean _ = put(key, value);
    return before;
  }

  /// Sets the value of a key that is greater than every key of the table: the fast way to load
  /// sorted entries.
  ///
  /// @throws IllegalArgumentException if the key is not greater
  void append(byte[] key, byte[] value);

  /// Sets the value to the next `length` bytes of `source`, of which only a part is in memory at
  /// any time.
  ///
  /// @return whether there was none before
  /// @throws java.io.EOFException if `source` ends before: nothing is changed
  /// @throws IOException if `source` throws it: nothing is changed
  boolean put(byte[] key, InputStream source, long length) throws IOException;

  /// The same from a channel in blocking mode.
  default boolean put(byte[] key, ReadableByteChannel source, long length) throws IOException {
    return put(key, Channels.newInputStream(source), length);
  }

  /// Deletes an entry.
  ///
  /// @return whether there was one
  boolean delete(byte[] key);

  /// Deletes every entry of a range; whole parts of the tree at once where it can.
  ///
  /// @return number of entries deleted
  long deleteRange(KeyRange range);

  /// Deletes every entry.
  void clear();

  // -- walking ------------------------------------------------------------------------------------

  /// A cursor over all entries.
  default Cursor cursor() {
    return cursor(KeyRange.all());
  }

  /// A cursor over the entries of a range, in its direction.
  Cursor cursor(KeyRange range);

  // -- keys in segments ---------------------------------------------------------------------------

  /// [#get(byte\[\])] with the key in a segment.
  default byte @Nullable [] get(MemorySegment key) {
    return get(key.toArray(ValueLayout.JAVA_BYTE));
  }

  /// [#get(byte\[\], ValueReader)] with the key in a segment.
  default <T extends @Nullable Object, X extends Exception> @Nullable T get(
      MemorySegment key, ValueReader<T, X> reader) throws X {
    return get(key.toArray(ValueLayout.JAVA_BYTE), reader);
  }

  /// [#view(byte\[\])] with the key in a segment.
  default @Nullable MemorySegment view(MemorySegment key) {
    return view(key.toArray(ValueLayout.JAVA_BYTE));
  }

  /// [#contains(byte\[\])] with the key in a segment.
  default boolean contains(MemorySegment key) {
    return contains(key.toArray(ValueLayout.JAVA_BYTE));
  }

  /// [#put(byte\[\], byte\[\])] with key and value in segments.
  boolean put(MemorySegment key, MemorySegment value);

  /// [#delete(byte\[\])] with the key in a segment.
  default boolean delete(MemorySegment key) {
    return delete(key.toArray(ValueLayout.JAVA_BYTE));
  }

  // -- numbers as keys ----------------------------------------------------------------------------

  /// [#get(byte\[\])] with the key of a number.
  default byte @Nullable [] get(long key) {
    return get(Keys.ofLong(key));
  }

  /// [#get(byte\[\], ValueReader)] with the key of a number.
  default <T extends @Nullable Object, X extends Exception> @Nullable T get(
      long key, ValueReader<T, X> reader) throws X {
    return get(Keys.ofLong(key), reader);
  }

  /// [#getInto(byte\[\], byte\[\])] with the key of a number.
  default long getInto(long key, byte[] target) {
    return getInto(Keys.ofLong(key), target);
  }

  /// [#view(byte\[\])] with the key of a number.
  default @Nullable MemorySegment view(long key) {
    return view(Keys.ofLong(key));
  }

  /// [#contains(byte\[\])] with the key of a number.
  default boolean contains(long key) {
    return contains(Keys.ofLong(key));
  }

  /// [#put(byte\[\], byte\[\])] with the key of a number.
  default boolean put(long key, byte[] value) {
    return put(Keys.ofLong(key), value);
  }

  /// [#put(byte\[\], byte\[\], Expiry)] with the key of a number.
  default boolean put(long key, byte[] value, Expiry expiry) {
    return put(Keys.ofLong(key), value, expiry);
  }

  /// [#expire(byte\[\], Expiry)] with the key of a number.
  default boolean expire(long key, Expiry expiry) {
    return expire(Keys.ofLong(key), expiry);
  }

  /// [#putIfAbsent(byte\[\], byte\[\])] with the key of a number.
  default boolean putIfAbsent(long key, byte[] value) {
    return putIfAbsent(Keys.ofLong(key), value);
  }

  /// [#replace(byte\[\], byte\[\])] with the key of a number.
  default boolean replace(long key, byte[] value) {
    return replace(Keys.ofLong(key), value);
  }

  /// [#compareAndSet(byte\[\], byte\[\], byte\[\])] with the key of a number.
  default boolean compareAndSet(long key, byte @Nullable [] expected, byte[] value) {
    return compareAndSet(Keys.ofLong(key), expected, value);
  }

  /// [#delete(byte\[\], byte\[\])] with the key of a number.
  default boolean delete(long key, byte[] expected) {
    return delete(Keys.ofLong(key), expected);
  }

  /// [#increment(byte\[\], long)] with the key of a number.
  default long increment(long key, long delta) {
    return increment(Keys.ofLong(key), delta);
  }

  /// [#append(byte\[\], byte\[\])] with the key of a number.
  default void append(long key, byte[] value) {
    append(Keys.ofLong(key), value);
  }

  /// [#delete(byte\[\])] with the key of a number.
  default boolean delete(long key) {
    return delete(Keys.ofLong(key));
  }
}

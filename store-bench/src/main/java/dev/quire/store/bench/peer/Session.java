package dev.quire.store.bench.peer;

/// What one thread does with a store. Keys and values are those of [Entry], and each session holds
/// the buffers for them, in the form that its store likes best.
///
/// A get throws [IllegalStateException] if there is no entry. What a store cannot do by its
/// [Ability] set throws [UnsupportedOperationException].
public interface Session extends AutoCloseable {

  /// Gets by a snapshot of its own and copies the value into an array that is used again.
  ///
  /// @return [Entry#found]
  long get(long key);

  /// Gets by a snapshot of its own and reads the value's first and last eight bytes where they lie.
  ///
  /// @return [Entry#found]
  long getInPlace(long key);

  /// Takes the snapshot of [#getInView].
  default void beginView() {
    throw new UnsupportedOperationException(
        "gets by one snapshot are not among this store's abilities");
  }

  /// Gets by the snapshot of [#beginView], and copies the value as [#get] does.
  ///
  /// @return [Entry#found]
  default long getInView(long key) {
    throw new UnsupportedOperationException(
        "gets by one snapshot are not among this store's abilities");
  }

  /// Ends the snapshot of [#beginView].
  default void endView() {}

  /// Walks all entries in the store's order by one snapshot, reading eight bytes of each key and
  /// the first and last eight of each value where they lie.
  ///
  /// @return the sum of [Entry#scanned]
  long scan();

  /// The same of at most `count` entries, the first one that with the least key not below `key`.
  ///
  /// @return the sum of [Entry#scanned]
  default long range(long key, int count) {
    throw new UnsupportedOperationException("ranges are not among this store's abilities");
  }

  /// Puts the entries of `keys[from]` to `keys[to - 1]` in one transaction.
  ///
  /// @param append whether each key is greater than all before
  void load(long[] keys, int from, int to, boolean append);

  /// Deletes the entries of `keys[from]` to `keys[to - 1]` in one transaction.
  void delete(long[] keys, int from, int to);

  /// Puts one entry, in a transaction of its own.
  ///
  /// @param version the value's last eight bytes
  void put(long key, long version);

  /// Ends the session.
  @Override
  void close();
}

package dev.quire.store.bench.peer;

/// What one thread does with a store. Keys and values are those of [Entry], and each session holds
/// the buffers for them, in the form that its store likes best.
///
/// A get throws [IllegalStateException] if there is no entry.
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
  void beginView();

  /// Gets by the snapshot of [#beginView], and copies the value as [#get] does.
  ///
  /// @return [Entry#found]
  long getInView(long key);

  /// Ends the snapshot of [#beginView].
  void endView();

  /// Walks all entries in the store's order by one snapshot, reading eight bytes of each key and
  /// the first and last eight of each value where they lie.
  ///
  /// @return the sum of [Entry#scanned]
  long scan();

  /// Puts the entries of `keys[from]` to `keys[to - 1]` in one transaction.
  ///
  /// @param append whether each key is greater than all before
  void load(long[] keys, int from, int to, boolean append);

  /// Puts one entry, in a transaction of its own.
  ///
  /// @param version the value's last eight bytes
  void put(long key, long version);

  /// Ends the session.
  @Override
  void close();
}

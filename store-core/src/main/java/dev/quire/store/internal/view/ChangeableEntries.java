package dev.quire.store.internal.view;

/// Entries of one table in a transaction that may change them.
public interface ChangeableEntries extends Entries {

  /// Sets a value.
  void put(byte[] key, byte[] value);

  /// Deletes an entry.
  ///
  /// @return whether there was one
  boolean delete(byte[] key);

  /// Deletes all entries of an interval.
  void deleteAll(ByteInterval interval);
}

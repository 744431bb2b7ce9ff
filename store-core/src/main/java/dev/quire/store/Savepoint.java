package dev.quire.store;

/// A mark in a write transaction to which the transaction can go back.
///
/// ```java
/// try (Savepoint savepoint = txn.savepoint()) {
///   load(txn);
///   savepoint.release();
/// }
/// ```
///
/// A savepoint that is closed without [#release] undoes what was done since: an exception on the
/// way leaves the transaction as it was, and usable. Savepoints nest; ending one ends those inside
/// it.
public interface Savepoint extends AutoCloseable {

  /// Keeps the changes made since the savepoint, as part of the transaction (or of the savepoint
  /// around it), and ends it.
  ///
  /// @throws IllegalStateException if the savepoint has ended
  void release();

  /// Undoes the changes made since the savepoint and ends it.
  ///
  /// @throws IllegalStateException if the savepoint has ended
  void rollback();

  /// Undoes the changes made since the savepoint unless it has ended.
  @Override
  void close();
}

package dev.quire.store;

/// A transaction that changes the store: all of it or nothing, visible to others at [#commit]
/// alone.
///
/// It reads its own changes. There is one at a time; others wait for their turn. It is used by one
/// thread, the one that began it. Closing it without [#commit] undoes everything.
///
/// A failure in the middle of a change ([dev.quire.store.errors.StoreFullException],
/// [dev.quire.store.errors.StoreIoException]) leaves nothing to do but close.
public interface WriteTxn extends ReadTxn {

  /// The table of that name. One that does not exist is made at the first change, for keys of any
  /// length.
  @Override
  Table table(String name);

  /// The table of that name, made now if it does not exist.
  ///
  /// @throws IllegalArgumentException if the name is not allowed, or the table exists with other
  ///   options
  Table table(String name, TableOptions options);

  /// Deletes a table with all its entries.
  ///
  /// @return whether there was one
  boolean dropTable(String name);

  /// Marks a point to which the transaction can go back.
  Savepoint savepoint();

  /// Makes the changes visible, and as durable as was asked for, and ends the transaction.
  ///
  /// @throws dev.quire.store.errors.StoreFullException if there is no room: everything is undone
  /// @throws dev.quire.store.errors.CommitInDoubtException if the transaction may or may not be
  ///   there after the store is opened again
  /// @throws dev.quire.store.errors.StoreFailedException if the store refuses writes
  void commit();

  /// Undoes the changes and ends the transaction.
  void rollback();

  /// Ends the transaction, undoing the changes unless they are committed. Does nothing the second
  /// time.
  @Override
  void close();
}

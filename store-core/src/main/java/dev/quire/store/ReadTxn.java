package dev.quire.store;

import java.util.List;

/// A snapshot of the whole store: the state of one committed transaction, however long it is kept
/// and whatever is committed meanwhile.
///
/// Reading takes no lock and blocks nobody. An open snapshot keeps the pages that it alone needs
/// from being reused, so close it soon. It belongs to no thread and may be passed from one to
/// another, but is used by one at a time.
///
/// Every method but [#close] and [#isOpen] throws [IllegalStateException] once the transaction or
/// its store is closed.
public interface ReadTxn extends AutoCloseable {

  /// Number of the committed transaction that the snapshot shows; in a [WriteTxn] the number that
  /// its commit will have. Numbers only grow.
  long id();

  /// The table of that name as this transaction sees it. One that does not exist reads as empty.
  ///
  /// @param name 1 to 255 bytes of UTF-8, not beginning with `quire.`
  /// @throws IllegalArgumentException if the name is not allowed
  Table table(String name);

  /// Names of all tables, in order.
  List<String> tables();

  /// Whether the transaction can still be used.
  boolean isOpen();

  /// Ends the transaction; views and cursors obtained from it end with it. Does nothing the second
  /// time.
  @Override
  void close();
}

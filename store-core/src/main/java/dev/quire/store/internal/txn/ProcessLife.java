package dev.quire.store.internal.txn;

/// Which of the processes that left their name somewhere still have the store open.
interface ProcessLife {

  /// The name of one process that has or had the store open.
  ///
  /// Incarnations begin anew with each `shm`; the time tells apart what they do not.
  ///
  /// @param owner process slot + 1 in the high, incarnation in the low half
  /// @param startMillis when it opened the store, from its process slot
  record Name(long owner, long startMillis) {}

  /// This process.
  Name self();

  /// Whether the process of this name has the store open. Once false, it stays false.
  boolean isAlive(Name process);
}

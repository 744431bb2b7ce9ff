package dev.quire.store;

/// Work done inside a transaction, without a result.
///
/// @param <S> [ReadTxn] or [WriteTxn]
/// @param <X> what the work may throw; inferred as [RuntimeException] if it throws nothing checked
@FunctionalInterface
public interface TxnAction<S extends ReadTxn, X extends Exception> {

  /// Does the work. The transaction, its tables and its views are valid until this method returns.
  void run(S txn) throws X;
}

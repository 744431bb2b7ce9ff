package dev.quire.store;

import org.jspecify.annotations.Nullable;

/// Work done inside a transaction, with a result. It is an action whose result may be ignored, so
/// that `store.write(txn -> txn.table("a").delete(key))` names one method and not two.
///
/// @param <S> [ReadTxn] or [WriteTxn]
/// @param <T> the result, which must not be a view of the transaction
/// @param <X> what the work may throw; inferred as [RuntimeException] if it throws nothing checked
@FunctionalInterface
public interface TxnFunction<S extends ReadTxn, T extends @Nullable Object, X extends Exception>
    extends TxnAction<S, X> {

  /// Does the work. The transaction, its tables and its views are valid until this method returns.
  T apply(S txn) throws X;

  @Override
  @SuppressWarnings("FunctionalInterfaceMethodChanged") // the same work, its result ignored
  default void run(S txn) throws X {
    apply(txn);
  }
}

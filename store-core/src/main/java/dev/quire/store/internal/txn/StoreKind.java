package dev.quire.store.internal.txn;

/// How long a store in a directory lives.
enum StoreKind {
  /// Until it is deleted.
  DURABLE,
  /// Until the machine stops or it is unlinked: named shared memory.
  VOLATILE,
  /// Until its last user closes it or dies.
  TEMPORARY
}

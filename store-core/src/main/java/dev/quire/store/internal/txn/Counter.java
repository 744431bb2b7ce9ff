package dev.quire.store.internal.txn;

/// What a store counts; the order is that of the counter words in `shm`.
enum Counter {
  COMMITS,
  CHECKPOINTS,
  LOG_SYNCS,
  RING_FULL_WAITS,
  PAGES_WRITTEN,
  BYTES_LOGGED
}

package dev.quire.store.internal.txn;

/// What the processes of a store count. Codes are stored.
public enum Counter {
  COMMITS(0),
  CHECKPOINTS(1),
  LOG_SYNCS(2),
  RING_FULL_WAITS(3),
  PAGES_WRITTEN(4),
  GROWTHS(5),

  /// Lookups that found their key: here those of write transactions, the others are counted in
  /// their reader slots.
  HITS(6),

  /// Lookups that did not, likewise.
  MISSES(7),
  EVICTIONS(8),
  EXPIRATIONS(9);

  private final int code;

  Counter(int code) {
    this.code = code;
  }

  /// Index of the counter's word.
  int code() {
    return code;
  }
}

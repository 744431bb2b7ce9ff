package dev.quire.store.internal.txn;

/// What a store counts. Codes are stored.
enum Counter {
  COMMITS(0),
  CHECKPOINTS(1),
  LOG_SYNCS(2),
  RING_FULL_WAITS(3),
  PAGES_WRITTEN(4);

  private final int code;

  Counter(int code) {
    this.code = code;
  }

  /// Index of the counter's word.
  int code() {
    return code;
  }
}

package dev.quire.store.internal.txn;

/// What the processes of a store measure the time of. Codes are stored.
public enum Latency {
  COMMIT(0),
  SYNC(1),
  CHECKPOINT(2),
  TURN_WAIT(3);

  private final int code;

  Latency(int code) {
    this.code = code;
  }

  /// Index of the histogram.
  int code() {
    return code;
  }
}

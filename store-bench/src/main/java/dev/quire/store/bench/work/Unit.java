package dev.quire.store.bench.work;

/// What a figure counts.
public enum Unit {
  NANOS("ns", 0, false),
  MICROS("us", 1, false),
  MILLIS("ms", 2, false),
  OPERATIONS("ops/s", 0, true),
  ENTRIES("entries/s", 0, true),
  MEGABYTES("MB/s", 0, true),
  RATIO("x", 2, false),
  BYTES("B/op", 1, false);

  private final String symbol;
  private final int decimals;
  private final boolean moreIsBetter;

  Unit(String symbol, int decimals, boolean moreIsBetter) {
    this.symbol = symbol;
    this.decimals = decimals;
    this.moreIsBetter = moreIsBetter;
  }

  /// As written in a table.
  public String symbol() {
    return symbol;
  }

  /// Digits after the point in a table.
  public int decimals() {
    return decimals;
  }

  /// Whether a greater figure is the better one.
  public boolean isMoreBetter() {
    return moreIsBetter;
  }

  /// Whether the ratio of two stores means something: bytes allocated may be none.
  public boolean isCompared() {
    return this != BYTES;
  }
}

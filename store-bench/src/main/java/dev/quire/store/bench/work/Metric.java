package dev.quire.store.bench.work;

/// A figure that trials find: one row of the table.
public enum Metric {
  GET("random get, a snapshot each, value copied", Unit.NANOS),
  GET_BYTES("the same: allocated", Unit.BYTES),
  GET_IN_PLACE("random get, a snapshot each, value read in place", Unit.NANOS),
  GET_IN_PLACE_BYTES("the same: allocated", Unit.BYTES),
  GET_IN_VIEW("random get within one snapshot, value copied", Unit.NANOS),
  GET_IN_VIEW_BYTES("the same: allocated", Unit.BYTES),
  GET_ZIPF("Zipf 0.99 get, a snapshot each, value copied", Unit.NANOS),
  GET_ZIPF_BYTES("the same: allocated", Unit.BYTES),
  SCAN("full scan, store loaded in random order", Unit.ENTRIES),
  SCAN_BYTES("the same: allocated per entry", Unit.BYTES),
  LOAD_RANDOM("load in random order, 1000 a transaction", Unit.ENTRIES),
  LOAD_RANDOM_CLOSED("the same until closed and durable", Unit.ENTRIES),
  FILES_RANDOM("loaded in random order, closed: file sizes / payload", Unit.RATIO),
  SPACE_RANDOM("the same: space taken on the disk / payload", Unit.RATIO),
  LOAD_SORTED("load in key order, 1000 a transaction", Unit.ENTRIES),
  LOAD_SORTED_CLOSED("the same until closed and durable", Unit.ENTRIES),
  FILES_SORTED("loaded in key order, closed: file sizes / payload", Unit.RATIO),
  SPACE_SORTED("the same: space taken on the disk / payload", Unit.RATIO),
  PUT("auto-commit put without sync, on disk", Unit.OPERATIONS),
  PUT_BYTES("the same: allocated", Unit.BYTES),
  PUT_MEMORY("auto-commit put, in memory", Unit.OPERATIONS),
  PUT_MEMORY_BYTES("the same: allocated", Unit.BYTES),
  PUT_SYNC("durable auto-commit put, 1 thread", Unit.OPERATIONS),
  PUT_SYNC_8("durable auto-commit put, 8 threads", Unit.OPERATIONS),
  OPEN_COLD("open and first get, cold JVM", Unit.MILLIS),
  OPEN_WARM("open and first get, again in the same JVM", Unit.MILLIS),
  READ_1("gets of 1 process, a snapshot each", Unit.OPERATIONS),
  READ_2("gets of 2 processes together", Unit.OPERATIONS),
  READ_4("gets of 4 processes together", Unit.OPERATIONS),
  READ_BESIDE("gets of 1 process beside one that puts", Unit.OPERATIONS),
  PUT_BESIDE("puts of that one", Unit.OPERATIONS),
  PUT_1("auto-commit puts of 1 process, without sync", Unit.OPERATIONS),
  PUT_2("auto-commit puts of 2 processes together", Unit.OPERATIONS),
  VISIT_MEDIAN("a put while another process puts all the time: median", Unit.MICROS),
  VISIT_SLOW("the same: 99 of 100 within", Unit.MICROS),
  SIGHT_MEDIAN("from the begin of a put to its sight in another process: median", Unit.MICROS),
  SIGHT_SLOW("the same: 99 of 100 within", Unit.MICROS);

  /// What a figure counts.
  public enum Unit {
    NANOS("ns", 0, true),
    MICROS("us", 1, true),
    MILLIS("ms", 2, true),
    OPERATIONS("ops/s", 0, true),
    ENTRIES("entries/s", 0, true),
    RATIO("x", 2, true),
    BYTES("B/op", 1, false);

    private final String symbol;
    private final int decimals;
    private final boolean compared;

    Unit(String symbol, int decimals, boolean compared) {
      this.symbol = symbol;
      this.decimals = decimals;
      this.compared = compared;
    }

    /// As written in a table.
    public String symbol() {
      return symbol;
    }

    /// Digits after the point in a table.
    public int decimals() {
      return decimals;
    }

    /// Whether the ratio of two stores means something.
    public boolean isCompared() {
      return compared;
    }
  }

  private final String title;
  private final Unit unit;

  Metric(String title, Unit unit) {
    this.title = title;
    this.unit = unit;
  }

  /// What is measured.
  public String title() {
    return title;
  }

  /// What the figure counts.
  public Unit unit() {
    return unit;
  }
}

package dev.quire.store.bench.work;

/// A figure that trials find: one column of a table.
public enum Metric {
  GET(Section.GETS, "random get, a snapshot each", Unit.NANOS),
  GET_IN_PLACE(Section.GETS, "the same, read in place", Unit.NANOS),
  GET_IN_VIEW(Section.GETS, "random get within one snapshot", Unit.NANOS),
  GET_ZIPF(Section.GETS, "Zipf 0.99 get, a snapshot each (YCSB C)", Unit.NANOS),

  SCAN(Section.SCANS, "full scan, loaded in random order", Unit.ENTRIES),
  RANGE(Section.SCANS, "ranges of 100 from random starts", Unit.ENTRIES),

  LOAD_RANDOM(Section.LOADS, "random order, 1000 a transaction", Unit.ENTRIES),
  LOAD_RANDOM_CLOSED(Section.LOADS, "the same, until closed and durable", Unit.ENTRIES),
  LOAD_SORTED(Section.LOADS, "key order, 1000 a transaction", Unit.ENTRIES),
  LOAD_SORTED_CLOSED(Section.LOADS, "the same, until closed and durable", Unit.ENTRIES),

  FILES_RANDOM(Section.SPACE, "random load: file sizes / payload", Unit.RATIO),
  SPACE_RANDOM(Section.SPACE, "random load: space on disk / payload", Unit.RATIO),
  FILES_SORTED(Section.SPACE, "sorted load: file sizes / payload", Unit.RATIO),
  SPACE_SORTED(Section.SPACE, "sorted load: space on disk / payload", Unit.RATIO),
  CHURN_FILES(Section.SPACE, "after churn: file sizes / payload", Unit.RATIO),

  PUT(Section.PUTS, "auto-commit put without sync, on disk", Unit.OPERATIONS),
  PUT_MEMORY(Section.PUTS, "the same, in /dev/shm or on the heap", Unit.OPERATIONS),
  CHURN(Section.PUTS, "churn: deletes and puts, 1000 a transaction", Unit.OPERATIONS),
  BESIDE_GET(Section.PUTS, "get beside a thread that puts", Unit.NANOS),
  BESIDE_PUT(Section.PUTS, "puts of that thread", Unit.OPERATIONS),

  PUT_SYNC(Section.DURABLE, "durable put, 1 thread", Unit.OPERATIONS),
  PUT_SYNC_2(Section.DURABLE, "durable put, 2 threads", Unit.OPERATIONS),
  PUT_SYNC_8(Section.DURABLE, "durable put, 8 threads", Unit.OPERATIONS),

  YCSB_A(Section.MIXED, "YCSB A: 50% gets, 50% puts", Unit.OPERATIONS),
  YCSB_B(Section.MIXED, "YCSB B: 95% gets, 5% puts", Unit.OPERATIONS),
  YCSB_E(Section.MIXED, "YCSB E: 95% ranges, 5% new entries", Unit.OPERATIONS),

  LOAD_10K(Section.LARGE, "10 KB values: load", Unit.MEGABYTES),
  GET_10K(Section.LARGE, "10 KB values: get", Unit.MICROS),
  PUT_10K(Section.LARGE, "10 KB values: put", Unit.OPERATIONS),
  LOAD_1M(Section.LARGE, "1 MB values: load", Unit.MEGABYTES),
  GET_1M(Section.LARGE, "1 MB values: get", Unit.MICROS),
  PUT_1M(Section.LARGE, "1 MB values: put", Unit.OPERATIONS),

  OPEN_COLD(Section.OPENING, "open and first get, cold JVM", Unit.MILLIS),
  OPEN_WARM(Section.OPENING, "again in the same JVM", Unit.MILLIS),

  READ_1(Section.PROCESSES, "gets of 1 process", Unit.OPERATIONS),
  READ_2(Section.PROCESSES, "of 2 together", Unit.OPERATIONS),
  READ_3(Section.PROCESSES, "of 3 together", Unit.OPERATIONS),
  READ_4(Section.PROCESSES, "of 4 together", Unit.OPERATIONS),
  READ_BESIDE(Section.PROCESSES, "of 1 beside one that puts", Unit.OPERATIONS),
  PUT_BESIDE(Section.PROCESSES, "puts of that one", Unit.OPERATIONS),
  PUT_1(Section.PROCESSES, "puts of 1 process, without sync", Unit.OPERATIONS),
  PUT_2(Section.PROCESSES, "of 2 together", Unit.OPERATIONS),

  VISIT_MEDIAN(Section.MEETINGS, "a put while another process puts: median", Unit.MICROS),
  VISIT_SLOW(Section.MEETINGS, "99 of 100 within", Unit.MICROS),
  SIGHT_MEDIAN(Section.MEETINGS, "from a put to its sight elsewhere: median", Unit.MICROS),
  SIGHT_SLOW(Section.MEETINGS, "99 of 100 within", Unit.MICROS),

  GET_BYTES(Section.ALLOCATION, "get", Unit.BYTES),
  GET_IN_PLACE_BYTES(Section.ALLOCATION, "get in place", Unit.BYTES),
  GET_IN_VIEW_BYTES(Section.ALLOCATION, "get within one snapshot", Unit.BYTES),
  GET_ZIPF_BYTES(Section.ALLOCATION, "Zipf get", Unit.BYTES),
  SCAN_BYTES(Section.ALLOCATION, "next, in a scan", Unit.BYTES),
  RANGE_BYTES(Section.ALLOCATION, "next, in ranges of 100", Unit.BYTES),
  PUT_BYTES(Section.ALLOCATION, "put on disk", Unit.BYTES),
  PUT_MEMORY_BYTES(Section.ALLOCATION, "put in memory", Unit.BYTES);

  private final Section section;
  private final String title;
  private final Unit unit;

  Metric(Section section, String title, Unit unit) {
    this.section = section;
    this.title = title;
    this.unit = unit;
  }

  /// The table that it belongs to.
  public Section section() {
    return section;
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

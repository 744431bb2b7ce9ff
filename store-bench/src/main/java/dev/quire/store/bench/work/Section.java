package dev.quire.store.bench.work;

/// Metrics that are shown together, in one table and one chart.
public enum Section {
  GETS("gets", "Gets"),
  SCANS("scans", "Scans and ranges"),
  LOADS("loads", "Loads"),
  SPACE("space", "Size of the files"),
  PUTS("puts", "Puts without sync"),
  DURABLE("durable", "Durable puts"),
  MIXED("mixed", "Gets and puts mixed"),
  LARGE("large", "Large values"),
  OPENING("opening", "Opening"),
  PROCESSES("processes", "Processes that share a store"),
  MEETINGS("meetings", "How long processes wait for each other"),
  ALLOCATION("allocation", "Allocated on the heap, for one operation");

  private final String fileName;
  private final String title;

  Section(String fileName, String title) {
    this.fileName = fileName;
    this.title = title;
  }

  /// Its word in file names.
  public String fileName() {
    return fileName;
  }

  /// What is measured.
  public String title() {
    return title;
  }
}

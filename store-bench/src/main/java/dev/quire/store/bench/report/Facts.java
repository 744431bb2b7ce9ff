package dev.quire.store.bench.report;

/// Names of facts that reports treat in a way of their own.
public final class Facts {

  /// When a trial ended. Of the dates of a report only the first and the last are shown.
  public static final String DATE = "date";

  private Facts() {}
}

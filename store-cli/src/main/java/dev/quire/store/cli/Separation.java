package dev.quire.store.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether rows are CSV or TSV.
final class Separation {

  @Option(names = "--csv", description = "CSV as in RFC 4180, unless FILE ends in .tsv.")
  private boolean csv;

  @Option(names = "--tsv", description = "Tabs, and the escapes of \"quire scan\".")
  private boolean tsv;

  @Option(names = "--no-header", description = "There is no first line with names.")
  private boolean noHeader;

  boolean hasHeader() {
    return !noHeader;
  }

  /// Whether it is CSV.
  ///
  /// @param file whose name tells it, unless an option does
  boolean isCsv(@Nullable String file) {
    if (csv && tsv) {
      throw new IllegalArgumentException("give --csv or --tsv, not both");
    }
    return csv || !tsv && (file == null || !file.toLowerCase(Locale.ROOT).endsWith(".tsv"));
  }
}

package dev.quire.store.cli;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Table;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What `scan` and `keys` have in common: a table, a range, a direction and a limit.
@SuppressWarnings("NullAway.Init") // set by picocli
final class Entries {

  @Mixin private StoreTarget target;

  @Mixin private ByteFormat format;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Mixin private RangeOptions range;

  @Option(names = "--limit", paramLabel = "N", description = "At most N entries.")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--reverse", description = "From the last key to the first.")
  private boolean reverse;

  /// Makes the line of an entry.
  interface Line {
    String of(TableFormat format, Cursor entry);
  }

  /// Prints a line for each entry.
  ExitCode print(Output output, Line line) throws IOException {
    if (limit < 0) {
      throw new IllegalArgumentException("--limit " + limit + ": allowed are 0 and up");
    }
    try (Access access = target.read(output)) {
      Table table = access.requireTable(tableName);
      TableFormat written = format.of(access.store(), table);
      KeyRange keys = range.range(written, output.in());
      try (Cursor cursor = table.cursor(reverse ? keys.reversed() : keys)) {
        for (long printed = 0; printed < limit && cursor.next(); printed++) {
          output.line(line.of(written, cursor));
        }
      }
    }
    return ExitCode.OK;
  }
}

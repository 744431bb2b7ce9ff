package dev.quire.store.cli;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Table;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "count",
    description = "Print how many entries a table, or a range of its keys, has.",
    footer = {
      "",
      "The number for a whole table is kept; that of a range is counted.",
      "",
      "Examples:",
      "  quire count my.quire users",
      "  quire count my.quire users --prefix a",
      "  quire count my.quire users --from m --estimate",
      "",
      "JSON: table, entries, estimated."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class CountCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Mixin private ByteFormat format;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Mixin private RangeOptions range;

  @Option(
      names = "--estimate",
      description = "Tell the number of a range from the shape of the tree, about.")
  private boolean estimate;

  CountCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    long entries;
    try (Access access = target.read(output())) {
      Table table = access.requireTable(tableName);
      KeyRange keys = range.range(format.of(access.store(), table), output().in());
      entries = estimate ? table.estimate(keys) : count(table, keys);
    }
    output()
        .line(
            format.isJson()
                ? Json.object()
                    .put("table", tableName)
                    .put("entries", entries)
                    .put("estimated", estimate)
                    .toString()
                : Long.toString(entries));
    return ExitCode.OK;
  }

  private long count(Table table, KeyRange keys) {
    if (range.isAll()) {
      return table.count();
    }
    long count = 0;
    try (Cursor cursor = table.cursor(keys)) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }
}

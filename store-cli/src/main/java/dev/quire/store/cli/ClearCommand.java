package dev.quire.store.cli;

import dev.quire.store.KeyRange;
import dev.quire.store.Table;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "clear",
    description = "Delete all entries of a table, or a range of them; the table stays.",
    footer = {
      "",
      "Prints how many there were.",
      "",
      "Examples:",
      "  quire clear my.quire sessions --force",
      "  quire clear my.quire events --before 2026-01-01 --force",
      "",
      "JSON: table, deleted. Exit code 1 if there is no such table."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class ClearCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Mixin private ByteFormat format;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Mixin private RangeOptions range;

  @Mixin private Confirmation confirmation;

  ClearCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    KeyRange keys;
    try (Access access = target.read(output())) {
      Table table = access.requireTable(tableName);
      keys = range.range(format.of(access.store(), table), output().in());
      String which =
          range.isAll()
              ? "all " + Amounts.count(table.count()) + " entries"
              : "about " + Amounts.count(table.estimate(keys)) + " entries";
      confirmation.require(
          output(), "deletes " + which + " of table \"" + tableName + "\"", tableName);
    }
    long deleted;
    try (Access access = target.write(output())) {
      Table table = access.requireTable(tableName);
      if (range.isAll()) {
        deleted = table.count();
        table.clear();
      } else {
        deleted = table.deleteRange(keys);
      }
      access.commit();
    }
    output()
        .line(
            format.isJson()
                ? Json.object().put("table", tableName).put("deleted", deleted).toString()
                : Long.toString(deleted));
    return ExitCode.OK;
  }
}

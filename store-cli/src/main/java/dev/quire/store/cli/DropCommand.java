package dev.quire.store.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "drop",
    description = "Delete a table with all its entries, and print how many there were.",
    footer = {
      "",
      "Example:",
      "  quire drop my.quire sessions --force",
      "",
      "JSON: table, entries. Exit code 1 if there is no such table."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class DropCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Mixin private Confirmation confirmation;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  DropCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    try (Access access = target.read(output())) {
      long known = access.requireTable(tableName).count();
      confirmation.require(
          output(),
          "drops table \"" + tableName + "\" with " + Amounts.count(known) + " entries",
          tableName);
    }
    long entries;
    try (Access access = target.write(output())) {
      entries = access.requireTable(tableName).count();
      access.writing().dropTable(tableName);
      access.commit();
    }
    output()
        .line(
            json
                ? Json.object().put("table", tableName).put("entries", entries).toString()
                : Long.toString(entries));
    return ExitCode.OK;
  }
}

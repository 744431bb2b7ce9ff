package dev.quire.store.cli;

import dev.quire.store.Table;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "del",
    description = "Delete keys, all in one transaction, and print how many there were.",
    footer = {
      "",
      "Examples:",
      "  quire del my.quire users ada charles",
      "",
      "\"quire clear\" deletes ranges. JSON: deleted. Exit code 1 if none of the keys was there."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class DelCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Mixin private ByteFormat format;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Parameters(index = "2..*", arity = "1..*", paramLabel = "KEY", description = "The keys.")
  private List<String> keys;

  DelCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    int deleted = 0;
    try (Access access = target.write(output())) {
      Table table = access.table(tableName);
      TableFormat written = format.of(access.store(), table);
      for (String key : keys) {
        deleted += table.delete(written.keyOf(key, output().in())) ? 1 : 0;
      }
      access.commit();
    }
    output()
        .line(
            format.isJson()
                ? Json.object().put("deleted", deleted).toString()
                : Integer.toString(deleted));
    return deleted > 0 ? ExitCode.OK : ExitCode.NOT_FOUND;
  }
}

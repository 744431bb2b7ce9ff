package dev.quire.store.cli;

import dev.quire.store.Table;
import dev.quire.store.options.Expiry;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "expire",
    description = "Set how long an entry lives; its value stays.",
    footer = {
      "",
      "Examples:",
      "  quire expire my.quire sessions 4711 30m",
      "  quire expire my.quire sessions 4711 2027-01-31T12:00:00Z",
      "  quire expire my.quire sessions 4711 never",
      "",
      "JSON: found. Exit code 1 if there is no such key."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class ExpireCommand extends StoreCommand {

  @Mixin private EntryTarget target;

  @Mixin private ByteFormat format;

  @Parameters(
      index = "3",
      paramLabel = "LIFE",
      description = "500ms, 90s, 5m, 12h, 7d, a moment, never, or default: as the table says.")
  private String life;

  ExpireCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    Expiry expiry = Lives.parse(life);
    boolean found;
    try (Access access = target.write(output())) {
      Table table = access.table(target.table());
      TableFormat written = format.of(access.store(), table);
      found = table.expire(written.keyOf(target.key(), output().in()), expiry);
      access.commit();
    }
    if (format.isJson()) {
      output().line(Json.object().put("found", found).toString());
    }
    if (!found) {
      output().message("no such key in table \"" + target.table() + "\"");
    }
    return found ? ExitCode.OK : ExitCode.NOT_FOUND;
  }
}

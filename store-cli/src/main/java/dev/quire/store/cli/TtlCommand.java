package dev.quire.store.cli;

import dev.quire.store.Table;
import dev.quire.store.options.Expiry;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "ttl",
    description = "Print how many seconds an entry has to live, or never.",
    footer = {
      "",
      "Example:",
      "  quire ttl my.quire sessions 4711",
      "",
      "JSON: key, and if it expires leftMillis and expiresMillis. Exit code 1 if there is no such",
      "key."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class TtlCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Mixin private ByteFormat format;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Parameters(index = "2", paramLabel = "KEY", description = "The key.")
  private String key;

  TtlCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    try (Access access = target.read(output())) {
      Table table = access.table(tableName);
      TableFormat written = format.of(access.store(), table);
      byte[] keyBytes = written.keyOf(key, output().in());
      @Nullable Expiry expiry = table.expiry(keyBytes);
      if (expiry == null) {
        output().message("no such key in table \"" + tableName + "\"");
        return ExitCode.NOT_FOUND;
      }
      @Nullable Duration left = table.timeLeft(keyBytes);
      if (written.json()) {
        Json object = written.key().putTo(Json.object(), "key", keyBytes);
        if (left != null && expiry instanceof Expiry.At at) {
          object.put("leftMillis", left.toMillis()).put("expiresMillis", at.time().toEpochMilli());
        }
        output().line(object.toString());
      } else {
        output()
            .line(
                left == null ? "never" : String.format(Locale.ROOT, "%.3f", left.toMillis() / 1e3));
      }
    }
    return ExitCode.OK;
  }
}

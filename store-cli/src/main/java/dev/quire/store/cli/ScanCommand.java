package dev.quire.store.cli;

import dev.quire.store.Cursor;
import dev.quire.store.options.Expiry;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "scan",
    description = "Print the entries of a table in the order of their keys, a line for each.",
    footer = {
      "",
      "Key and value are separated by a tab. Control characters, backslashes and what is not",
      "UTF-8 are escaped: \\t \\n \\r \\\\ \\x1b.",
      "",
      "Examples:",
      "  quire scan my.quire users",
      "  quire scan my.quire users --prefix a --limit 10",
      "  quire scan my.quire users --from ada --before charles --reverse --json",
      "",
      "JSON, a line for each entry: key, value; with --expiry expiresMillis, if it expires."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class ScanCommand extends StoreCommand {

  @Mixin private Entries entries;

  @Option(names = "--keys", description = "Keys alone, as \"quire keys\" does.")
  private boolean keysOnly;

  @Option(
      names = "--expiry",
      description = "A third field: when the entry expires, or - if it does not.")
  private boolean withExpiry;

  ScanCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    return entries.print(output(), this::line);
  }

  private String line(TableFormat format, Cursor entry) {
    if (keysOnly) {
      return format.line(entry.key());
    }
    if (!withExpiry) {
      return format.line(entry.key(), entry.valueBytes());
    }
    if (!format.json()) {
      String expires = entry.expiry() instanceof Expiry.At at ? at.time().toString() : "-";
      return format.line(entry.key(), entry.valueBytes()) + "\t" + expires;
    }
    Json object = format.object(entry.key(), entry.valueBytes());
    if (entry.expiry() instanceof Expiry.At at) {
      object.put("expiresMillis", at.time().toEpochMilli());
    }
    return object.toString();
  }
}

package dev.quire.store.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "keys",
    description = "Print the keys of a table in their order, a line for each.",
    footer = {
      "",
      "Examples:",
      "  quire keys my.quire users --limit 10",
      "  quire keys my.quire users --prefix a --reverse",
      "",
      "JSON, a line for each key: key."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class KeysCommand extends StoreCommand {

  @Mixin private Entries entries;

  KeysCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    return entries.print(output(), (format, entry) -> format.line(entry.key()));
  }
}

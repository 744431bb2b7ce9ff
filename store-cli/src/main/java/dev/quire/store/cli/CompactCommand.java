package dev.quire.store.cli;

import dev.quire.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "compact",
    description = "Make the file of a store that nobody has open as small as its content.",
    footer = {
      "",
      "Example:",
      "  quire compact my.quire",
      "",
      "A copy takes the place of the file when it is durable: there must be room for both.",
      "Exit code 3 if a process has the store open."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class CompactCommand extends StoreCommand {

  @Parameters(index = "0", paramLabel = "STORE", description = "Directory of the store.")
  private Path path;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  CompactCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws Exception {
    Path data = path.resolve("data");
    if (!Files.exists(data)) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, "there is no store at " + path);
    }
    long before = Files.size(data);
    try (Progress _ = new Progress(output(), path.resolve("data.new"))) {
      Store.compact(path);
    }
    long after = Files.size(data);
    if (json) {
      output()
          .line(
              Json.object()
                  .put("schema", 1)
                  .put("sizeBeforeBytes", before)
                  .put("sizeAfterBytes", after)
                  .toString());
    } else {
      output().line("before\t" + Amounts.bytes(before));
      output().line("after\t" + Amounts.bytes(after));
    }
    return ExitCode.OK;
  }
}

package dev.quire.store.cli;

import dev.quire.store.Store;
import dev.quire.store.StoreStats;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "checkpoint",
    description = "Bring everything committed to its place in the file, now.",
    footer = {
      "",
      "Processes do that by themselves: this is for those who want to copy the medium, or see how",
      "long it takes.",
      "",
      "Example:",
      "  quire checkpoint my.quire",
      "",
      "Prints the transaction that is at rest. JSON: schema, txnId, millis."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class CheckpointCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  CheckpointCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    long begin = System.nanoTime();
    StoreStats stats;
    try (Store store = target.openExisting(output())) {
      store.checkpoint();
      stats = store.stats();
    }
    long millis = (System.nanoTime() - begin) / 1_000_000;
    output()
        .line(
            json
                ? Json.object()
                    .put("schema", 1)
                    .put("txnId", stats.durableTxnId())
                    .put("millis", millis)
                    .toString()
                : Long.toString(stats.durableTxnId()));
    return ExitCode.OK;
  }
}

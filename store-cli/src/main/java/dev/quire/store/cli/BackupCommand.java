package dev.quire.store.cli;

import dev.quire.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "backup",
    description = "Copy a store, also while others write to it, into a new store.",
    footer = {
      "",
      "Example:",
      "  quire backup my.quire backup.quire",
      "",
      "The backup is a store: it can be opened, checked and copied like any other."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class BackupCommand extends StoreCommand {

  @Mixin private StoreTarget source;

  @Parameters(
      index = "1",
      paramLabel = "TARGET",
      description = "Directory of the backup, new or empty.")
  private Path target;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  BackupCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws Exception {
    long txnId;
    try (Store store = source.openExisting();
        Progress _ = new Progress(output(), target.resolve("data.new"))) {
      txnId = store.backup(target);
    }
    print(output(), txnId, target, json);
    return ExitCode.OK;
  }

  /// Says what a new store holds.
  static void print(Output output, long txnId, Path made, boolean json) throws Exception {
    long size = Files.size(made.resolve("data"));
    if (json) {
      output.line(
          Json.object()
              .put("schema", 1)
              .put("transaction", txnId)
              .put("fileSizeBytes", size)
              .toString());
    } else {
      output.line("transaction\t" + txnId);
      output.line("file size\t" + Amounts.bytes(size));
    }
  }
}

package dev.quire.store.cli;

import dev.quire.store.CheckReport;
import dev.quire.store.Store;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restore",
    description = "Check every page of a backup and make a store of it.",
    footer = {
      "",
      "Example:",
      "  quire restore backup.quire my.quire",
      "",
      "A store that exists is never replaced: move it away first."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class RestoreCommand extends StoreCommand {

  @Mixin private StoreTarget backup;

  @Parameters(
      index = "1",
      paramLabel = "TARGET",
      description = "Directory of the store to make, new or empty.")
  private Path target;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  RestoreCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws Exception {
    long txnId;
    try (Store store = backup.openToRead(output());
        Progress _ = new Progress(output(), target.resolve("data.new"))) {
      CheckReport report = store.check();
      if (report.isDamaged()) {
        throw new CommandFailure(
            ExitCode.DAMAGED,
            "the backup is damaged: "
                + report.violations().getFirst()
                + "; nothing was restored. \"quire check\" tells more");
      }
      txnId = store.backup(target);
    }
    BackupCommand.print(output(), txnId, target, json);
    return ExitCode.OK;
  }
}

package dev.quire.store.cli;

import dev.quire.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "backup",
    description = "Copy a store, also while others write to it, into a new store.",
    footer = {
      "",
      "Examples:",
      "  quire backup my.quire sunday.quire",
      "  quire backup my.quire monday.increment --since sunday.quire",
      "  quire backup my.quire tuesday.increment --since sunday.quire,monday.increment",
      "",
      "The backup is a store: it can be opened, checked and copied like any other. An increment is",
      "a file with what is new since the backups that it builds on; \"quire restore\" takes them"
          + " all."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class BackupCommand extends StoreCommand {

  @Mixin private StoreTarget source;

  @Parameters(
      index = "1",
      paramLabel = "TARGET",
      description = "Directory of the backup, new or empty; with --since, the file to make.")
  private Path target;

  @Option(
      names = "--since",
      paramLabel = "BACKUP",
      split = ",",
      description = "Earlier backups to build on: a store, then its increments in their order.")
  private List<Path> since = new ArrayList<>();

  @Mixin private JsonOption json;

  BackupCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws Exception {
    Path file = since.isEmpty() ? named(target).resolve("data") : named(target);
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    long begin = System.nanoTime();
    long txnId;
    try (Store store = source.openToCopy(output());
        Progress _ = new Progress(output(), unfinished)) {
      txnId = since.isEmpty() ? store.backup(target) : store.backup(target, since);
    }
    // Another storage engine has files of its own names.
    Path made = Files.exists(file) ? file : target.resolve("data.mdb");
    print(output(), new Made(txnId, made, System.nanoTime() - begin), json.isWanted());
    return ExitCode.OK;
  }

  /// What a command has made.
  ///
  /// @param txnId the transaction that it shows
  record Made(long txnId, Path file, long nanos) {}

  /// Says what a new store or increment holds.
  static void print(Output output, Made made, boolean json) throws Exception {
    long size = Files.size(made.file());
    if (json) {
      output.line(
          Json.object()
              .put("schema", 1)
              .put("transaction", made.txnId())
              .put("fileSizeBytes", size)
              .put("millis", made.nanos() / 1_000_000)
              .toString());
    } else {
      output.line("transaction\t" + made.txnId());
      output.line("file size\t" + Amounts.bytes(size));
    }
  }
}

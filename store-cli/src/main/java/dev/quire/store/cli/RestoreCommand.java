package dev.quire.store.cli;

import dev.quire.store.CheckReport;
import dev.quire.store.Store;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "restore",
    description = "Check every page of a backup, with its increments, and make a store of it.",
    footer = {
      "",
      "Examples:",
      "  quire restore sunday.quire my.quire",
      "  quire restore sunday.quire monday.increment tuesday.increment my.quire",
      "",
      "A store that exists is never replaced: move it away first."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class RestoreCommand extends StoreCommand {

  @Mixin private StoreTarget backup;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "[INCREMENT...] TARGET",
      hideParamSyntax = true,
      description = "Increments in their order; last the directory to make, new or empty.")
  private List<Path> rest;

  @Mixin private JsonOption json;

  RestoreCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws Exception {
    List<Path> increments = rest.subList(0, rest.size() - 1);
    Path target = named(rest.getLast());
    Path data = target.resolve("data");
    long begin = System.nanoTime();
    long txnId;
    try (Progress _ = new Progress(output(), target.resolve("data.new"))) {
      txnId = increments.isEmpty() ? restore(target) : restore(increments, target);
    }
    BackupCommand.print(
        output(), new BackupCommand.Made(txnId, data, System.nanoTime() - begin), json.isWanted());
    return ExitCode.OK;
  }

  private long restore(Path target) {
    try (Store store = backup.openToRead(output())) {
      requireSound(store.check(), "the backup is damaged");
      return store.backup(target);
    }
  }

  /// The copy is what can be checked as a whole: it goes away again if it is not sound.
  private long restore(List<Path> increments, Path target) throws Exception {
    List<Path> backups = new ArrayList<>();
    backups.add(backup.path());
    backups.addAll(increments);
    long txnId = Store.restore(backups, target);
    boolean sound = false;
    try (Store store = Store.open(target, StoreOptions.defaults().withReadOnly(true))) {
      requireSound(store.check(), "the backups are damaged");
      sound = true;
    } finally {
      if (!sound) {
        Files.deleteIfExists(target.resolve("data"));
      }
    }
    return txnId;
  }

  private static void requireSound(CheckReport report, String message) {
    if (report.isDamaged()) {
      throw new CommandFailure(
          ExitCode.DAMAGED,
          message
              + ": "
              + report.violations().getFirst()
              + "; nothing was restored. \"quire check\" tells more");
    }
  }
}

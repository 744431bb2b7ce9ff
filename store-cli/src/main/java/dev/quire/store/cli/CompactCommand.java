package dev.quire.store.cli;

import dev.quire.store.CompactionProgress;
import dev.quire.store.Store;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "compact",
    description = "Make the file of a store as small as its content, also while it is in use.",
    footer = {
      "",
      "Example:",
      "  quire compact my.quire",
      "",
      "If nobody has the store open, a copy takes the place of the file when it is durable: there",
      "must be room for both. Else pages are moved from the end of the file to free places before,",
      "beside those who write; the last process that closes the store cuts the file."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class CompactCommand extends StoreCommand {

  /// A step is short enough for others to wait for.
  private static final int STEP_PAGES = 1_024;

  private static final int WORTH_A_PASS_PAGES = 16_384;

  @Parameters(index = "0", paramLabel = "STORE", description = "Directory of the store.")
  private Path path;

  @Mixin private JsonOption json;

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
    boolean inUse = false;
    try (Progress _ = new Progress(output(), path.resolve("data.new"))) {
      Store.compact(path);
    } catch (StoreLockedException e) {
      inUse = true;
      compactInUse();
    }
    long after = Files.size(data);
    if (json.isWanted()) {
      output()
          .line(
              Json.object()
                  .put("schema", 1)
                  .put("sizeBeforeBytes", before)
                  .put("sizeAfterBytes", after)
                  .put("inUse", inUse)
                  .toString());
    } else {
      output().line("before\t" + Amounts.bytes(before));
      output().line("after\t" + Amounts.bytes(after));
    }
    if (inUse) {
      output()
          .message(
              "the store is in use: pages were moved; what is free at the end of the file is cut by"
                  + " the last process that closes it");
    }
    return ExitCode.OK;
  }

  /// One pass may make room for another.
  private void compactInUse() {
    try (Store store = Store.open(path, StoreOptions.defaults().withCreateIfMissing(false))) {
      long moved;
      do {
        moved = 0;
        CompactionProgress step;
        do {
          step = store.compact(STEP_PAGES);
          moved += step.movedPages();
        } while (!step.last());
      } while (moved > WORTH_A_PASS_PAGES);
    }
  }
}

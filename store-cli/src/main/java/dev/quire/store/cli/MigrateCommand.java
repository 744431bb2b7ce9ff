package dev.quire.store.cli;

import dev.quire.store.lmdb.LmdbMigration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "migrate",
    description = "Copy everything from LMDB into a new store, or from a store into a new LMDB.",
    footer = {
      "",
      "Examples:",
      "  quire migrate /var/lib/app/lmdb app.quire",
      "  quire migrate app.mdb app.quire",
      "  quire migrate app.quire lmdb",
      "  quire migrate --single-file app.quire app.mdb",
      "",
      "LMDB is read as any program has written it: all named databases, each into the table of its",
      "name, and the unnamed one. The numbers of entries are compared in the end. Nothing is left",
      "of a copy that failed."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class MigrateCommand extends StoreCommand {

  @Parameters(
      index = "0",
      paramLabel = "FROM",
      description = "LMDB, a directory or a file; or the directory of a store.")
  private Path from;

  @Parameters(
      index = "1",
      paramLabel = "TO",
      description = "What is made: a store if FROM is LMDB, else LMDB. Nothing may be there.")
  private Path to;

  @Option(
      names = "--flatten-duplicates",
      description =
          "Make an entry of each value of a key (MDB_DUPSORT): its number, 4 bytes, follows the"
              + " key. Without this such a database is refused.")
  private boolean flattenDuplicates;

  @Option(
      names = "--unnamed",
      paramLabel = "TABLE",
      description =
          "Table for the entries of LMDB's unnamed database (\"main\" unless given); to LMDB, the"
              + " table whose entries go there.")
  private @Nullable String unnamed;

  @Option(names = "--single-file", description = "Make LMDB a file instead of a directory.")
  private boolean singleFile;

  @Mixin private JsonOption json;

  MigrateCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    LmdbMigration.Choices choices =
        new LmdbMigration.Choices(flattenDuplicates, unnamed, singleFile);
    Told progress = new Told(output());
    Map<String, Long> copied;
    if (LmdbMigration.isLmdb(from)) {
      copied = LmdbMigration.fromLmdb(from, to, choices, progress);
    } else if (Files.exists(from.resolve("data"))) {
      copied = LmdbMigration.toLmdb(from, to, choices, progress);
    } else {
      throw new CommandFailure(
          ExitCode.UNAVAILABLE, "at " + from + " is neither LMDB nor a store; look at the path");
    }
    long entries = 0;
    Json tables = Json.object();
    for (Map.Entry<String, Long> table : copied.entrySet()) {
      entries += table.getValue();
      tables.put(table.getKey(), table.getValue());
    }
    if (json.isWanted()) {
      output()
          .line(
              Json.object()
                  .put("to", to.toString())
                  .put("entries", entries)
                  .put("tables", tables)
                  .toString());
    } else {
      output().line(to + "\t" + copied.size() + " tables\t" + entries + " entries");
    }
    return ExitCode.OK;
  }

  /// Says on the standard error what was copied: at most once a second, and at the end of a table.
  private static final class Told implements LmdbMigration.Progress {

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Output output;
    private long told = System.nanoTime();

    Told(Output output) {
      this.output = output;
    }

    @Override
    public void copied(String table, long copied, long all) {
      if (copied == all || System.nanoTime() - told > PAUSE_NANOS) {
        told = System.nanoTime();
        output.message("table \"" + table + "\": " + copied + " of " + all + " entries");
      }
    }

    @Override
    public void note(String text) {
      output.message(text);
    }
  }
}

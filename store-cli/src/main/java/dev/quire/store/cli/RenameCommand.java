package dev.quire.store.cli;

import dev.quire.store.KeyRange;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableStats;
import dev.quire.store.WriteTxn;
import dev.quire.store.cli.NewTable.Like;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rename",
    description = "Give a table another name.",
    footer = {
      "",
      "Its entries are copied in one transaction, which takes room for both until it ends. Prints",
      "the number of entries.",
      "",
      "Example:",
      "  quire rename my.quire users people",
      "",
      "JSON: table, entries. Exit code 1 if there is no such table, 2 if the new name is taken."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class RenameCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String from;

  @Parameters(index = "2", paramLabel = "NEW", description = "Its new name.")
  private String to;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  RenameCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    long entries;
    try (Store store = target.openExisting(output())) {
      Session session = output().session();
      WriteTxn given = session == null ? null : session.change();
      Like like = like(store, given);
      try (NewTable made = NewTable.begin(store, to, like, session)) {
        if (given != null) {
          entries = move(given, made, like);
        } else {
          try (WriteTxn txn = store.beginWrite()) {
            entries = move(txn, made, like);
            txn.commit();
          }
        }
        made.keep();
      }
    }
    output()
        .line(
            json
                ? Json.object().put("table", to).put("entries", entries).toString()
                : Long.toString(entries));
    return ExitCode.OK;
  }

  private Like like(Store store, @Nullable WriteTxn given) {
    Table table = given == null ? store.table(from) : given.table(from);
    @Nullable TableStats stats = table.stats();
    if (stats == null) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          "there is no table \"" + from + "\"" + Near.hint(from, store.tables()));
    }
    if (given == null ? store.tables().contains(to) : given.tables().contains(to)) {
      throw new IllegalArgumentException("there is a table \"" + to + "\" already");
    }
    return Like.of(store, stats);
  }

  private long move(WriteTxn txn, NewTable made, Like like) throws IOException {
    made.in(txn, like);
    Table old = txn.table(from);
    long whole = Objects.requireNonNull(old.stats()).entries();
    try (Ticker ticker = new Ticker(output(), "entries", whole)) {
      long entries = TableCopy.copy(old, KeyRange.all(), txn.table(to), ticker);
      txn.dropTable(from);
      return entries;
    }
  }
}

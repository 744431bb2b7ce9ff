package dev.quire.store.cli;

import dev.quire.store.KeyRange;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableStats;
import dev.quire.store.WriteTxn;
import dev.quire.store.cli.NewTable.Like;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "cp",
    description = "Copy a table, or a range of it, into another table, also of another store.",
    footer = {
      "",
      "The new table has the options and codecs of the old one; entries keep their expiry. It is",
      "one transaction: if it is interrupted, nothing was copied. Prints the number of entries.",
      "",
      "Examples:",
      "  quire cp my.quire users users-2026",
      "  quire cp my.quire users users --store other.quire",
      "",
      "JSON: table, entries. Exit code 1 if there is no such table, 2 if the new one exists and",
      "--into was not given."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class CpCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Mixin private ByteFormat format;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String from;

  @Parameters(index = "2", paramLabel = "NEW", description = "Name of the copy.")
  private String to;

  @Mixin private RangeOptions range;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description = "Directory of the store that gets the copy, made if it is missing.")
  private @Nullable Path toStore;

  @Option(
      names = "--into",
      description = "Put the entries into a table that exists, over those of the same keys.")
  private boolean into;

  CpCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    long entries = toStore == null ? within() : between(toStore);
    output()
        .line(
            format.isJson()
                ? Json.object().put("table", to).put("entries", entries).toString()
                : Long.toString(entries));
    return ExitCode.OK;
  }

  private long between(Path other) throws IOException {
    try (Access access = target.read(output())) {
      Table table = access.requireTable(from);
      try (Store store = Store.open(other, StoreOptions.defaults())) {
        return copy(access, table, store, null);
      }
    }
  }

  private long within() throws IOException {
    if (from.equals(to)) {
      throw new IllegalArgumentException("TABLE and NEW are the same");
    }
    Session session = output().session();
    try (Store same = target.openExisting(output());
        Access access = Access.toRead(target.openExisting(output()), session)) {
      return copy(access, access.requireTable(from), same, session);
    }
  }

  private long copy(Access access, Table table, Store store, @Nullable Session session)
      throws IOException {
    TableStats stats = Objects.requireNonNull(table.stats());
    Like like = Like.of(access.store(), stats);
    KeyRange keys = range.range(format.of(access.store(), table), output().in());
    if (!into && store.tables().contains(to)) {
      throw new IllegalArgumentException(
          "there is a table \"" + to + "\" already; --into puts the entries into it");
    }
    try (NewTable made = NewTable.begin(store, to, like, session);
        Ticker ticker = new Ticker(output(), "entries", range.isAll() ? stats.entries() : 0)) {
      long entries;
      WriteTxn given = session == null ? null : session.change();
      if (given != null) {
        made.in(given, like);
        entries = TableCopy.copy(table, keys, given.table(to), ticker);
      } else {
        try (WriteTxn txn = store.beginWrite()) {
          made.in(txn, like);
          entries = TableCopy.copy(table, keys, txn.table(to), ticker);
          txn.commit();
        }
      }
      made.keep();
      return entries;
    }
  }
}

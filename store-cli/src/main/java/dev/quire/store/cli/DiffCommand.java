package dev.quire.store.cli;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableStats;
import dev.quire.store.options.Expiry;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "diff",
    description = "Print what is different in another store or backup, entry by entry.",
    footer = {
      "",
      "A line is: + for what is only in OTHER, - for what is only in STORE, ~ for another value or",
      "expiry (the one of OTHER is printed); table; key; value. Both are walked as a whole.",
      "",
      "Examples:",
      "  quire diff backup.quire my.quire",
      "  quire diff backup.quire my.quire --table users --summary",
      "",
      "JSON, a line for each difference: difference (added, removed, changed), table, key, value,",
      "oldValue; with --summary one object: added, removed, changed. Exit code 1 if there is a",
      "difference."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class DiffCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Mixin private ByteFormat format;

  @Parameters(index = "1", paramLabel = "OTHER", description = "Directory of the other store.")
  private Path other;

  @Option(names = "--table", paramLabel = "TABLE", description = "This table alone.")
  private @Nullable String only;

  @Option(names = "--summary", description = "Numbers alone.")
  private boolean summary;

  private long added;
  private long removed;
  private long changed;

  DiffCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    target.requireStore(other);
    StoreOptions reading = StoreOptions.defaults().withCreateIfMissing(false).withReadOnly(true);
    try (Access left = target.read(output());
        Store right = Store.open(other, reading);
        ReadTxn newer = right.beginRead();
        Ticker ticker = new Ticker(output(), "entries", 0)) {
      TreeSet<String> names = new TreeSet<>(left.tables());
      names.addAll(newer.tables());
      if (only != null) {
        names.retainAll(Set.of(only));
        if (names.isEmpty()) {
          throw new CommandFailure(ExitCode.NOT_FOUND, "neither has a table \"" + only + "\"");
        }
      }
      for (String name : names) {
        compare(left.store(), left.table(name), newer.table(name), ticker);
      }
    }
    if (summary) {
      printSummary();
    }
    return added + removed + changed == 0 ? ExitCode.OK : ExitCode.NOT_FOUND;
  }

  private void printSummary() {
    output()
        .line(
            format.isJson()
                ? Json.object()
                    .put("added", added)
                    .put("removed", removed)
                    .put("changed", changed)
                    .toString()
                : "added\t" + added + "\nremoved\t" + removed + "\nchanged\t" + changed);
  }

  private void compare(Store store, Table old, Table now, Ticker ticker) {
    @Nullable TableStats oldStats = old.stats();
    @Nullable TableStats nowStats = now.stats();
    TableFormat written = format.of(store, oldStats == null ? now : old);
    if (oldStats == null || nowStats == null) {
      tell(oldStats == null ? "+" : "-", now.name(), null);
    } else if (!oldStats.options().equals(nowStats.options())) {
      output().message("table \"" + now.name() + "\" has other options in " + other);
    }
    long seen = 0;
    try (Cursor left = old.cursor(KeyRange.all());
        Cursor right = now.cursor(KeyRange.all())) {
      boolean hasLeft = left.next();
      boolean hasRight = right.next();
      while (hasLeft || hasRight) {
        int order = !hasLeft ? 1 : !hasRight ? -1 : Arrays.compareUnsigned(left.key(), right.key());
        Entry entry = new Entry(written, order <= 0 ? left : null, order >= 0 ? right : null);
        if (order != 0 || !entry.isSame()) {
          tell(order > 0 ? "+" : order < 0 ? "-" : "~", now.name(), entry);
        }
        hasLeft = order <= 0 ? left.next() : hasLeft;
        hasRight = order >= 0 ? right.next() : hasRight;
        ticker.at(++seen);
      }
    }
  }

  /// An entry in one or both of the stores.
  private record Entry(TableFormat written, @Nullable Cursor old, @Nullable Cursor now) {

    boolean isSame() {
      return old != null
          && now != null
          && old.valueLength() == now.valueLength()
          && millis(old.expiry()) == millis(now.expiry())
          && old.value().mismatch(now.value()) < 0;
    }

    private static long millis(Expiry expiry) {
      return expiry instanceof Expiry.At at ? at.time().toEpochMilli() : 0;
    }

    private Cursor any() {
      return now != null ? now : Objects.requireNonNull(old);
    }

    String line() {
      return written.line(any().key(), any().valueBytes());
    }

    void putTo(Json object) {
      written.key().putTo(object, "key", any().key());
      if (now != null) {
        written.value().putTo(object, "value", now.valueBytes());
      }
      if (old != null) {
        written.value().putTo(object, "oldValue", old.valueBytes());
      }
    }
  }

  /// @param entry null for a table
  private void tell(String sign, String table, @Nullable Entry entry) {
    switch (sign) {
      case "+" -> added++;
      case "-" -> removed++;
      default -> changed++;
    }
    if (summary) {
      return;
    }
    if (!format.isJson()) {
      output().line(sign + "\t" + table + (entry == null ? "" : "\t" + entry.line()));
      return;
    }
    String word = sign.equals("+") ? "added" : sign.equals("-") ? "removed" : "changed";
    Json object = Json.object().put("difference", word).put("table", table);
    if (entry != null) {
      entry.putTo(object);
    }
    output().line(object.toString());
  }
}

package dev.quire.store.cli;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "scan",
    description = "Print the entries of a table in the order of their keys, a line for each.",
    footer = {
      "",
      "Key and value are separated by a tab. Control characters, backslashes and what is not",
      "UTF-8 are escaped: \\t \\n \\r \\\\ \\x1b.",
      "",
      "Examples:",
      "  quire scan my.quire users",
      "  quire scan my.quire users --prefix a --limit 10",
      "  quire scan my.quire users --from ada --before charles --reverse --json"
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class ScanCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Mixin private ByteFormat format;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Option(names = "--prefix", paramLabel = "KEY", description = "Keys that begin with KEY.")
  private @Nullable String prefix;

  @Option(names = "--from", paramLabel = "KEY", description = "KEY and what comes after it.")
  private @Nullable String from;

  @Option(names = "--after", paramLabel = "KEY", description = "What comes after KEY.")
  private @Nullable String after;

  @Option(names = "--to", paramLabel = "KEY", description = "KEY and what comes before it.")
  private @Nullable String to;

  @Option(names = "--before", paramLabel = "KEY", description = "What comes before KEY.")
  private @Nullable String before;

  @Option(names = "--limit", paramLabel = "N", description = "At most N entries.")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--reverse", description = "From the last key to the first.")
  private boolean reverse;

  @Option(names = "--keys", description = "Keys alone.")
  private boolean keysOnly;

  ScanCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    if (limit < 0) {
      throw new IllegalArgumentException("--limit " + limit + ": allowed are 0 and up");
    }
    try (Store store = target.openToRead(output());
        ReadTxn txn = store.beginRead()) {
      Table table = txn.table(tableName);
      if (table.stats() == null) {
        output().message("there is no table \"" + tableName + "\"");
        return ExitCode.NOT_FOUND;
      }
      KeyRange range = range(table);
      boolean integer = ByteFormat.isInteger(table);
      try (Cursor cursor = table.cursor(reverse ? range.reversed() : range)) {
        for (long printed = 0; printed < limit && cursor.next(); printed++) {
          output().line(format.isJson() ? json(cursor, integer) : text(cursor, integer));
        }
      }
    }
    return ExitCode.OK;
  }

  private String text(Cursor cursor, boolean integer) {
    String key = format.keyField(cursor.key(), integer);
    return keysOnly ? key : key + "\t" + format.field(cursor.valueBytes());
  }

  private String json(Cursor cursor, boolean integer) {
    Json object = format.putKey(Json.object(), cursor.key(), integer);
    return keysOnly
        ? object.toString()
        : object.putBytes("value", cursor.valueBytes(), format.isHex()).toString();
  }

  private KeyRange range(Table table) throws IOException {
    byte @Nullable [] low = end(from, "--from", after, "--after", table);
    byte @Nullable [] high = end(to, "--to", before, "--before", table);
    if (prefix != null) {
      if (low != null || high != null) {
        throw new IllegalArgumentException("--prefix goes with no other end of a range");
      }
      return KeyRange.prefix(format.key(prefix, table, output().in()));
    }
    if (low == null) {
      if (high == null) {
        return KeyRange.all();
      }
      return before == null ? KeyRange.atMost(high) : KeyRange.lessThan(high);
    }
    if (high == null) {
      return after == null ? KeyRange.atLeast(low) : KeyRange.greaterThan(low);
    }
    return KeyRange.between(low, after == null, high, before == null);
  }

  private byte @Nullable [] end(
      @Nullable String with,
      String withName,
      @Nullable String without,
      String withoutName,
      Table table)
      throws IOException {
    if (with != null && without != null) {
      throw new IllegalArgumentException("give " + withName + " or " + withoutName + ", not both");
    }
    String given = with == null ? without : with;
    return given == null ? null : format.key(given, table, output().in());
  }
}

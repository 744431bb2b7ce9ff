package dev.quire.store.cli;

import dev.quire.store.Cursor;
import dev.quire.store.Table;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "histogram",
    description = "Print how long the keys and values of a table are.",
    footer = {
      "",
      "A line for each power of two: lengths up to it, how many there are, and a bar.",
      "",
      "Example:",
      "  quire histogram my.quire users",
      "",
      "JSON: schema, table, keys and values: upTo, count."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class HistogramCommand extends StoreCommand {

  private static final int BUCKETS = 42;
  private static final int BAR = 40;

  @Mixin private StoreTarget target;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  HistogramCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    long[] keys = new long[BUCKETS];
    long[] values = new long[BUCKETS];
    try (Access access = target.read(output())) {
      Table table = access.requireTable(tableName);
      byte[] none = new byte[0];
      long whole = Objects.requireNonNull(table.stats()).entries();
      try (Cursor cursor = table.cursor();
          Ticker ticker = new Ticker(output(), "entries", whole)) {
        long seen = 0;
        while (cursor.next()) {
          keys[bucket(cursor.keyInto(none))]++;
          values[bucket(cursor.valueLength())]++;
          ticker.at(++seen);
        }
      }
    }
    if (json) {
      output()
          .line(
              Json.object()
                  .put("schema", 1)
                  .put("table", tableName)
                  .put("keys", json(keys))
                  .put("values", json(values))
                  .toString());
    } else {
      print("keys", keys);
      print("values", values);
    }
    return ExitCode.OK;
  }

  /// 0 of length 0, else one more than the exponent of the least power of two that is not shorter.
  private static int bucket(long length) {
    return length == 0 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(length - 1) + 1;
  }

  private static long upTo(int bucket) {
    return bucket == 0 ? 0 : 1L << (bucket - 1);
  }

  private void print(String what, long[] counts) {
    long most = 1;
    for (long count : counts) {
      most = Math.max(most, count);
    }
    output().line(output().bold(what));
    for (int i = 0; i < BUCKETS; i++) {
      if (counts[i] > 0) {
        String bar = "\u2588".repeat((int) Math.max(1, counts[i] * BAR / most));
        output()
            .line(
                String.format(
                    Locale.ROOT,
                    "%12s %14s  %s",
                    Amounts.bytes(upTo(i)),
                    Amounts.count(counts[i]),
                    bar));
      }
    }
  }

  private static Json json(long[] counts) {
    Json array = Json.array();
    for (int i = 0; i < BUCKETS; i++) {
      if (counts[i] > 0) {
        array.add(Json.object().put("upTo", upTo(i)).put("count", counts[i]));
      }
    }
    return array;
  }
}

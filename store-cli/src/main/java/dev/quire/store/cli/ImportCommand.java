package dev.quire.store.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.Store;
import dev.quire.store.TableStats;
import dev.quire.store.cli.NewTable.Like;
import dev.quire.store.options.Expiry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = "Put the rows of a CSV or TSV file into a table.",
    footer = {
      "",
      "Columns are named by the header, or numbered from 1. Unless options say otherwise, the"
          + " first",
      "one is the key, the second the value, and one that is called expires the expiry, a moment"
          + " or",
      "empty. It is one transaction: a row that cannot be put undoes everything, and is named.",
      "",
      "Examples:",
      "  quire import my.quire users users.csv",
      "  quire import my.quire cities cities.tsv --key-column name --value-column population",
      "  quire import my.quire people people.csv --key-column id --rows-as-json",
      "",
      "Prints the number of entries put. JSON: tables, entries."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class ImportCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Option(names = "--hex", description = "Keys and values are hexadecimal.")
  private boolean hex;

  @Option(
      names = "--key",
      paramLabel = "FORMAT",
      description = {"Format of keys:", ByteFormat.FORMATS, "Unless given, the codec's."})
  private @Nullable String keyFormat;

  @Option(names = "--value", paramLabel = "FORMAT", description = "The same of values.")
  private @Nullable String valueFormat;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Parameters(
      index = "2",
      arity = "0..1",
      defaultValue = "-",
      paramLabel = "FILE",
      description = "The rows; - is the standard input, also if nothing is given.")
  private String file;

  @Mixin private Separation separation;

  @Option(names = "--key-column", paramLabel = "COLUMN", description = "Column of the key.")
  private String keyColumn = "1";

  @Option(names = "--value-column", paramLabel = "COLUMN", description = "Column of the value.")
  private String valueColumn = "2";

  @Option(names = "--expiry-column", paramLabel = "COLUMN", description = "Column of the expiry.")
  private @Nullable String expiryColumn;

  @Option(
      names = "--rows-as-json",
      description = "The value is a JSON object of all columns but the key, as texts.")
  private boolean rowsAsJson;

  @Mixin private LoadOptions options;

  ImportCommand(Output output) {
    super(output);
  }

  /// Where in a row things are, from 0.
  ///
  /// @param expiry -1 if there is none
  private record Columns(@Nullable List<String> names, int key, int value, int expiry) {}

  @Override
  ExitCode run() throws IOException {
    LoadSink.Choices choices = options.choices();
    boolean csv = separation.isCsv(file);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(LoadOptions.open(output(), file), UTF_8))) {
      Separated rows = new Separated(in, csv);
      try (Store store = target.openOrCreate(output())) {
        TableFormat written =
            ByteFormat.of(keyFormat, valueFormat, hex).of(store, store.table(tableName));
        try (LoadSink sink = new LoadSink(store, output(), choices)) {
          sink.table(head(store));
          load(rows, sink, new Fields(written, csv));
          sink.finish();
          options.print(output(), sink);
        }
      }
    }
    return ExitCode.OK;
  }

  private TableHead head(Store store) {
    @Nullable TableStats stats = store.table(tableName).stats();
    return stats == null
        ? TableHead.plain(tableName)
        : new TableHead(tableName, new Like(stats.options(), null));
  }

  private void load(Separated rows, LoadSink sink, Fields fields) throws IOException {
    long line = rows.line();
    try {
      @Nullable List<String> row = rows.next();
      List<String> names = null;
      if (separation.hasHeader()) {
        names = row;
        line = rows.line();
        row = rows.next();
      }
      Columns columns = columns(names);
      while (row != null) {
        if (row.size() > 1 || !row.getFirst().isEmpty()) {
          put(row, columns, sink, fields);
        }
        line = rows.line();
        row = rows.next();
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new CommandFailure(ExitCode.USAGE, "line " + line + ": " + e.getMessage());
    }
  }

  private Columns columns(@Nullable List<String> names) {
    int expiry = names == null || expiryColumn != null ? -1 : names.indexOf("expires");
    return new Columns(
        names,
        column(names, keyColumn),
        rowsAsJson ? 0 : column(names, valueColumn),
        expiryColumn == null ? expiry : column(names, expiryColumn));
  }

  private static int column(@Nullable List<String> names, String column) {
    int index = names == null ? -1 : names.indexOf(column);
    if (index < 0 && column.matches("[1-9][0-9]{0,5}")) {
      index = Integer.parseInt(column) - 1;
    }
    if (index < 0) {
      throw new IllegalArgumentException(
          "there is no column \""
              + column
              + "\""
              + (names == null ? ", as there is no header" : Near.hint(column, names)));
    }
    return index;
  }

  /// Turns fields into bytes.
  private record Fields(TableFormat written, boolean csv) {

    byte[] key(String field) {
      return bytes("key", written.key(), field);
    }

    byte[] value(String field) {
      return bytes("value", written.value(), field);
    }

    private byte[] bytes(String what, Format format, String field) {
      if (csv) {
        return format.parse(what, field);
      }
      byte[] plain = Escapes.parse(field);
      return format == Format.UTF8 ? plain : format.parse(what, new String(plain, UTF_8));
    }
  }

  private void put(List<String> row, Columns columns, LoadSink sink, Fields fields) {
    int last = Math.max(columns.key(), columns.value());
    if (row.size() <= last) {
      throw new IllegalArgumentException(
          "a row of " + row.size() + " fields; " + (last + 1) + " are wanted");
    }
    byte[] value =
        rowsAsJson
            ? object(row, columns).toString().getBytes(UTF_8)
            : fields.value(row.get(columns.value()));
    String expires =
        columns.expiry() < 0 || columns.expiry() >= row.size() ? "" : row.get(columns.expiry());
    Expiry expiry = expires.isEmpty() ? Expiry.DEFAULT : Expiry.at(Instant.parse(expires));
    sink.put(fields.key(row.get(columns.key())), value, expiry);
  }

  private static Json object(List<String> row, Columns columns) {
    Json object = Json.object();
    List<String> names = columns.names();
    for (int i = 0; i < row.size(); i++) {
      if (i != columns.key() && i != columns.expiry()) {
        boolean named = names != null && i < names.size();
        object.put(named && names != null ? names.get(i) : Integer.toString(i + 1), row.get(i));
      }
    }
    return object;
  }
}

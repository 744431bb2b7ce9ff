package dev.quire.store.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Table;
import dev.quire.store.options.Expiry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = "Write a table, or a range of it, as CSV or TSV.",
    footer = {
      "",
      "The columns are key, value and expires, which is a moment or empty. CSV has text alone: for",
      "values that are none, choose --value hex or base64, or TSV, which escapes bytes.",
      "",
      "Examples:",
      "  quire export my.quire users > users.csv",
      "  quire export my.quire users users.tsv --prefix a",
      "",
      "With a FILE the number of entries is printed. JSON: entries."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class ExportCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Mixin private ByteFormat format;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "FILE",
      description = "What is made; the standard output unless given, or if it is -.")
  private @Nullable String file;

  @Mixin private Separation separation;

  @Mixin private RangeOptions range;

  @Option(names = "--force", description = "Replace FILE if it exists.")
  private boolean force;

  ExportCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    long entries;
    try (Access access = target.read(output());
        OutputFile out = new OutputFile(output(), file, force)) {
      Table table = access.requireTable(tableName);
      entries = write(table, format.of(access.store(), table), out.stream());
      out.finish();
    }
    if (file != null && !file.equals("-")) {
      output()
          .line(
              format.isJson()
                  ? Json.object().put("entries", entries).toString()
                  : Long.toString(entries));
    }
    return ExitCode.OK;
  }

  private long write(Table table, TableFormat written, OutputStream out) throws IOException {
    boolean csv = separation.isCsv(file);
    String separator = csv ? "," : "\t";
    KeyRange keys = range.range(written, output().in());
    long whole = range.isAll() ? Objects.requireNonNull(table.stats()).entries() : 0;
    if (separation.hasHeader()) {
      out.write(("key" + separator + "value" + separator + "expires\n").getBytes(UTF_8));
    }
    long entries = 0;
    try (Cursor cursor = table.cursor(keys);
        Ticker ticker = new Ticker(output(), "entries", whole)) {
      while (cursor.next()) {
        String expires = cursor.expiry() instanceof Expiry.At at ? at.time().toString() : "";
        String row =
            field(written.key(), cursor.key(), csv)
                + separator
                + field(written.value(), cursor.valueBytes(), csv)
                + separator
                + expires
                + "\n";
        out.write(row.getBytes(UTF_8));
        ticker.at(++entries);
      }
    }
    return entries;
  }

  private static String field(Format format, byte[] bytes, boolean csv) {
    @Nullable String text = format.show(bytes);
    if (!csv) {
      return format == Format.UTF8 || text == null
          ? Escapes.field(bytes)
          : Escapes.field(text.getBytes(UTF_8));
    }
    if (text == null) {
      throw new IllegalArgumentException(
          "an entry with the bytes "
              + Format.HEX.field(bytes.length > 40 ? Arrays.copyOf(bytes, 40) : bytes)
              + " is not "
              + format.word()
              + "; choose another --key or --value, as hex, or --tsv");
    }
    return Separated.csvField(text);
  }
}

package dev.quire.store.cli;

import dev.quire.store.Cursor;
import dev.quire.store.Table;
import dev.quire.store.TableStats;
import dev.quire.store.cli.NewTable.Like;
import dev.quire.store.options.Expiry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "dump",
    description = "Write tables as one file or stream that \"quire load\" or mdb_load reads.",
    footer = {
      "",
      "The formats are:",
      "  mdb     text of LMDB's mdb_dump (bytevalue), which mdb_load reads; expiry times are lost",
      "  ndjson  lines of JSON; nothing is lost",
      "  binary  compact, with checksums; nothing is lost",
      "It is one snapshot, while others write. A file gets its name when it is whole.",
      "",
      "Examples:",
      "  quire dump my.quire > my.dump",
      "  quire dump my.quire users.ndjson --format ndjson --table users",
      "  quire dump my.quire --unnamed users | mdb_load lmdb",
      "",
      "With a FILE the number of entries is printed; JSON: tables, entries."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class DumpCommand extends StoreCommand {

  private static final long LEAST_MAP_BYTES = 1 << 20;

  @Mixin private StoreTarget target;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "What is made; the standard output unless given, or if it is -.")
  private @Nullable String file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "mdb (unless given), ndjson or binary.")
  private String formatName = "mdb";

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "This table alone; may be given several times.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--unnamed",
      paramLabel = "TABLE",
      description = "This table alone, for LMDB's unnamed database.")
  private @Nullable String unnamed;

  @Option(names = "--force", description = "Replace FILE if it exists.")
  private boolean force;

  @Option(names = "--json", description = "Print one JSON object, if FILE is given.")
  private boolean json;

  private long entries;

  DumpCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    if (unnamed != null) {
      only = List.of(unnamed);
    }
    int count;
    try (Access access = target.read(output());
        OutputFile out = new OutputFile(output(), file, force)) {
      List<Table> tables = new ArrayList<>();
      for (String name : only.isEmpty() ? access.tables() : only) {
        tables.add(access.requireTable(name));
      }
      count = tables.size();
      write(access, tables, out.stream());
      out.finish();
    }
    if (file != null && !file.equals("-")) {
      output()
          .line(
              json
                  ? Json.object().put("tables", count).put("entries", entries).toString()
                  : Long.toString(entries));
    }
    return ExitCode.OK;
  }

  private void write(Access access, List<Table> tables, OutputStream out) throws IOException {
    long whole = 0;
    for (Table table : tables) {
      whole += Objects.requireNonNull(table.stats()).entries();
    }
    DumpWriter writer = writer(access, out);
    try (Ticker ticker = new Ticker(output(), "entries", whole)) {
      for (Table table : tables) {
        TableStats stats = Objects.requireNonNull(table.stats());
        writer.table(new TableHead(table.name(), Like.of(access.store(), stats)));
        write(table, writer, ticker);
        writer.endTable();
      }
    }
    writer.end();
  }

  private DumpWriter writer(Access access, OutputStream out) throws IOException {
    return switch (formatName) {
      case "mdb" -> {
        long size = access.store().stats().fileSizeBytes();
        long mapSize = Math.max(LEAST_MAP_BYTES, Long.highestOneBit(size) * 4);
        yield new MdbDumpWriter(out, output(), mapSize, unnamed == null);
      }
      case "ndjson" -> new JsonDumpWriter(out);
      case "binary" -> new BinaryDumpWriter(out);
      default ->
          throw new IllegalArgumentException(
              "there is no format \"" + formatName + "\"; there are mdb, ndjson and binary");
    };
  }

  private void write(Table table, DumpWriter writer, Ticker ticker) throws IOException {
    try (Cursor cursor = table.cursor()) {
      while (cursor.next()) {
        long expires = cursor.expiry() instanceof Expiry.At at ? at.time().toEpochMilli() : 0;
        writer.entry(cursor.key(), cursor.valueBytes(), expires);
        ticker.at(++entries);
      }
    }
  }
}

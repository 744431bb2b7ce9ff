package dev.quire.store.cli;

import dev.quire.store.Store;
import dev.quire.store.options.Expiry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "load",
    description = "Put the entries of a dump, of \"quire dump\" or mdb_dump, into a store.",
    footer = {
      "",
      "The format is found out: mdb_dump's text (bytevalue or print), ndjson or binary. The store",
      "and tables are made if they are missing. It is one transaction: if it fails or is",
      "interrupted, nothing was loaded; --commit-every trades that for going on later.",
      "",
      "Examples:",
      "  quire load my.quire my.dump",
      "  mdb_dump -a lmdb | quire load my.quire -",
      "  quire load my.quire huge.dump --commit-every 1000000",
      "",
      "Prints the number of entries put. JSON: tables, entries."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class LoadCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Parameters(
      index = "1",
      arity = "0..1",
      defaultValue = "-",
      paramLabel = "FILE",
      description = "The dump; - is the standard input, also if nothing is given.")
  private String file;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description =
          "Where a table without a name goes, as LMDB's unnamed database: main unless given.")
  private String unnamed = "main";

  @Mixin private LoadOptions options;

  LoadCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    LoadSink.Choices choices = options.choices();
    try (InputStream in = LoadOptions.open(output(), file)) {
      DumpReader reader = reader(in);
      try (Store store = target.openOrCreate(output());
          LoadSink sink = new LoadSink(store, output(), choices)) {
        load(reader, sink);
        sink.finish();
        options.print(output(), sink);
      }
    }
    return ExitCode.OK;
  }

  private void load(DumpReader reader, LoadSink sink) throws IOException {
    try {
      for (TableHead head = reader.nextTable(); head != null; head = reader.nextTable()) {
        sink.table(head.name() == null ? head.withName(unnamed) : head);
        DumpReader.@Nullable Entry entry = reader.nextEntry();
        while (entry != null) {
          sink.put(entry.key(), entry.value(), expiry(entry.expiresMillis()));
          entry = reader.nextEntry();
        }
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, reader.place() + ": " + e.getMessage());
    }
  }

  private static Expiry expiry(long millis) {
    return millis == 0 ? Expiry.NEVER : Expiry.at(Instant.ofEpochMilli(millis));
  }

  private DumpReader reader(InputStream in) throws IOException {
    in.mark(BinaryDump.MAGIC.length);
    byte[] first = in.readNBytes(BinaryDump.MAGIC.length);
    if (Arrays.equals(first, BinaryDump.MAGIC)) {
      return new BinaryDumpReader(in);
    }
    in.reset();
    String text = new String(first, StandardCharsets.ISO_8859_1);
    if (text.startsWith("{")) {
      return new JsonDumpReader(in);
    }
    if (text.startsWith("VERSION=")) {
      return new MdbDumpReader(in, output());
    }
    throw new CommandFailure(
        ExitCode.USAGE,
        (file.equals("-") ? "the standard input" : file)
            + " is no dump that quire knows; \"quire import\" reads CSV and TSV");
  }
}

package dev.quire.store.cli;

import dev.quire.store.Store;
import dev.quire.store.TableCodecs;
import dev.quire.store.TableOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    description = "Make a table with options of its own, and the store if it is missing.",
    footer = {
      "",
      "Without options \"quire put\" makes tables as it needs them. With codecs, programs open the",
      "table as a map, and quire shows and takes its keys and values in the codecs' formats.",
      "",
      "Examples:",
      "  quire create my.quire pages --integer-keys",
      "  quire create my.quire sessions --expiry 30m",
      "  quire create my.quire prices --key-codec string --value-codec float64",
      "",
      "JSON: table, created. Exit code 1 if there is such a table already."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class CreateCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Option(
      names = "--integer-keys",
      description = "Every key is an unsigned number of 8 bytes: denser and faster.")
  private boolean integerKeys;

  @Option(
      names = "--expiry",
      paramLabel = "LIFE",
      description = "Life of an entry that is put without one of its own: 500ms, 90s, 5m, 12h, 7d.")
  private @Nullable String expiry;

  @Option(
      names = "--key-codec",
      paramLabel = "NAME",
      description =
          "Codec of the keys: bytes, string, int32, uint32, int64, uint64, float64, uuid,"
              + " instant, or a name of yours.")
  private @Nullable String keyCodec;

  @Option(
      names = "--value-codec",
      paramLabel = "NAME",
      description = "Codec of the values; both or none of them.")
  private @Nullable String valueCodec;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  CreateCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    if ((keyCodec == null) != (valueCodec == null)) {
      throw new IllegalArgumentException("give both --key-codec and --value-codec, or none");
    }
    TableOptions options = TableOptions.defaults().withIntegerKeys(integerKeys);
    if (expiry != null) {
      options = options.withExpiry(Lives.duration(expiry));
    }
    boolean created = create(options);
    if (json) {
      output().line(Json.object().put("table", tableName).put("created", created).toString());
    }
    if (!created) {
      output().message("there is a table \"" + tableName + "\" already");
    }
    return created ? ExitCode.OK : ExitCode.NOT_FOUND;
  }

  private boolean create(TableOptions options) {
    if (keyCodec != null && valueCodec != null) {
      Session session = output().session();
      if (session != null && session.reading() != null) {
        throw new IllegalArgumentException("codecs are given outside of transactions only");
      }
      try (Store store = target.openOrCreate(output())) {
        boolean isNew = !store.tables().contains(tableName);
        if (isNew) {
          store.useCodecs(tableName, options, new TableCodecs(keyCodec, valueCodec));
        }
        return isNew;
      }
    }
    try (Access access = target.writeOrCreate(output())) {
      boolean isNew = !access.tables().contains(tableName);
      if (isNew) {
        access.writing().table(tableName, options);
        access.commit();
      }
      return isNew;
    }
  }
}

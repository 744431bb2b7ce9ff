package dev.quire.store.cli;

import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableCodecs;
import dev.quire.store.TableStats;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How keys and values stand on the command line and in the output: as options say, else as the
/// codecs that the table has, else as text.
///
/// Keys of a table of integer keys are numbers: `8364`, `0x20ac`, `U+20AC`.
final class ByteFormat {

  static final String FORMATS =
      "utf8, hex, base64, long, double, uuid, json, int32, uint32, int64, uint64 or instant.";

  @Option(names = "--hex", description = "Keys and values are hexadecimal.")
  private boolean hex;

  @Option(
      names = "--key",
      paramLabel = "FORMAT",
      description = {"Format of keys:", FORMATS, "Unless given, that of the table's codec."})
  private @Nullable String key;

  @Option(names = "--value", paramLabel = "FORMAT", description = "The same of values.")
  private @Nullable String value;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  /// What these options would say.
  static ByteFormat of(@Nullable String key, @Nullable String value, boolean hex) {
    ByteFormat format = new ByteFormat();
    format.key = key;
    format.value = value;
    format.hex = hex;
    return format;
  }

  boolean isJson() {
    return json;
  }

  /// Whether the format of values was given.
  boolean isValueGiven() {
    return value != null || hex;
  }

  /// How a table is read and written.
  TableFormat of(Store store, Table table) {
    @Nullable TableCodecs codecs = codecs(store, table.name());
    return new TableFormat(keyFormat(table, codecs), valueFormat(codecs), json);
  }

  private Format keyFormat(Table table, @Nullable TableCodecs codecs) {
    if (key != null) {
      return Format.named(key);
    }
    if (hex) {
      return Format.HEX;
    }
    @Nullable Format own = codecs == null ? null : Format.ofCodec(codecs.keys());
    if (own != null) {
      return own;
    }
    return isInteger(table) ? Format.UINT64 : Format.UTF8;
  }

  private Format valueFormat(@Nullable TableCodecs codecs) {
    if (value != null) {
      return Format.named(value);
    }
    if (hex) {
      return Format.HEX;
    }
    @Nullable Format own = codecs == null ? null : Format.ofCodec(codecs.values());
    return own == null ? Format.UTF8 : own;
  }

  /// @return null if the table has none, or the storage engine knows none
  private static @Nullable TableCodecs codecs(Store store, String table) {
    try {
      return store.codecs(table);
    } catch (UnsupportedOperationException e) {
      return null;
    }
  }

  /// Whether the keys of the table are numbers.
  static boolean isInteger(Table table) {
    TableStats stats = table.stats();
    return stats != null && stats.options().integerKeys();
  }
}

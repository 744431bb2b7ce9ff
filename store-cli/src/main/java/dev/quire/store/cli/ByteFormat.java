package dev.quire.store.cli;

import dev.quire.store.Keys;
import dev.quire.store.Table;
import dev.quire.store.TableStats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import picocli.CommandLine.Option;

/// How keys and values stand on the command line and in the output.
///
/// Keys of a table of integer keys are numbers: `8364`, `0x20ac`, `U+20AC`.
final class ByteFormat {

  @Option(names = "--hex", description = "Keys and values are hexadecimal.")
  private boolean hex;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  boolean isHex() {
    return hex;
  }

  boolean isJson() {
    return json;
  }

  /// The key of an argument; `-` reads it from the standard input, without its last line end.
  byte[] key(String argument, Table table, InputStream in) throws IOException {
    String text =
        argument.equals("-")
            ? new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceFirst("\r?\n$", "")
            : argument;
    if (hex) {
      return unhex(text);
    }
    return isInteger(table) ? Keys.ofLong(number(text)) : text.getBytes(StandardCharsets.UTF_8);
  }

  /// The value of an argument; `-` reads it from the standard input, byte for byte.
  byte[] value(String argument, InputStream in) throws IOException {
    byte[] bytes =
        argument.equals("-") ? in.readAllBytes() : argument.getBytes(StandardCharsets.UTF_8);
    return hex ? unhex(new String(bytes, StandardCharsets.UTF_8)) : bytes;
  }

  /// A key as a field of a line.
  String keyField(byte[] key, boolean integer) {
    return integer && !hex ? Long.toUnsignedString(Keys.toLong(key)) : field(key);
  }

  /// Bytes as a field of a line.
  String field(byte[] bytes) {
    return hex ? HexFormat.of().formatHex(bytes) : Escapes.field(bytes);
  }

  /// Adds a key to an object.
  Json putKey(Json object, byte[] key, boolean integer) {
    return integer && !hex
        ? object.putUnsigned("key", Keys.toLong(key))
        : object.putBytes("key", key, hex);
  }

  /// Whether the keys of the table are numbers.
  static boolean isInteger(Table table) {
    TableStats stats = table.stats();
    return stats != null && stats.options().integerKeys();
  }

  private static long number(String text) {
    String digits = text.toLowerCase(Locale.ROOT);
    try {
      return digits.startsWith("0x") || digits.startsWith("u+")
          ? Long.parseUnsignedLong(digits.substring(2), 16)
          : Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "key \"" + text + "\": keys of this table are numbers, as in 8364, 0x20ac or U+20AC", e);
    }
  }

  private static byte[] unhex(String text) {
    String digits = String.join("", Arrays.asList(text.strip().split("\\s+")));
    try {
      return HexFormat.of().parseHex(digits);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text.strip() + "\" is not hexadecimal: give two digits a byte, as in 00ff", e);
    }
  }
}

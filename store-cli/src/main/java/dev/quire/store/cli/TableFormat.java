package dev.quire.store.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// How the keys and values of one table are written.
///
/// @param key format of keys
/// @param value format of values
/// @param json whether the output is JSON
record TableFormat(Format key, Format value, boolean json) {

  /// The key of an argument; `-` reads it from the standard input, without its last line end.
  byte[] keyOf(String argument, InputStream in) throws IOException {
    String text =
        argument.equals("-")
            ? new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceFirst("\r?\n$", "")
            : argument;
    return key.parse("key", text);
  }

  /// The value of an argument; `-` reads it from the standard input.
  byte[] valueOf(String argument, InputStream in) throws IOException {
    return argument.equals("-") ? valueOfInput(in.readAllBytes()) : value.parse("value", argument);
  }

  /// The value that was read from a file: text is taken byte for byte.
  byte[] valueOfInput(byte[] bytes) {
    return value == Format.UTF8
        ? bytes
        : value.parse("value", new String(bytes, StandardCharsets.UTF_8));
  }

  /// An entry as a line: key, tab, value.
  String line(byte[] keyBytes, byte[] valueBytes) {
    return json
        ? object(keyBytes, valueBytes).toString()
        : key.field(keyBytes) + "\t" + value.field(valueBytes);
  }

  /// A key as a line.
  String line(byte[] keyBytes) {
    return json ? key.putTo(Json.object(), "key", keyBytes).toString() : key.field(keyBytes);
  }

  /// An entry as an object with the members `key` and `value`.
  Json object(byte[] keyBytes, byte[] valueBytes) {
    return value.putTo(key.putTo(Json.object(), "key", keyBytes), "value", valueBytes);
  }
}

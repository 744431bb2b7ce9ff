package dev.quire.store.cli;

import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One JSON object or array on one line, written from left to right.
final class Json {

  private final StringBuilder text = new StringBuilder();
  private final char end;

  private Json(char start, char end) {
    this.end = end;
    text.append(start);
  }

  /// An empty object.
  static Json object() {
    return new Json('{', '}');
  }

  /// An empty array.
  static Json array() {
    return new Json('[', ']');
  }

  /// Adds a member with a number.
  Json put(String name, long value) {
    return name(name).raw(Long.toString(value));
  }

  /// Adds a member with an unsigned number.
  Json putUnsigned(String name, long value) {
    return name(name).raw(Long.toUnsignedString(value));
  }

  /// Adds a member with a truth value.
  Json put(String name, boolean value) {
    return name(name).raw(Boolean.toString(value));
  }

  /// Adds a member with a text.
  Json put(String name, String value) {
    return name(name).raw(quote(value));
  }

  /// Adds a member with another object or array.
  Json put(String name, Json value) {
    return name(name).raw(value.toString());
  }

  /// Adds a member with bytes: as a text if they are one and `hex` is not asked for, else under the
  /// name with `Hex` after it.
  Json putBytes(String name, byte[] bytes, boolean hex) {
    @Nullable String decoded = hex ? null : Escapes.decode(bytes);
    return decoded == null
        ? put(name + "Hex", HexFormat.of().formatHex(bytes))
        : put(name, decoded);
  }

  /// Adds a member with what is JSON already.
  Json putRaw(String name, String json) {
    return name(name).raw(json);
  }

  /// Adds a member with a number, to three digits behind the point.
  Json put(String name, double value) {
    return name(name).raw(String.format(Locale.ROOT, "%.3f", value));
  }

  /// Adds an element.
  Json add(long value) {
    separate();
    return raw(Long.toString(value));
  }

  /// Adds an element.
  Json add(Json value) {
    separate();
    return raw(value.toString());
  }

  /// Adds an element.
  Json add(String value) {
    separate();
    return raw(quote(value));
  }

  private Json name(String name) {
    separate();
    text.append(quote(name)).append(':');
    return this;
  }

  private void separate() {
    if (text.length() > 1) {
      text.append(',');
    }
  }

  private Json raw(String value) {
    text.append(value);
    return this;
  }

  /// The text between quotes.
  static String quote(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ') {
            quoted.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  @Override
  public String toString() {
    return text + String.valueOf(end);
  }
}

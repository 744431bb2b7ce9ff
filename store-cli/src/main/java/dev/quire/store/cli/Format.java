package dev.quire.store.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.Codec;
import dev.quire.store.Codecs;
import dev.quire.store.Keys;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How bytes are written as text: in arguments, lines and JSON.
///
/// Bytes that are not what a format shows, as five bytes are no number of eight, are shown like
/// [#UTF8] shows them; JSON has them in hexadecimal, under a name that ends in `Hex`.
@SuppressWarnings("ImmutableEnumChecker") // functions of constants
enum Format {
  /// Text; in lines with the escapes of [Escapes].
  UTF8("utf8", "string", text -> text.getBytes(UTF_8), Escapes::decode, false),
  /// Two hexadecimal digits a byte.
  HEX("hex", "", Format::unhex, bytes -> HexFormat.of().formatHex(bytes), false),
  /// Base64 as in RFC 4648, with padding.
  BASE64(
      "base64",
      "",
      text -> Base64.getDecoder().decode(text.strip()),
      bytes -> Base64.getEncoder().encodeToString(bytes),
      false),
  /// A signed number of 8 bytes, big-endian: what `incr` counts.
  LONG(
      "long",
      "",
      text -> Keys.ofLong(signed(text)),
      bytes -> Long.toString(Keys.toLong(bytes)),
      true),
  /// An unsigned number of 8 bytes: the keys of a table of integers.
  UINT64(
      "uint64",
      "uint64",
      text -> Keys.ofLong(unsigned(text)),
      bytes -> Long.toUnsignedString(Keys.toLong(bytes)),
      true),
  /// A signed number of 8 bytes in the order of numbers.
  INT64("int64", "int64", Format::signed, Object::toString, Codecs.INT64, true),
  /// A signed number of 4 bytes in the order of numbers.
  INT32("int32", "int32", Format::int32, Object::toString, Codecs.INT32, true),
  /// An unsigned number of 4 bytes.
  UINT32(
      "uint32",
      "uint32",
      text -> Integer.parseUnsignedInt(text.strip()),
      number -> Integer.toUnsignedString(number),
      Codecs.UINT32,
      true),
  /// A floating-point number of 8 bytes in the order of numbers.
  DOUBLE(
      "double",
      "float64",
      text -> Double.valueOf(text.strip()),
      Object::toString,
      Codecs.FLOAT64,
      true),
  /// A UUID.
  UUIDS("uuid", "uuid", Format::uuid, Object::toString, Codecs.UUIDS, false),
  /// A moment, as `2026-01-31T12:00:00Z`.
  INSTANT("instant", "instant", Format::instant, Object::toString, Codecs.INSTANT, false),
  /// JSON, which is checked; other JSON has it in its place as it is.
  JSON(
      "json",
      "",
      text -> JsonValue.parse(text).toString().getBytes(UTF_8),
      bytes -> JsonValue.parse(new String(bytes, UTF_8)).toString(),
      true);

  private final String word;
  private final String codec;
  private final Function<String, byte[]> parser;
  private final Function<byte[], @Nullable String> writer;
  private final boolean bare;

  /// @param codec name of the codec that has these bytes, empty if there is none
  /// @param bare whether JSON has the text without quotes
  Format(
      String word,
      String codec,
      Function<String, byte[]> parser,
      Function<byte[], @Nullable String> writer,
      boolean bare) {
    this.word = word;
    this.codec = codec;
    this.parser = parser;
    this.writer = writer;
    this.bare = bare;
  }

  <T> Format(
      String word,
      String codecName,
      Function<String, T> parser,
      Function<T, String> writer,
      Codec<T> codec,
      boolean bare) {
    this(
        word,
        codecName,
        text -> codec.encode(parser.apply(text)),
        bytes -> writer.apply(codec.decode(bytes)),
        bare);
  }

  /// The format of a name, as it is given to an option.
  static Format named(String name) {
    for (Format format : values()) {
      if (format.word.equals(name.toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    return ofCodecNamed(name);
  }

  private static Format ofCodecNamed(String name) {
    Format format = ofCodec(name);
    if (format == null) {
      StringBuilder words = new StringBuilder();
      for (Format each : values()) {
        words.append(words.isEmpty() ? "" : ", ").append(each.word);
      }
      throw new IllegalArgumentException("there is no format \"" + name + "\"; there are " + words);
    }
    return format;
  }

  /// The format of what a codec writes, or null if none shows it.
  static @Nullable Format ofCodec(String name) {
    for (Format format : values()) {
      if (!format.codec.isEmpty() && format.codec.equals(name)) {
        return format;
      }
    }
    return name.startsWith("json") ? JSON : null;
  }

  /// Its name.
  String word() {
    return word;
  }

  /// The bytes of a text.
  ///
  /// @param what whose text it is, for the message if it is none of this format
  byte[] parse(String what, String text) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      String reason = e instanceof NumberFormatException ? "" : ": " + e.getMessage();
      throw new IllegalArgumentException(
          what + " \"" + shortened(text.strip()) + "\" is not " + kind() + reason, e);
    }
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  private String kind() {
    return switch (this) {
      case UTF8 -> "text";
      case HEX -> "hexadecimal, which has two digits a byte, as in 00ff";
      case BASE64 -> "base64";
      case LONG, INT64, INT32 -> "a number, as in -42";
      case UINT64, UINT32 -> "one of the numbers that are wanted here, as in 8364, 0x20ac, U+20AC";
      case DOUBLE -> "a number, as in 0.25";
      case UUIDS -> "a UUID, as in 123e4567-e89b-12d3-a456-426614174000";
      case INSTANT -> "a moment, as in 2026-01-31T12:00:00Z";
      case JSON -> "JSON";
    };
  }

  /// The bytes as one field of a line.
  String field(byte[] bytes) {
    if (this == UTF8) {
      return Escapes.field(bytes);
    }
    @Nullable String text = show(bytes);
    return text == null ? Escapes.field(bytes) : text;
  }

  /// The text of the bytes, or null if they are not of this format.
  @Nullable String show(byte[] bytes) {
    try {
      return writer.apply(bytes);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /// Adds the bytes to an object.
  Json putTo(Json object, String name, byte[] bytes) {
    @Nullable String text = this == HEX ? null : show(bytes);
    if (text == null) {
      return object.put(name + "Hex", HexFormat.of().formatHex(bytes));
    }
    boolean isJson = bare && !text.equals("NaN") && !text.endsWith("Infinity");
    return isJson ? object.putRaw(name, text) : object.put(name, text);
  }

  private static byte[] unhex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s+", ""));
  }

  private static long signed(String text) {
    return Long.parseLong(text.strip());
  }

  private static Integer int32(String text) {
    return Integer.valueOf(text.strip());
  }

  private static long unsigned(String text) {
    String digits = text.strip().toLowerCase(Locale.ROOT);
    return digits.startsWith("0x") || digits.startsWith("u+")
        ? Long.parseUnsignedLong(digits.substring(2), 16)
        : Long.parseUnsignedLong(digits);
  }

  private static UUID uuid(String text) {
    UUID uuid = UUID.fromString(text.strip());
    if (!uuid.toString().equalsIgnoreCase(text.strip())) {
      throw new IllegalArgumentException("it has 8-4-4-4-12 digits");
    }
    return uuid;
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text.strip());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
  }
}

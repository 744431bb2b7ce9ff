package dev.quire.store.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Bytes as one field of one line: UTF-8 text as it is, but for `\t`, `\n`, `\r`, `\\` and other
/// control characters, `\x1b`; of what is not UTF-8, every byte that is not ASCII is written so.
final class Escapes {

  private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private Escapes() {}

  /// The bytes as a field.
  static String field(byte[] bytes) {
    String text = decode(bytes);
    StringBuilder field = new StringBuilder();
    if (text == null) {
      for (byte b : bytes) {
        append(field, (char) Byte.toUnsignedInt(b), b < 0);
      }
    } else {
      for (int i = 0; i < text.length(); i++) {
        append(field, text.charAt(i), false);
      }
    }
    return field.toString();
  }

  /// The bytes of a field.
  ///
  /// @throws IllegalArgumentException if a backslash begins none of the escapes
  static byte[] parse(String field) {
    if (field.indexOf('\\') < 0) {
      return field.getBytes(StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int start = 0;
    for (int at = field.indexOf('\\'); at >= 0; at = field.indexOf('\\', start)) {
      bytes.writeBytes(field.substring(start, at).getBytes(StandardCharsets.UTF_8));
      char c = at + 1 < field.length() ? field.charAt(at + 1) : ' ';
      start = at + 2;
      switch (c) {
        case '\\' -> bytes.write('\\');
        case 't' -> bytes.write('\t');
        case 'n' -> bytes.write('\n');
        case 'r' -> bytes.write('\r');
        case 'x' -> {
          start += 2;
          if (start > field.length()) {
            throw new IllegalArgumentException("\\x wants two digits");
          }
          bytes.write(HexFormat.fromHexDigits(field, at + 2, start));
        }
        default ->
            throw new IllegalArgumentException("\\" + c + " is no escape; \\\\ is a backslash");
      }
    }
    bytes.writeBytes(field.substring(start).getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  /// The text as one word of a shell, in quotes if it needs them.
  static String word(String text) {
    return PLAIN_WORD.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /// The bytes as a text, or null if they are not UTF-8.
  static @Nullable String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static void append(StringBuilder field, char c, boolean escape) {
    switch (c) {
      case '\\' -> field.append("\\\\");
      case '\t' -> field.append("\\t");
      case '\n' -> field.append("\\n");
      case '\r' -> field.append("\\r");
      default -> {
        if (escape || c < ' ' || c == 0x7F) {
          field.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
        } else {
          field.append(c);
        }
      }
    }
  }
}

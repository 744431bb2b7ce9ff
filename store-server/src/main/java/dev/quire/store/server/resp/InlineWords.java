package dev.quire.store.server.resp;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// Splits a line into words as a shell would: double quotes with escapes, single quotes without.
final class InlineWords {

  private final byte[] bytes;
  private final int end;
  private int position;

  private InlineWords(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.position = from;
    this.end = end;
  }

  static List<byte[]> split(byte[] bytes, int from, int to) throws ProtocolException {
    InlineWords line = new InlineWords(bytes, from, to);
    List<byte[]> words = new ArrayList<>();
    line.skipSpace();
    while (line.position < line.end) {
      words.add(line.word());
      line.skipSpace();
    }
    return words;
  }

  private void skipSpace() {
    while (position < end && isSpace(bytes[position])) {
      position++;
    }
  }

  private byte[] word() throws ProtocolException {
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    while (position < end && !isSpace(bytes[position])) {
      byte next = bytes[position++];
      if (next == '"' || next == '\'') {
        quoted(next, word);
        if (position < end && !isSpace(bytes[position])) {
          throw unbalanced();
        }
      } else {
        word.write(next);
      }
    }
    return word.toByteArray();
  }

  private void quoted(byte quote, ByteArrayOutputStream word) throws ProtocolException {
    while (position < end) {
      byte next = bytes[position++];
      if (next == quote) {
        return;
      }
      if (next == '\\' && position < end) {
        if (quote == '"') {
          next = escaped();
        } else if (bytes[position] == '\'') {
          next = bytes[position++];
        }
      }
      word.write(next);
    }
    throw unbalanced();
  }

  private byte escaped() {
    byte letter = bytes[position++];
    if (letter == 'x' && position + 1 < end) {
      int high = Character.digit(bytes[position], 16);
      int low = Character.digit(bytes[position + 1], 16);
      if (high >= 0 && low >= 0) {
        position += 2;
        return (byte) (high << 4 | low);
      }
    }
    return switch (letter) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      default -> letter;
    };
  }

  private static boolean isSpace(byte value) {
    return value == ' ' || (value >= '\t' && value <= '\r') || value == 0;
  }

  private static ProtocolException unbalanced() {
    return new ProtocolException("unbalanced quotes in request");
  }
}

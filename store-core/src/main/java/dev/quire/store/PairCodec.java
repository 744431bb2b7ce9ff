package dev.quire.store;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Comparator;

/// Two keys in one: the bytes of the first half so that their end can be told, then those of the
/// second.
///
/// A half of fixed length stands as it is. Of any other a zero byte is written as 00 FF, and 00 01
/// ends it: the end is less than any byte that could go on, so a half that is the beginning of
/// another comes first, whatever the second halves are.
final class PairCodec<A, B> implements KeyCodec<Pair<A, B>> {

  private static final int ESCAPE = 0;
  private static final int END = 1;
  private static final int ZERO = 0xFF;

  private final KeyCodec<A> first;
  private final KeyCodec<B> second;
  private final String name;

  PairCodec(KeyCodec<A> first, KeyCodec<B> second) {
    this.first = first;
    this.second = second;
    this.name = CodecNames.require("pair(" + first.name() + "," + second.name() + ")");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int fixedBytes() {
    int a = first.fixedBytes();
    int b = second.fixedBytes();
    return a < 0 || b < 0 ? -1 : a + b;
  }

  @Override
  public Comparator<? super Pair<A, B>> comparator() {
    Comparator<? super A> firsts = first.comparator();
    Comparator<? super B> seconds = second.comparator();
    return (x, y) -> {
      int order = firsts.compare(x.first(), y.first());
      return order != 0 ? order : seconds.compare(x.second(), y.second());
    };
  }

  @Override
  public byte[] encode(Pair<A, B> pair) {
    byte[] head = first.encode(pair.first());
    byte[] tail = second.encode(pair.second());
    ByteArrayOutputStream out = new ByteArrayOutputStream(head.length + tail.length + 2);
    if (first.fixedBytes() >= 0) {
      out.writeBytes(head);
    } else {
      for (byte each : head) {
        out.write(each);
        if (each == ESCAPE) {
          out.write(ZERO);
        }
      }
      out.write(ESCAPE);
      out.write(END);
    }
    out.writeBytes(tail);
    return out.toByteArray();
  }

  @Override
  public Pair<A, B> decode(byte[] bytes) {
    int fixed = first.fixedBytes();
    if (fixed < 0) {
      return decodeEscaped(bytes);
    }
    if (bytes.length < fixed) {
      throw new IllegalArgumentException(
          bytes.length + " bytes, the first half of the pair alone has " + fixed);
    }
    return pair(Arrays.copyOf(bytes, fixed), bytes, fixed);
  }

  private Pair<A, B> decodeEscaped(byte[] bytes) {
    ByteArrayOutputStream head = new ByteArrayOutputStream(bytes.length);
    int at = 0;
    while (at + 1 < bytes.length) {
      byte each = bytes[at++];
      head.write(each);
      if (each == ESCAPE) {
        int kind = Byte.toUnsignedInt(bytes[at++]);
        if (kind == END) {
          byte[] escaped = head.toByteArray();
          return pair(Arrays.copyOf(escaped, escaped.length - 1), bytes, at);
        }
        if (kind != ZERO) {
          throw new IllegalArgumentException("a zero byte in the first half, not followed by FF");
        }
      }
    }
    throw new IllegalArgumentException("the first half of the pair has no end");
  }

  private Pair<A, B> pair(byte[] head, byte[] bytes, int tailAt) {
    byte[] tail = Arrays.copyOfRange(bytes, tailAt, bytes.length);
    return new Pair<>(first.decode(head), second.decode(tail));
  }

  @Override
  public String toString() {
    return name;
  }
}

package dev.quire.store.server.resp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Replies, one behind the other, in the protocol's version 2 or 3.
///
/// Maps, sets, doubles and the like are written as what version 2 has instead of them.
public final class Reply {

  private static final int KEPT_BYTES = 64 << 10;
  private static final byte[] OK = RequestParser.ascii("+OK\r\n");

  private byte[] bytes;
  private int length;
  private int protocol = 2;

  /// @param sizeBytes room at first
  public Reply(int sizeBytes) {
    bytes = new byte[sizeBytes];
  }

  /// Which version is written from now on (2 or 3).
  public void protocol(int version) {
    protocol = version;
  }

  /// The version that is written.
  public int protocol() {
    return protocol;
  }

  /// Number of bytes.
  public int length() {
    return length;
  }

  /// The bytes; the first [#length] of them count.
  public byte[] bytes() {
    return bytes;
  }

  /// Drops all bytes behind a position.
  public void cut(int position) {
    length = position;
  }

  /// Empties it, and lets go of much memory.
  public void clear() {
    length = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[KEPT_BYTES];
    }
  }

  /// Whether what begins at a position is an error.
  public boolean isErrorAt(int position) {
    return position < length && (bytes[position] == '-' || bytes[position] == '!');
  }

  /// The word that an error begins with.
  public String errorCodeAt(int position) {
    int end = position + 1;
    while (end < length && bytes[end] != ' ' && bytes[end] != '\r') {
      end++;
    }
    return new String(bytes, position + 1, end - position - 1, StandardCharsets.ISO_8859_1);
  }

  /// `OK`.
  public void ok() {
    raw(OK, 0, OK.length);
  }

  /// A short text without line ends.
  public void simple(String text) {
    line('+', text);
  }

  /// An error: a code in capitals, then what is wrong.
  public void error(String text) {
    line('-', text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 ? flat(text) : text);
  }

  private static String flat(String text) {
    return text.replace('\r', ' ').replace('\n', ' ');
  }

  /// A whole number.
  public void number(long value) {
    head(':', value);
  }

  /// 1 or 0.
  public void number(boolean value) {
    head(':', value ? 1 : 0);
  }

  /// True or false: in version 2 a number.
  public void bool(boolean value) {
    if (protocol == 3) {
      line('#', value ? "t" : "f");
    } else {
      number(value);
    }
  }

  /// A number with a fraction: in version 2 a text.
  public void fraction(String value) {
    if (protocol == 3) {
      line(',', value);
    } else {
      text(value);
    }
  }

  /// Bytes, or nothing.
  public void bulk(byte @Nullable [] value) {
    if (value == null) {
      nil();
    } else {
      bulk(value, 0, value.length);
    }
  }

  /// A part of an array.
  public void bulk(byte[] value, int offset, int count) {
    head('$', count);
    room(count + 2);
    System.arraycopy(value, offset, bytes, length, count);
    length += count;
    endLine();
  }

  /// The bytes of a segment.
  public void bulk(MemorySegment value) {
    long size = value.byteSize();
    if (size > Integer.MAX_VALUE - (1 << 20)) {
      throw new IllegalStateException("value of " + size + " bytes: too long for a reply");
    }
    int count = (int) size;
    head('$', count);
    room(count + 2);
    MemorySegment.copy(value, ValueLayout.JAVA_BYTE, 0, bytes, length, count);
    length += count;
    endLine();
  }

  /// A text, or nothing.
  public void text(@Nullable String value) {
    bulk(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  /// A text of several lines.
  public void verbatim(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    if (protocol == 3) {
      head('=', text.length + 4);
      room(text.length + 6);
      plain("txt:");
      raw(text, 0, text.length);
      endLine();
    } else {
      bulk(text);
    }
  }

  /// Nothing.
  public void nil() {
    if (protocol == 3) {
      line('_', "");
    } else {
      head('$', -1);
    }
  }

  /// Nothing in place of an array.
  public void nilArray() {
    if (protocol == 3) {
      line('_', "");
    } else {
      head('*', -1);
    }
  }

  /// A whole number of any size: in version 2 a text.
  public void bigNumber(String value) {
    if (protocol == 3) {
      line('(', value);
    } else {
      text(value);
    }
  }

  /// Begins pairs that say something of the next reply; version 2 has none.
  public void attribute(int pairs) {
    if (protocol == 3) {
      head('|', pairs);
    }
  }

  /// Begins an array.
  public void array(int count) {
    head('*', count);
  }

  /// Begins a set.
  public void set(int count) {
    head(protocol == 3 ? '~' : '*', count);
  }

  /// Begins a map of so many pairs.
  public void map(int pairs) {
    if (protocol == 3) {
      head('%', pairs);
    } else {
      head('*', 2L * pairs);
    }
  }

  /// Begins a message that is no reply.
  public void push(int count) {
    head(protocol == 3 ? '>' : '*', count);
  }

  /// An array of texts.
  public void texts(Collection<String> values) {
    array(values.size());
    for (String value : values) {
      text(value);
    }
  }

  /// Bytes as they are.
  public void raw(byte[] source, int offset, int count) {
    room(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  /// Everything of another one.
  public void append(Reply other) {
    raw(other.bytes, 0, other.length);
  }

  private void line(char kind, String text) {
    room(1);
    bytes[length++] = (byte) kind;
    plain(text);
    endLine();
  }

  private void plain(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    raw(encoded, 0, encoded.length);
  }

  private void head(char kind, long value) {
    room(24);
    bytes[length++] = (byte) kind;
    if (value >= 0 && value < 10) {
      bytes[length++] = (byte) ('0' + value);
    } else {
      digits(value);
    }
    bytes[length++] = '\r';
    bytes[length++] = '\n';
  }

  private void digits(long value) {
    long rest = value;
    if (rest < 0) {
      if (rest == Long.MIN_VALUE) {
        plain(Long.toString(rest));
        return;
      }
      bytes[length++] = '-';
      rest = -rest;
    }
    int count = 1;
    for (long power = rest; power >= 10; power /= 10) {
      count++;
    }
    for (int i = length + count - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += count;
  }

  private void endLine() {
    room(2);
    bytes[length++] = '\r';
    bytes[length++] = '\n';
  }

  private void room(int count) {
    if (count > bytes.length - length) {
      long needed = (long) length + count;
      if (needed > Integer.MAX_VALUE - 16) {
        throw new IllegalStateException("replies of " + needed + " bytes: too long");
      }
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * bytes.length, 1 << 30)));
    }
  }
}

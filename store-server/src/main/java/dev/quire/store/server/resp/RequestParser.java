package dev.quire.store.server.resp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes requests out of the bytes of a connection, however they are cut into pieces.
///
/// Invariants: an array is never made longer than the bytes that have come; a request of many parts
/// is not parsed again from its beginning when its next part comes.
public final class RequestParser {

  /// Longest line: of an inline request, and of a length.
  public static final int MAX_LINE_BYTES = 64 << 10;

  private static final int MAX_ARGUMENTS = 1 << 20;
  private static final int MAX_ARGUMENTS_BEFORE_AUTH = 10;
  private static final int MAX_BULK_BEFORE_AUTH_BYTES = 16 << 10;
  private static final int FIRST_ARGUMENTS = 16;
  private static final int MOST_AHEAD_BYTES = 64 << 20;
  private static final int KEPT_BYTES = 1024;
  private static final byte[][] EMPTY = {};
  private static final byte[] NOTHING = {};

  private byte[] bytes = NOTHING;
  private int position;
  private int end;

  /// Arguments that the current request still needs; -1 if it has not begun.
  private int missing = -1;

  private byte[][] arguments = EMPTY;
  private int count;
  private long bulkLength = -1;

  /// Makes room for bytes behind those that are held: they are put into [#array] at [#end], then
  /// told by [#added].
  public void room(int count) {
    int held = end - position;
    if (count > bytes.length - end) {
      byte[] target = bytes;
      if (count > bytes.length - held) {
        long doubled = Math.min(2L * bytes.length, held + MOST_AHEAD_BYTES);
        target = new byte[(int) Math.max((long) held + count, doubled)];
      }
      System.arraycopy(bytes, position, target, 0, held);
      bytes = target;
      position = 0;
      end = held;
    }
  }

  /// Where bytes are put.
  public byte[] array() {
    return bytes;
  }

  /// Where in the array they begin.
  public int end() {
    return end;
  }

  /// So many bytes were put.
  public void added(int count) {
    end += count;
  }

  /// Takes bytes out of an array.
  public void append(byte[] source, int offset, int count) {
    room(count);
    System.arraycopy(source, offset, bytes, end, count);
    added(count);
  }

  /// Bytes that are not parsed yet.
  public int held() {
    return end - position;
  }

  /// Lets go of memory that is not needed until more bytes come.
  public void trim() {
    if (position == end) {
      position = 0;
      end = 0;
      if (bytes.length > KEPT_BYTES) {
        bytes = NOTHING;
      }
    }
  }

  /// The next request, or null if its end has not come yet. A request without arguments is empty.
  ///
  /// @param authenticated whether large requests are allowed
  /// @param maxBulkBytes longest argument
  /// @throws ProtocolException if it is none
  public byte @Nullable [][] next(boolean authenticated, long maxBulkBytes)
      throws ProtocolException {
    if (missing < 0) {
      if (position == end) {
        return null;
      }
      if (bytes[position] != '*') {
        return inline();
      }
      if (!begin(authenticated)) {
        return null;
      }
    }
    while (missing > 0) {
      if (!argument(authenticated, maxBulkBytes)) {
        return null;
      }
    }
    byte[][] request = arguments.length == count ? arguments : Arrays.copyOf(arguments, count);
    arguments = EMPTY;
    missing = -1;
    return request;
  }

  /// Reads how many arguments there are; false if that has not come yet.
  private boolean begin(boolean authenticated) throws ProtocolException {
    int lineEnd = lineEnd("too big mbulk count string");
    if (lineEnd < 0) {
      return false;
    }
    long length = number(position + 1, lineEnd, "invalid multibulk length");
    if (length > MAX_ARGUMENTS) {
      throw new ProtocolException("invalid multibulk length");
    }
    if (length > MAX_ARGUMENTS_BEFORE_AUTH && !authenticated) {
      throw new ProtocolException("unauthenticated multibulk length");
    }
    position = lineEnd + 2;
    missing = (int) Math.max(0, length);
    arguments = missing == 0 ? EMPTY : new byte[Math.min(missing, FIRST_ARGUMENTS)][];
    count = 0;
    return true;
  }

  /// Reads one argument; false if its end has not come yet.
  private boolean argument(boolean authenticated, long maxBulkBytes) throws ProtocolException {
    if (bulkLength < 0) {
      if (position == end) {
        return false;
      }
      if (bytes[position] != '$') {
        throw new ProtocolException("expected '$', got '" + printable(bytes[position]) + "'");
      }
      int lineEnd = lineEnd("too big bulk count string");
      if (lineEnd < 0) {
        return false;
      }
      long length = number(position + 1, lineEnd, "invalid bulk length");
      if (length < 0 || length > maxBulkBytes) {
        throw new ProtocolException("invalid bulk length");
      }
      if (length > MAX_BULK_BEFORE_AUTH_BYTES && !authenticated) {
        throw new ProtocolException("unauthenticated bulk length");
      }
      bulkLength = length;
      position = lineEnd + 2;
    }
    if (end - position < bulkLength + 2) {
      return false;
    }
    int length = (int) bulkLength;
    if (count == arguments.length) {
      arguments = Arrays.copyOf(arguments, Math.min(2 * count, count + missing));
    }
    arguments[count++] = Arrays.copyOfRange(bytes, position, position + length);
    position += length + 2;
    bulkLength = -1;
    missing--;
    return true;
  }

  /// Where the line that begins here ends, at its `\r`; -1 if its end has not come yet.
  private int lineEnd(String tooLong) throws ProtocolException {
    int limit = Math.min(end, position + MAX_LINE_BYTES);
    for (int i = position; i < limit; i++) {
      if (bytes[i] == '\r') {
        return i + 1 < end ? i : -1;
      }
    }
    if (limit < end) {
      throw new ProtocolException(tooLong);
    }
    return -1;
  }

  private long number(int from, int to, String problem) throws ProtocolException {
    boolean negative = from < to && bytes[from] == '-';
    int first = negative ? from + 1 : from;
    if (first >= to || to - first > 18) {
      throw new ProtocolException(problem);
    }
    long value = 0;
    for (int i = first; i < to; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        throw new ProtocolException(problem);
      }
      value = value * 10 + digit;
    }
    return negative ? -value : value;
  }

  private static String printable(byte value) {
    return value >= ' ' && value <= '~' ? String.valueOf((char) value) : ".";
  }

  /// A request typed as a line.
  private byte @Nullable [][] inline() throws ProtocolException {
    int lineEnd = position;
    int limit = Math.min(end, position + MAX_LINE_BYTES);
    while (lineEnd < limit && bytes[lineEnd] != '\n') {
      lineEnd++;
    }
    if (lineEnd == limit) {
      if (limit < end || end - position >= MAX_LINE_BYTES) {
        throw new ProtocolException("too big inline request");
      }
      return null;
    }
    int textEnd = lineEnd > position && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    List<byte[]> words = InlineWords.split(bytes, position, textEnd);
    position = lineEnd + 1;
    return words.toArray(EMPTY);
  }

  /// The bytes of a text.
  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// The words of a line as a client would type it, for tests and settings.
  ///
  /// @throws ProtocolException if a quote is not closed
  public static List<byte[]> words(String line) throws ProtocolException {
    byte[] text = line.getBytes(StandardCharsets.UTF_8);
    return new ArrayList<>(InlineWords.split(text, 0, text.length));
  }
}

package dev.quire.store.internal.region;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Ranges of bytes as the store orders and shows them.
public final class Bytes {

  /// The most bytes that a preview shows.
  private static final int PREVIEW_BYTES = 32;

  private Bytes() {}

  /// Compares the first `aLength` bytes of `a` with the first `bLength` of `b`, as unsigned bytes;
  /// a prefix comes first.
  public static int compare(byte[] a, int aLength, byte[] b, int bLength) {
    return Arrays.compareUnsigned(a, 0, aLength, b, 0, bLength);
  }

  /// The same for two ranges of memory.
  public static int compare(
      MemorySegment a, long aOffset, long aLength, MemorySegment b, long bOffset, long bLength) {
    long difference =
        MemorySegment.mismatch(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength);
    if (difference < 0 || difference == aLength || difference == bLength) {
      return Long.compare(aLength, bLength);
    }
    return Byte.compareUnsigned(
        a.get(ValueLayout.JAVA_BYTE, aOffset + difference),
        b.get(ValueLayout.JAVA_BYTE, bOffset + difference));
  }

  /// The same for a range of memory and the first bytes of an array.
  public static int compare(MemorySegment a, long aOffset, long aLength, byte[] b, int bLength) {
    return compare(a, aOffset, aLength, MemorySegment.ofArray(b), 0, bLength);
  }

  /// The bytes for a message: printable ASCII as it is, everything else as `\xff`, in quotes, cut
  /// after the first 32 bytes.
  public static String preview(byte[] bytes, int length) {
    return preview(MemorySegment.ofArray(bytes), 0, length);
  }

  /// The same for a range of memory.
  public static String preview(MemorySegment memory, long offset, long length) {
    StringBuilder text = new StringBuilder("\"");
    long shown = Math.min(length, PREVIEW_BYTES);
    for (long i = 0; i < shown; i++) {
      append(text, memory.get(ValueLayout.JAVA_BYTE, offset + i) & 0xff);
    }
    text.append('"');
    if (shown < length) {
      text.append("... (").append(length).append(" bytes)");
    }
    return text.toString();
  }

  private static void append(StringBuilder text, int value) {
    if (value == '"' || value == '\\') {
      text.append('\\').append((char) value);
    } else if (value >= ' ' && value <= '~') {
      text.append((char) value);
    } else {
      text.append("\\x").append(Character.forDigit(value >> 4, 16));
      text.append(Character.forDigit(value & 0xf, 16));
    }
  }
}

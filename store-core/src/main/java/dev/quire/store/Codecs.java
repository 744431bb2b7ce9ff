package dev.quire.store;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// The built-in codecs, for keys and for values. The bytes of each have the order of its objects,
/// see [KeyCodec]; its name is that of the constant in small letters (of [#UUIDS] `uuid`).
public final class Codecs {

  /// Arrays of bytes as they are, ordered as unsigned bytes: the order of [Table].
  ///
  /// Arrays are not equal by their content, so maps of them compare unequal. Those passed in and
  /// handed out are copies.
  public static final KeyCodec<byte[]> BYTES =
      new PlainCodec<>("bytes", Arrays::compareUnsigned, byte[]::clone, byte[]::clone);

  /// Strings as UTF-8, ordered by code points. That is not [String#compareTo], which puts
  /// characters beyond U+FFFF before those from U+E000 on. Half of a surrogate pair is refused.
  public static final KeyCodec<String> STRING =
      new PlainCodec<>("string", Codecs::compareCodePoints, Codecs::utf8, Codecs::text);

  /// Integers of 4 bytes in their signed order.
  public static final KeyCodec<Integer> INT32 =
      new FixedCodec<>(
          "int32",
          Integer.BYTES,
          Comparator.<Integer>naturalOrder(),
          (number, out) -> out.putInt(number ^ Integer.MIN_VALUE),
          in -> in.getInt() ^ Integer.MIN_VALUE);

  /// Integers of 4 bytes in their unsigned order: -1 is the greatest.
  public static final KeyCodec<Integer> UINT32 =
      new FixedCodec<>(
          "uint32",
          Integer.BYTES,
          Integer::compareUnsigned,
          (number, out) -> out.putInt(number),
          ByteBuffer::getInt);

  /// Integers of 8 bytes in their signed order.
  public static final KeyCodec<Long> INT64 =
      new FixedCodec<>(
          "int64",
          Long.BYTES,
          Comparator.<Long>naturalOrder(),
          (number, out) -> out.putLong(number ^ Long.MIN_VALUE),
          in -> in.getLong() ^ Long.MIN_VALUE);

  /// Integers of 8 bytes in their unsigned order: -1 is the greatest. As keys the same as those of
  /// [Keys].
  public static final KeyCodec<Long> UINT64 =
      new FixedCodec<>(
          "uint64",
          Long.BYTES,
          Long::compareUnsigned,
          (number, out) -> out.putLong(number),
          ByteBuffer::getLong);

  /// Floating-point numbers of 8 bytes in the order of [Double#compareTo]: -0.0 is less than 0.0,
  /// and NaN is greater than everything else. All NaNs are one.
  public static final KeyCodec<Double> FLOAT64 =
      new FixedCodec<>(
          "float64",
          Double.BYTES,
          Comparator.<Double>naturalOrder(),
          (number, out) -> out.putLong(ordered(Double.doubleToLongBits(number))),
          in -> requireNumber(unordered(in.getLong())));

  /// UUIDs in the order of [UUID#compareTo], which takes both halves as signed numbers. That is not
  /// the order of their text.
  public static final KeyCodec<UUID> UUIDS =
      new FixedCodec<>(
          "uuid",
          2 * Long.BYTES,
          Comparator.<UUID>naturalOrder(),
          (uuid, out) ->
              out.putLong(uuid.getMostSignificantBits() ^ Long.MIN_VALUE)
                  .putLong(uuid.getLeastSignificantBits() ^ Long.MIN_VALUE),
          in -> new UUID(in.getLong() ^ Long.MIN_VALUE, in.getLong() ^ Long.MIN_VALUE));

  /// Moments in the order of time, to the nanosecond: 8 bytes of seconds, 4 of nanoseconds.
  public static final KeyCodec<Instant> INSTANT =
      new FixedCodec<>(
          "instant",
          Long.BYTES + Integer.BYTES,
          Comparator.<Instant>naturalOrder(),
          (moment, out) ->
              out.putLong(moment.getEpochSecond() ^ Long.MIN_VALUE).putInt(moment.getNano()),
          in -> moment(in.getLong() ^ Long.MIN_VALUE, in.getInt()));

  private static final int NANOS_OF_A_SECOND = 1_000_000_000;

  private Codecs() {}

  /// Bits of a number so that their unsigned order is that of the numbers.
  private static long ordered(long bits) {
    return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
  }

  private static long unordered(long bits) {
    return bits < 0 ? bits ^ Long.MIN_VALUE : ~bits;
  }

  private static Double requireNumber(long bits) {
    double number = Double.longBitsToDouble(bits);
    if (Double.doubleToLongBits(number) != bits) {
      throw new IllegalArgumentException("a NaN of other bits than the one that is written");
    }
    return number;
  }

  private static Instant moment(long seconds, int nanos) {
    if (nanos < 0 || nanos >= NANOS_OF_A_SECOND) {
      throw new IllegalArgumentException(
          Integer.toUnsignedString(nanos) + " nanoseconds in a second");
    }
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(seconds + " seconds are no moment of an Instant", e);
    }
  }

  private static byte[] utf8(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] exact = new byte[bytes.remaining()];
      bytes.get(exact);
      return exact;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a string with half of a surrogate pair", e);
    }
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("no UTF-8: " + e.getMessage(), e);
    }
  }

  /// The order of the code points: half of a pair belongs to one that no single character reaches.
  private static int compareCodePoints(String one, String other) {
    int length = Math.min(one.length(), other.length());
    for (int i = 0; i < length; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        boolean beyond = Character.isSurrogate(a);
        return beyond == Character.isSurrogate(b) ? Character.compare(a, b) : beyond ? 1 : -1;
      }
    }
    return Integer.compare(one.length(), other.length());
  }

  /// Objects of any length.
  private record PlainCodec<T>(
      String name,
      Comparator<? super T> comparator,
      Function<T, byte[]> encoder,
      Function<byte[], T> decoder)
      implements KeyCodec<T> {

    @Override
    public byte[] encode(T object) {
      return encoder.apply(object);
    }

    @Override
    public T decode(byte[] bytes) {
      return decoder.apply(bytes);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /// Objects of one length.
  private record FixedCodec<T>(
      String name,
      int fixedBytes,
      Comparator<? super T> comparator,
      BiConsumer<T, ByteBuffer> encoder,
      Function<ByteBuffer, T> decoder)
      implements KeyCodec<T> {

    @Override
    public byte[] encode(T object) {
      byte[] bytes = new byte[fixedBytes];
      encoder.accept(object, ByteBuffer.wrap(bytes));
      return bytes;
    }

    @Override
    public T decode(byte[] bytes) {
      if (bytes.length != fixedBytes) {
        throw new IllegalArgumentException(bytes.length + " bytes, " + name + " has " + fixedBytes);
      }
      return decoder.apply(ByteBuffer.wrap(bytes));
    }

    @Override
    public String toString() {
      return name;
    }
  }
}

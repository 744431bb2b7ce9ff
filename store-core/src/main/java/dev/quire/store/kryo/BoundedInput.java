package dev.quire.store.kryo;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;

/// The bytes of one value, which do not get more memory than they could fill.
///
/// Kryo asks for the memory of an array, a string or a collection by the length that the bytes say,
/// before it reads what is in it. Every element has a byte at least, but for empty ones, so a
/// length is compared with the bytes that are left. Lengths are what Kryo's serializers read as
/// variable positive integers; numbers are read by [#readInt(boolean)].
final class BoundedInput extends Input {

  /// Lengths up to here are allowed whatever is left: of collections of nulls, ids of classes.
  private static final int ALWAYS = 65_538;

  private boolean isNumber;

  BoundedInput(byte[] bytes) {
    super(bytes);
  }

  private int requireLength(int length) {
    // One more than the length is written where there may be null.
    if (length < 0 || (length > ALWAYS && length - 1 > limit - position)) {
      throw new KryoException(
          "a length of "
              + Integer.toUnsignedString(length)
              + " with "
              + (limit - position)
              + " bytes left");
    }
    return length;
  }

  private void requireBytes(int length, int elementBytes) {
    if (length < 0 || (long) length * elementBytes > limit - position) {
      throw new KryoException(
          length
              + " elements of "
              + elementBytes
              + " bytes with "
              + (limit - position)
              + " bytes left");
    }
  }

  @Override
  public int readInt(boolean optimizePositive) {
    boolean before = isNumber;
    isNumber = true;
    try {
      return super.readInt(optimizePositive);
    } finally {
      isNumber = before;
    }
  }

  @Override
  public int readVarInt(boolean optimizePositive) {
    int read = super.readVarInt(optimizePositive);
    return optimizePositive && !isNumber ? requireLength(read) : read;
  }

  @Override
  public int readVarIntFlag(boolean optimizePositive) {
    int read = super.readVarIntFlag(optimizePositive);
    return optimizePositive ? requireLength(read) : read;
  }

  @Override
  public byte[] readBytes(int length) {
    requireBytes(length, Byte.BYTES);
    return super.readBytes(length);
  }

  @Override
  public int[] readInts(int length) {
    requireBytes(length, Integer.BYTES);
    return super.readInts(length);
  }

  @Override
  public int[] readInts(int length, boolean optimizePositive) {
    requireBytes(length, 1);
    return super.readInts(length, optimizePositive);
  }

  @Override
  public long[] readLongs(int length) {
    requireBytes(length, Long.BYTES);
    return super.readLongs(length);
  }

  @Override
  public long[] readLongs(int length, boolean optimizePositive) {
    requireBytes(length, 1);
    return super.readLongs(length, optimizePositive);
  }

  @Override
  public float[] readFloats(int length) {
    requireBytes(length, Float.BYTES);
    return super.readFloats(length);
  }

  @Override
  public double[] readDoubles(int length) {
    requireBytes(length, Double.BYTES);
    return super.readDoubles(length);
  }

  @Override
  public short[] readShorts(int length) {
    requireBytes(length, Short.BYTES);
    return super.readShorts(length);
  }

  @Override
  public char[] readChars(int length) {
    requireBytes(length, Character.BYTES);
    return super.readChars(length);
  }

  @Override
  public boolean[] readBooleans(int length) {
    requireBytes(length, 1);
    return super.readBooleans(length);
  }
}

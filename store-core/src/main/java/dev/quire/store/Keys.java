package dev.quire.store;

import java.nio.ByteBuffer;

/// Numbers as keys: 8 bytes, big-endian, so that the order of the bytes is the unsigned order of
/// the numbers. A negative number comes after every positive one.
public final class Keys {

  private Keys() {}

  /// The key of a number.
  public static byte[] ofLong(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  /// The number of a key.
  ///
  /// @throws IllegalArgumentException if the key is not 8 bytes long
  public static long toLong(byte[] key) {
    if (key.length != Long.BYTES) {
      throw new IllegalArgumentException(
          "key of " + key.length + " bytes: a number is 8 bytes long");
    }
    return ByteBuffer.wrap(key).getLong();
  }
}

package dev.quire.store.internal.format;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The codecs of a table's keys and values, as its record keeps them: a built-in one has a small
/// number, any other one a hash of its name with the top bit set.
///
/// | id | name      |
/// |---:|-----------|
/// |  1 | bytes     |
/// |  2 | string    |
/// |  3 | int32     |
/// |  4 | uint32    |
/// |  5 | int64     |
/// |  6 | uint64    |
/// |  7 | float64   |
/// |  8 | uuid      |
/// |  9 | instant   |
public final class CodecIds {

  /// Of a table that no typed view has been opened for.
  public static final long NONE = 0;

  /// Longest name of a codec.
  public static final int MAX_NAME_BYTES = 255;

  /// Set in the id of every codec that is not built in.
  static final long CUSTOM = 1L << 63;

  private static final long HASH_BASIS = 0xcbf29ce484222325L;
  private static final long HASH_PRIME = 0x100000001b3L;

  private CodecIds() {}

  /// The id of a codec: of one that is not built in, FNV-1a of its name with the top bit set.
  public static long of(String name) {
    return switch (name) {
      case "bytes" -> 1;
      case "string" -> 2;
      case "int32" -> 3;
      case "uint32" -> 4;
      case "int64" -> 5;
      case "uint64" -> 6;
      case "float64" -> 7;
      case "uuid" -> 8;
      case "instant" -> 9;
      default -> hash(name) | CUSTOM;
    };
  }

  private static long hash(String name) {
    long hash = HASH_BASIS;
    for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ Byte.toUnsignedLong(each)) * HASH_PRIME;
    }
    return hash;
  }

  /// Whether a codec of this id has its name in the table `quire.codecs`.
  public static boolean isCustom(long id) {
    return (id & CUSTOM) != 0;
  }

  /// The name of a built-in codec, or null.
  public static @Nullable String findBuiltIn(long id) {
    if (id != (int) id) {
      return null;
    }
    return switch ((int) id) {
      case 1 -> "bytes";
      case 2 -> "string";
      case 3 -> "int32";
      case 4 -> "uint32";
      case 5 -> "int64";
      case 6 -> "uint64";
      case 7 -> "float64";
      case 8 -> "uuid";
      case 9 -> "instant";
      default -> null;
    };
  }
}

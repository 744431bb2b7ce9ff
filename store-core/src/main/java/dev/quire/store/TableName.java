package dev.quire.store;

import dev.quire.store.internal.format.Limits;
import java.nio.charset.StandardCharsets;

/// Names of tables, as the catalogue keeps them.
final class TableName {

  /// What names of the store's own tables begin with.
  private static final String RESERVED = "quire.";

  private TableName() {}

  /// The bytes of a name.
  ///
  /// @throws IllegalArgumentException if the name is not allowed
  static byte[] encode(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length > Limits.MAX_TABLE_NAME_BYTES) {
      throw new IllegalArgumentException(
          "table name of "
              + bytes.length
              + " bytes: allowed are 1 to "
              + Limits.MAX_TABLE_NAME_BYTES
              + " bytes of UTF-8");
    }
    if (name.startsWith(RESERVED)) {
      throw new IllegalArgumentException(
          "table name \"" + name + "\": names that begin with \"quire.\" are the store's own");
    }
    if (!decode(bytes).equals(name)) {
      throw new IllegalArgumentException("table name \"" + name + "\": half of a surrogate pair");
    }
    return bytes;
  }

  /// The name of its bytes.
  static String decode(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Whether the table is one of the store's own.
  static boolean isReserved(String name) {
    return name.startsWith(RESERVED);
  }
}

package dev.quire.store;

import dev.quire.store.internal.format.CodecIds;
import java.nio.charset.StandardCharsets;

/// Names of codecs.
final class CodecNames {

  private CodecNames() {}

  /// The name, if a codec can be called so.
  ///
  /// @throws IllegalArgumentException if not
  static String require(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    boolean whole = new String(bytes, StandardCharsets.UTF_8).equals(name);
    boolean fits = bytes.length > 0 && bytes.length <= CodecIds.MAX_NAME_BYTES;
    if (!fits || !whole || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "name of a codec of "
              + bytes.length
              + " bytes: allowed are 1 to "
              + CodecIds.MAX_NAME_BYTES
              + " bytes of UTF-8, none of them zero");
    }
    return name;
  }
}

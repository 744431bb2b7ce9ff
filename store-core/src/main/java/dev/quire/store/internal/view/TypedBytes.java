package dev.quire.store.internal.view;

import dev.quire.store.errors.CodecException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Objects of one kind, the keys or the values of a table, and their bytes.
///
/// @param what `keys` or `values`, and of which table, for messages
/// @param codec name of the codec, for messages
public record TypedBytes<T>(
    String what,
    String codec,
    Function<T, byte @Nullable []> encoder,
    Function<byte[], @Nullable T> decoder) {

  private static final int SHOWN_BYTES = 32;

  /// The bytes of an object.
  ///
  /// @throws IllegalArgumentException if the codec cannot write it
  /// @throws ClassCastException if it is of another class
  byte[] encode(T object) {
    Objects.requireNonNull(object, what);
    byte[] bytes;
    try {
      bytes = encoder.apply(object);
    } catch (ClassCastException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      throw new IllegalArgumentException(
          "codec \"" + codec + "\" cannot write " + what + ": " + e.getMessage(), e);
    }
    if (bytes == null) {
      throw new IllegalArgumentException("codec \"" + codec + "\" writes null for " + what);
    }
    return bytes;
  }

  /// The object that the bytes are of.
  ///
  /// @throws CodecException if the codec cannot read them
  T decode(byte[] bytes) {
    T object;
    try {
      object = decoder.apply(bytes);
    } catch (RuntimeException | StackOverflowError e) {
      throw new CodecException(unreadable(bytes, String.valueOf(e.getMessage())), e);
    }
    if (object == null) {
      throw new CodecException(unreadable(bytes, "it makes null of them"), null);
    }
    return object;
  }

  private String unreadable(byte[] bytes, String reason) {
    int shown = Math.min(bytes.length, SHOWN_BYTES);
    return "codec \""
        + codec
        + "\" cannot read "
        + what
        + " from "
        + bytes.length
        + " bytes ("
        + HexFormat.of().formatHex(bytes, 0, shown)
        + (shown < bytes.length ? "..." : "")
        + "): "
        + reason;
  }
}

package dev.quire.store;

import java.util.Objects;
import java.util.function.Function;

/// How objects of one kind are written as bytes: what a typed view ([Store#map]) needs for values.
///
/// A codec is used by any number of threads at the same time. Its [#name] stands for what its bytes
/// mean: a table remembers the names it was written with, and is opened with the same ones only. So
/// change the name when old bytes cannot be read any more, and only then.
///
/// @param <T> the objects
public interface Codec<T> {

  /// What the bytes are, with a version if there may be another one: `json:user/1`.
  ///
  /// @return 1 to 255 bytes of UTF-8, none of them zero
  String name();

  /// The bytes of an object.
  ///
  /// @return not kept by the codec
  /// @throws IllegalArgumentException if there are none for this object
  byte[] encode(T object);

  /// The object that the bytes are of.
  ///
  /// @param bytes any bytes: whoever could write to the table has made them
  /// @throws IllegalArgumentException if they are not what [#encode] writes
  T decode(byte[] bytes);

  /// A codec of two functions, those of a JSON library for example:
  ///
  /// ```java
  /// Codec<User> users = Codec.of("json:user/1", json::writeValueAsBytes, json::readUser);
  /// ```
  ///
  /// @param decoder may throw anything unchecked for bytes that it cannot read
  static <T> Codec<T> of(String name, Function<T, byte[]> encoder, Function<byte[], T> decoder) {
    Objects.requireNonNull(encoder, "encoder");
    Objects.requireNonNull(decoder, "decoder");
    String checked = CodecNames.require(name);
    return new Codec<>() {
      @Override
      public String name() {
        return checked;
      }

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
        return checked;
      }
    };
  }

  /// The same bytes for objects of another kind, which stand for these one to one.
  ///
  /// @param to may throw IllegalArgumentException for what stands for nothing
  default <U> Codec<U> as(Function<T, U> to, Function<U, T> from) {
    return of(name(), object -> encode(from.apply(object)), bytes -> to.apply(decode(bytes)));
  }
}

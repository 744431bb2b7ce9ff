package dev.quire.store;

import java.util.Comparator;
import java.util.function.Function;

/// The bytes of one kind of keys for objects of another kind.
final class MappedKeyCodec<T, U> implements KeyCodec<U> {

  private final KeyCodec<T> codec;
  private final Function<T, U> to;
  private final Function<U, T> from;

  MappedKeyCodec(KeyCodec<T> codec, Function<T, U> to, Function<U, T> from) {
    this.codec = codec;
    this.to = to;
    this.from = from;
  }

  @Override
  public String name() {
    return codec.name();
  }

  @Override
  public byte[] encode(U object) {
    return codec.encode(from.apply(object));
  }

  @Override
  public U decode(byte[] bytes) {
    return to.apply(codec.decode(bytes));
  }

  @Override
  public Comparator<? super U> comparator() {
    Comparator<? super T> order = codec.comparator();
    return (a, b) -> order.compare(from.apply(a), from.apply(b));
  }

  @Override
  public int fixedBytes() {
    return codec.fixedBytes();
  }

  @Override
  public String toString() {
    return name();
  }
}

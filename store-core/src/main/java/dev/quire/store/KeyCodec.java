package dev.quire.store;

import java.util.Comparator;
import java.util.Objects;
import java.util.function.Function;

/// A codec whose bytes have the order of the objects, so that these can be the keys of a typed
/// view: `comparator().compare(a, b)` has the sign of `Arrays.compareUnsigned(encode(a),
/// encode(b))`, and two objects that the comparator calls equal have the same bytes.
///
/// @param <T> the objects
public interface KeyCodec<T> extends Codec<T> {

  /// The order of the objects.
  Comparator<? super T> comparator();

  /// Number of bytes of every object, or -1 if they differ. A new table for keys of 8 bytes is one
  /// of [TableOptions#integerKeys].
  default int fixedBytes() {
    return -1;
  }

  /// The same bytes and order for objects of another kind, which stand for these one to one.
  ///
  /// ```java
  /// KeyCodec<Visit> visits = KeyCodec.pair(Codecs.STRING, Codecs.INSTANT)
  ///     .as(pair -> new Visit(pair.first(), pair.second()), v -> new Pair<>(v.user(), v.at()));
  /// ```
  @Override
  default <U> KeyCodec<U> as(Function<T, U> to, Function<U, T> from) {
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(from, "from");
    return new MappedKeyCodec<>(this, to, from);
  }

  /// Pairs, ordered by their first half, and by the second among those with the same first. Halves
  /// may be pairs themselves.
  ///
  /// All pairs with the same first half lie together, and before all with a greater one: also if
  /// that is a string that begins with it.
  static <A, B> KeyCodec<Pair<A, B>> pair(KeyCodec<A> first, KeyCodec<B> second) {
    return new PairCodec<>(first, second);
  }
}

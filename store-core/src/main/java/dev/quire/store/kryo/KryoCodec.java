package dev.quire.store.kryo;

import com.esotericsoftware.kryo.Kryo;
import dev.quire.store.Codec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// A codec for values that writes objects with Kryo 5.
///
/// ```java
/// Codec<Session> sessions = KryoCodec.of("sessions/1", Session.class)
///     .register(Session.class, 16)
///     .register(ArrayList.class, 17)
///     .build();
/// ```
///
/// Every class that may occur is registered, with a number that stays its own for ever: the bytes
/// name classes by these numbers alone. So bytes made by somebody else create objects of registered
/// classes only. Numbers, strings and their like need no registration.
///
/// A registered class has a constructor without parameters, which may be private, or is a record,
/// an enum, an array or a class that Kryo knows. Fields may come and go; objects written before
/// have the default for what they lack. A field that changes its type or its meaning, and any
/// change of a record's components or an enum's order, needs another name of the codec.
///
/// Objects that refer to themselves need `configure(kryo -> kryo.setReferences(true))`. Bytes that
/// nest deeper than 512 objects are refused, and those that ask for more memory than they could
/// fill.
///
/// @param <T> the objects
public final class KryoCodec<T> implements Codec<T> {

  /// What comes before the name that a codec is given.
  private static final String PREFIX = "kryo:";

  /// Lesser ids are left to Kryo.
  private static final int LEAST_ID = 16;

  private static final int GREATEST_ID = 65_535;

  private final String name;
  private final Class<T> type;
  private final KryoPool pool;

  private KryoCodec(String name, Class<T> type, KryoPool pool) {
    this.name = name;
    this.type = type;
    this.pool = pool;
  }

  /// Begins a codec.
  ///
  /// @param name what these bytes are, with a version; [Codec#name] is `kryo:` and this
  /// @param type the class or interface of all objects
  /// @throws IllegalStateException if Kryo is not there
  public static <T> Builder<T> of(String name, Class<T> type) {
    requireLibrary();
    return new Builder<>(Objects.requireNonNull(name, "name"), type);
  }

  private static void requireLibrary() {
    try {
      Class<?> _ =
          Class.forName("com.esotericsoftware.kryo.Kryo", false, KryoCodec.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "KryoCodec needs Kryo, which is not on the class path: add the dependency"
              + " com.esotericsoftware:kryo:5.6.2",
          e);
    }
  }

  /// A codec in the making.
  public static final class Builder<T> {

    private final String name;
    private final Class<T> type;
    private final Map<Integer, Class<?>> classes = new LinkedHashMap<>();
    private Consumer<Kryo> configuration = _ -> {};

    private Builder(String name, Class<T> type) {
      this.name = name;
      this.type = type;
    }

    /// Allows a class.
    ///
    /// @param id its number, never to be another's (16 to 65,535)
    /// @throws IllegalArgumentException if the number is taken or not allowed, or the class has one
    public Builder<T> register(Class<?> registered, int id) {
      if (id < LEAST_ID || id > GREATEST_ID) {
        throw new IllegalArgumentException(
            "id " + id + " for " + registered.getName() + ": allowed are 16 to 65535");
      }
      if (classes.containsValue(registered)) {
        throw new IllegalArgumentException(registered.getName() + " has an id already");
      }
      Class<?> other = classes.putIfAbsent(id, registered);
      if (other != null) {
        throw new IllegalArgumentException(
            "id " + id + " is that of " + other.getName() + ", not of " + registered.getName());
      }
      return this;
    }

    /// Changes each Kryo that is made, before the classes are registered: other serializers, say.
    /// What is allowed here is not guarded against bytes made by somebody else.
    ///
    /// @param changes called by any thread
    @SuppressWarnings("exports") // who calls this has Kryo, who does not need not
    public Builder<T> configure(Consumer<Kryo> changes) {
      Objects.requireNonNull(changes, "changes");
      configuration = configuration.andThen(changes);
      return this;
    }

    /// The codec.
    public KryoCodec<T> build() {
      KryoPool pool = new KryoPool(Map.copyOf(classes), configuration);
      return new KryoCodec<>(PREFIX + name, type, pool);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte[] encode(T object) {
    return pool.write(Objects.requireNonNull(object, "object"));
  }

  @Override
  public T decode(byte[] bytes) {
    Object object = pool.read(bytes);
    if (!type.isInstance(object)) {
      String found = object == null ? "null" : "a " + object.getClass().getName();
      throw new IllegalArgumentException("it is " + found + ", no " + type.getName());
    }
    return type.cast(object);
  }

  @Override
  public String toString() {
    return name;
  }
}

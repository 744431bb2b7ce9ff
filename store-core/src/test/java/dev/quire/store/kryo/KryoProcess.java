package dev.quire.store.kryo;

import dev.quire.store.testing.ParentLink;
import dev.quire.store.testing.Role;

/// A process that uses the codec, with little memory, or without Kryo.
final class KryoProcess implements Role {

  @Override
  public String answer(String verb, String... words) {
    return switch (verb) {
      case "roundtrip" -> roundtrip();
      case "hostile" ->
          Integer.toString(KryoCodecTest.decodeHostileBytes(Long.parseLong(words[0]), 1_000));
      case "missing" -> KryoCodec.of("x", Object.class).build().name();
      default -> throw new IllegalArgumentException(verb);
    };
  }

  private static String roundtrip() {
    KryoCodec<KryoCodecTest.User> codec = KryoCodecTest.users();
    KryoCodecTest.User back = codec.decode(codec.encode(KryoCodecTest.user()));
    return back.age == -36 ? "back" : "lost";
  }

  /// @param arguments none
  public static void main(String[] arguments) {
    ParentLink.serve(new KryoProcess());
  }
}

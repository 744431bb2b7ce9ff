package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.testing.Campaign;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: the bytes of keys have the order of the keys, and give the keys back.
///
/// Method: for each codec, random and peculiar objects in pairs: the sign of the comparator is that
/// of the unsigned order of bytes. Random bytes are decoded: they are refused, or encode to the
/// same bytes again. `-Dquire.seed` repeats a run.
class CodecsTest {

  private static final int ROUNDS = 400;

  /// A codec and a source of objects for it, many of them near each other.
  private record Subject<T>(KeyCodec<T> codec, Function<Random, T> objects) {
    @Override
    public String toString() {
      return codec.name();
    }
  }

  private record Visit(String user, Instant at) {}

  private static final KeyCodec<Visit> VISITS =
      KeyCodec.pair(Codecs.STRING, Codecs.INSTANT)
          .as(
              pair -> new Visit(pair.first(), pair.second()),
              visit -> new Pair<>(visit.user(), visit.at()));

  static Stream<Subject<?>> subjects() {
    return Stream.of(
        new Subject<>(Codecs.BYTES, CodecsTest::bytes),
        new Subject<>(Codecs.STRING, CodecsTest::text),
        new Subject<>(Codecs.INT32, random -> (int) number(random)),
        new Subject<>(Codecs.UINT32, random -> (int) number(random)),
        new Subject<>(Codecs.INT64, CodecsTest::number),
        new Subject<>(Codecs.UINT64, CodecsTest::number),
        new Subject<>(Codecs.FLOAT64, CodecsTest::floating),
        new Subject<>(Codecs.UUIDS, random -> new UUID(number(random), number(random))),
        new Subject<>(Codecs.INSTANT, CodecsTest::moment),
        new Subject<>(
            KeyCodec.pair(Codecs.STRING, Codecs.STRING),
            random -> new Pair<>(text(random), text(random))),
        new Subject<>(
            KeyCodec.pair(Codecs.BYTES, Codecs.BYTES),
            random -> new Pair<>(bytes(random), bytes(random))),
        new Subject<>(
            KeyCodec.pair(Codecs.INT32, Codecs.BYTES),
            random -> new Pair<>((int) number(random), bytes(random))),
        new Subject<>(
            KeyCodec.pair(KeyCodec.pair(Codecs.BYTES, Codecs.INT32), Codecs.BYTES),
            random -> new Pair<>(new Pair<>(bytes(random), (int) number(random)), bytes(random))),
        new Subject<>(VISITS, random -> new Visit(text(random), moment(random))));
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(4)];
    byte[] few = {0, 1, 2, (byte) 0x7F, (byte) 0x80, (byte) 0xFE, (byte) 0xFF};
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = few[random.nextInt(few.length)];
    }
    return bytes;
  }

  private static String text(Random random) {
    int[] few = {
      0, 1, 'a', 'b', 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF
    };
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.appendCodePoint(few[random.nextInt(few.length)]);
    }
    return text.toString();
  }

  private static long number(Random random) {
    long[] few = {0, 1, -1, 255, 256, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE};
    return switch (random.nextInt(3)) {
      case 0 -> few[random.nextInt(few.length)];
      case 1 -> Long.MIN_VALUE + random.nextInt(3);
      default -> random.nextLong() >> random.nextInt(64);
    };
  }

  private static double floating(Random random) {
    double[] few = {
      0.0,
      -0.0,
      1,
      -1,
      Double.NaN,
      Double.MIN_VALUE,
      -Double.MIN_VALUE,
      Double.MAX_VALUE,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    return random.nextBoolean()
        ? few[random.nextInt(few.length)]
        : Double.longBitsToDouble(random.nextLong());
  }

  private static Instant moment(Random random) {
    long seconds =
        switch (random.nextInt(4)) {
          case 0 -> Instant.MIN.getEpochSecond();
          case 1 -> Instant.MAX.getEpochSecond();
          default -> random.nextInt(5) - 2;
        };
    return Instant.ofEpochSecond(seconds, random.nextInt(2) * 999_999_999);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  <T> void encode_anyTwoObjects_haveTheirOrder(Subject<T> subject) {
    KeyCodec<T> codec = subject.codec();
    Random random = new Random(Campaign.seed());
    List<T> objects = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      objects.add(subject.objects().apply(random));
    }
    for (T one : objects) {
      byte[] oneBytes = codec.encode(one);
      T back = codec.decode(oneBytes);
      assertEquals(0, codec.comparator().compare(one, back), () -> about(one));
      assertArrayEquals(oneBytes, codec.encode(back), () -> about(one));
      assertTrue(codec.fixedBytes() < 0 || codec.fixedBytes() == oneBytes.length);
      for (T other : objects) {
        int order = Integer.signum(codec.comparator().compare(one, other));
        int found = Integer.signum(Arrays.compareUnsigned(oneBytes, codec.encode(other)));
        assertEquals(order, found, () -> about(one) + " and " + about(other));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  <T> void decode_anyBytes_areRefusedOrTheOnesWritten(Subject<T> subject) {
    Random random = new Random(Campaign.seed());
    for (int i = 0; i < ROUNDS * 10; i++) {
      byte[] hostile = subject.codec().encode(subject.objects().apply(random));
      if (random.nextBoolean()) {
        hostile = Arrays.copyOf(hostile, random.nextInt(hostile.length + 3));
      }
      for (int flips = random.nextInt(3); flips > 0 && hostile.length > 0; flips--) {
        hostile[random.nextInt(hostile.length)] ^= (byte) (1 << random.nextInt(8));
      }
      byte[] bytes = hostile;
      T read;
      try {
        read = subject.codec().decode(bytes);
      } catch (IllegalArgumentException e) {
        continue;
      }
      assertArrayEquals(bytes, subject.codec().encode(read), () -> about(bytes));
    }
  }

  private static String about(Object object) {
    String text = object instanceof byte[] bytes ? Arrays.toString(bytes) : object.toString();
    return text + ", -Dquire.seed=" + Campaign.seed();
  }

  @Test
  void comparators_ofThePlainOnes_areThoseOfTheJdk() {
    assertEquals(-1, Codecs.FLOAT64.comparator().compare(-0.0, 0.0));
    assertEquals(1, Codecs.FLOAT64.comparator().compare(Double.NaN, Double.POSITIVE_INFINITY));
    double other = Double.longBitsToDouble(0xFFF8_0000_0000_0001L);
    assertArrayEquals(Codecs.FLOAT64.encode(Double.NaN), Codecs.FLOAT64.encode(other));
    assertTrue(Codecs.UINT32.comparator().compare(-1, 1) > 0);
    assertTrue(Codecs.UINT64.comparator().compare(-1L, 1L) > 0);
    assertTrue(Codecs.STRING.comparator().compare("\uFFFF", "\uD800\uDC00") < 0);
    assertTrue("\uFFFF".compareTo("\uD800\uDC00") > 0);
    UUID negative = UUID.fromString("ffffffff-0000-0000-0000-000000000000");
    assertTrue(Codecs.UUIDS.comparator().compare(negative, new UUID(0, 0)) < 0);
  }

  @Test
  void encode_uint64_isTheKeyOfANumber() {
    assertArrayEquals(Keys.ofLong(77), Codecs.UINT64.encode(77L));
  }

  @Test
  void encode_whatHasNoBytes_isRefused() {
    for (String half : List.of("\uD800", "\uDC00", "a\uDC00\uD800")) {
      assertThrows(IllegalArgumentException.class, () -> Codecs.STRING.encode(half));
    }
  }

  @Test
  void decode_hostileBytes_areRefused() {
    byte[] overlong = {(byte) 0xC0, (byte) 0x80};
    byte[] surrogate = {(byte) 0xED, (byte) 0xA0, (byte) 0x80};
    for (byte[] text : List.of(overlong, surrogate, new byte[] {(byte) 0xFF})) {
      assertThrows(IllegalArgumentException.class, () -> Codecs.STRING.decode(text));
    }
    byte[] endless = "half".getBytes(StandardCharsets.UTF_8);
    KeyCodec<?> pairs = KeyCodec.pair(Codecs.STRING, Codecs.STRING);
    assertThrows(IllegalArgumentException.class, () -> pairs.decode(endless));
    assertThrows(IllegalArgumentException.class, () -> pairs.decode(new byte[] {0, 7}));
    byte[] nanos = new byte[12];
    Arrays.fill(nanos, (byte) 0x80);
    assertThrows(IllegalArgumentException.class, () -> Codecs.INSTANT.decode(nanos));
    byte[] beyond = new byte[12];
    Arrays.fill(beyond, 0, 8, (byte) 0xFF);
    assertThrows(IllegalArgumentException.class, () -> Codecs.INSTANT.decode(beyond));
  }

  @Test
  void names_ofCodecs_areHeldToTheirLimits() {
    Function<String, byte[]> encoder = Codecs.STRING::encode;
    Function<byte[], String> decoder = Codecs.STRING::decode;
    assertEquals("json/1", Codec.of("json/1", encoder, decoder).name());
    for (String bad : List.of("", "x".repeat(256), "a\0b", "\uD800")) {
      assertThrows(IllegalArgumentException.class, () -> Codec.of(bad, encoder, decoder));
    }
    KeyCodec<String> longest = Codecs.STRING.as(text -> text, text -> text);
    assertEquals("string", longest.name());
    assertEquals("pair(string,instant)", VISITS.name());
  }

  @Test
  void as_ofAValue_keepsTheBytes() {
    Codec<StringBuilder> builders =
        ((Codec<String>) Codecs.STRING).as(StringBuilder::new, StringBuilder::toString);
    assertArrayEquals(Codecs.STRING.encode("x"), builders.encode(new StringBuilder("x")));
    assertEquals("x", builders.decode(Codecs.STRING.encode("x")).toString());
  }
}

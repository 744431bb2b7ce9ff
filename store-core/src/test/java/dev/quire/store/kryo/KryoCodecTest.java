package dev.quire.store.kryo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.esotericsoftware.kryo.io.Output;
import dev.quire.store.Codec;
import dev.quire.store.Codecs;
import dev.quire.store.Store;
import dev.quire.store.StoreMap;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.JvmLaunch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Goal: objects come back as they were, and no bytes do harm.
///
/// Method: round trips, also of a class that has changed; bytes of valid objects that are flipped,
/// cut and extended at random (`-Dquire.seed`), and such that ask for much memory. What a JVM says
/// about it is seen in a process of its own ([KryoProcess]).
class KryoCodecTest {

  enum Mood {
    GOOD,
    BAD
  }

  record Place(String city, double[] at) {}

  static class User {
    @Nullable String name;
    int age;
    Mood mood = Mood.GOOD;
    List<String> tags = new ArrayList<>();
    Map<String, Place> places = new HashMap<>();
    @Nullable User friend;
    @Nullable Instant seen;
    byte[] photo = {};
  }

  static class OldUser {
    @Nullable String name;
    int shoeSize;
  }

  /// What became of [OldUser].
  static class NewUser {
    @Nullable String name;
    String mail = "none";
    List<String> tags = new ArrayList<>();
  }

  /// Never registered.
  static class Stranger {
    static {
      Made.strangers++;
    }
  }

  private static final class Made {
    static int strangers;
  }

  static KryoCodec<User> users() {
    return KryoCodec.of("users/1", User.class)
        .register(User.class, 16)
        .register(Mood.class, 17)
        .register(ArrayList.class, 18)
        .register(HashMap.class, 19)
        .register(Place.class, 20)
        .register(double[].class, 21)
        .register(Instant.class, 22)
        .register(byte[].class, 23)
        .build();
  }

  static User user() {
    User user = new User();
    user.name = "Ada \u00e9\ud83d\ude00";
    user.age = -36;
    user.mood = Mood.BAD;
    user.tags.addAll(List.of("a", "b"));
    user.places.put("home", new Place("London", new double[] {51.5, -0.1}));
    user.friend = new User();
    user.seen = Instant.ofEpochSecond(7, 999_999_999);
    user.photo = new byte[300];
    return user;
  }

  @Test
  void decode_whatWasEncoded_isTheSame() {
    KryoCodec<User> codec = users();
    User back = codec.decode(codec.encode(user()));
    assertEquals("Ada \u00e9\ud83d\ude00", back.name);
    assertEquals(-36, back.age);
    assertEquals(Mood.BAD, back.mood);
    assertEquals(List.of("a", "b"), back.tags);
    assertEquals("London", back.places.get("home").city());
    assertEquals(-0.1, back.places.get("home").at()[1]);
    assertNull(back.friend.name);
    assertEquals(user().seen, back.seen);
    assertEquals(300, back.photo.length);
    assertEquals("kryo:users/1", codec.name());
  }

  @Test
  void decode_anotherFormOfTheClass_takesWhatItKnows() {
    KryoCodec<NewUser> newer =
        KryoCodec.of("users/1", NewUser.class)
            .register(NewUser.class, 16)
            .register(ArrayList.class, 18)
            .build();
    KryoCodec<OldUser> oldest =
        KryoCodec.of("users/1", OldUser.class)
            .register(OldUser.class, 16)
            .register(ArrayList.class, 18)
            .build();
    OldUser before = new OldUser();
    before.name = "Grace";
    before.shoeSize = 42;
    NewUser after = newer.decode(oldest.encode(before));
    assertEquals("Grace", after.name);
    assertEquals("none", after.mail);
    assertEquals(List.of(), after.tags);
    NewUser made = new NewUser();
    made.name = "Alan";
    OldUser back = oldest.decode(newer.encode(made));
    assertEquals("Alan", back.name);
    assertEquals(0, back.shoeSize);
  }

  @Test
  void encode_unregisteredClass_isRefused() {
    Codec<Object> codec = KryoCodec.of("any", Object.class).build();
    assertThrows(IllegalArgumentException.class, () -> codec.encode(new StringBuilder()));
    assertEquals(7, codec.decode(codec.encode(7)));
    assertEquals("text", codec.decode(codec.encode("text")));
  }

  @Test
  void decode_classByItsName_isRefusedAndNotLoaded() {
    byte[] hostile;
    try (Output output = new Output(256, -1)) {
      output.writeVarInt(1, true); // what Kryo writes before a name
      output.writeVarInt(0, true);
      output.writeString(KryoCodecTest.class.getName() + "$Stranger");
      output.writeInt(0);
      hostile = output.toBytes();
    }
    KryoCodec<User> codec = users();
    String message =
        assertThrows(IllegalArgumentException.class, () -> codec.decode(hostile)).getMessage();
    assertTrue(message.contains("by its name"), message);
    assertEquals(0, Made.strangers);
  }

  @Test
  void decode_classOfAnotherType_isRefused() {
    Codec<Object> any = KryoCodec.of("any", Object.class).build();
    byte[] text = any.encode("text");
    assertThrows(IllegalArgumentException.class, () -> users().decode(text));
    assertThrows(IllegalArgumentException.class, () -> any.decode(new byte[] {0}));
    byte[] longer = Arrays.copyOf(text, text.length + 1);
    assertThrows(IllegalArgumentException.class, () -> any.decode(longer));
    assertThrows(IllegalArgumentException.class, () -> any.decode(new byte[0]));
  }

  /// Runs through hostile bytes; returns how many were refused.
  static int decodeHostileBytes(long seed, int rounds) {
    Random random = new Random(seed);
    KryoCodec<User> codec = users();
    byte[] valid = codec.encode(user());
    int refused = 0;
    for (int i = 0; i < rounds; i++) {
      byte[] hostile =
          Arrays.copyOf(
              valid, random.nextInt(4) == 0 ? random.nextInt(valid.length) : valid.length);
      for (int flips = 1 + random.nextInt(4); flips > 0 && hostile.length > 0; flips--) {
        int at = random.nextInt(hostile.length);
        hostile[at] = (byte) (random.nextBoolean() ? 0xFF : hostile[at] ^ 1 << random.nextInt(8));
      }
      try {
        User _ = codec.decode(hostile);
      } catch (IllegalArgumentException e) {
        refused++;
      }
    }
    return refused + decodeHostileLengths();
  }

  /// For each array and collection a length of two thousand millions.
  private static int decodeHostileLengths() {
    Codec<Object> codec =
        KryoCodec.of("any", Object.class)
            .register(byte[].class, 16)
            .register(int[].class, 17)
            .register(long[].class, 18)
            .register(double[].class, 19)
            .register(boolean[].class, 20)
            .register(String[].class, 21)
            .register(Object[].class, 22)
            .register(ArrayList.class, 23)
            .register(HashMap.class, 24)
            .register(HashSet.class, 25)
            .register(BitSet.class, 26)
            .build();
    int refused = 0;
    for (int id = 0; id <= 26; id++) {
      for (int lead = 0; lead < 3; lead++) {
        Output output = new Output(64, -1);
        output.writeVarInt(id + 2, true);
        for (int i = 0; i < lead; i++) {
          output.writeByte(i);
        }
        output.writeVarIntFlag(true, 2_000_000_000, true);
        output.writeVarInt(2_000_000_000, true);
        try {
          Object _ = codec.decode(output.toBytes());
        } catch (IllegalArgumentException e) {
          refused++;
        }
      }
    }
    return refused;
  }

  @Test
  void decode_hostileBytes_endsInAnException() {
    assertTrue(decodeHostileBytes(Campaign.seed(), 3_000) > 1_000);
  }

  @Test
  void decode_nestedTooDeep_isRefused() {
    User user = user();
    for (int i = 0; i < 2_000; i++) {
      User outer = new User();
      outer.friend = user;
      user = outer;
    }
    User deepest = user;
    KryoCodec<User> codec = users();
    assertThrows(IllegalArgumentException.class, () -> codec.encode(deepest));
    assertEquals("Ada \u00e9\ud83d\ude00", codec.decode(codec.encode(user())).name);
  }

  @Test
  void register_twice_isRefused() {
    KryoCodec.Builder<User> builder = KryoCodec.of("x", User.class).register(User.class, 16);
    assertThrows(IllegalArgumentException.class, () -> builder.register(User.class, 17));
    assertThrows(IllegalArgumentException.class, () -> builder.register(Place.class, 16));
    assertThrows(IllegalArgumentException.class, () -> builder.register(Place.class, 15));
    assertThrows(IllegalArgumentException.class, () -> builder.register(Place.class, 65_536));
  }

  @Test
  void encode_byManyVirtualThreads_isSafe() throws Exception {
    KryoCodec<User> codec = users();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<User>> running = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        User user = user();
        user.age = i;
        running.add(threads.submit(() -> codec.decode(codec.encode(user))));
      }
      for (int i = 0; i < 200; i++) {
        assertEquals(i, running.get(i).get().age);
      }
    }
  }

  @Test
  void map_ofObjects_keepsThem() {
    try (Store store = Store.inMemory()) {
      StoreMap<String, User> map = store.map("users", Codecs.STRING, users());
      map.put("ada", user());
      map.computeIfPresent(
          "ada",
          (key, user) -> {
            user.age++;
            return user;
          });
      assertEquals(-35, map.get("ada").age);
      assertEquals("kryo:users/1", store.codecs("users").values());
    }
  }

  @Test
  void aProcessOfItsOwn_smallAndWithoutFlags_saysNothing() {
    JvmLaunch launch = JvmLaunch.of(KryoProcess.class).withFlags("-Xmx48m", "-Xlog:disable");
    try (ChildJvm child = ChildJvm.start(launch)) {
      assertEquals("back", child.ask("roundtrip"));
      assertTrue(Integer.parseInt(child.ask("hostile " + Campaign.seed())) > 500);
      assertEquals(0, child.finish());
      assertEquals("", child.errors());
    }
  }

  @Test
  void of_withoutKryo_isRefusedWithItsCoordinates() {
    JvmLaunch whole = JvmLaunch.of(KryoProcess.class);
    String without =
        String.join(
            System.getProperty("path.separator"),
            Arrays.stream(whole.classPath().split(System.getProperty("path.separator")))
                .filter(part -> !part.contains("kryo"))
                .toList());
    JvmLaunch launch =
        new JvmLaunch(whole.main(), whole.prefix(), whole.flags(), without, whole.patience());
    try (ChildJvm child = ChildJvm.start(launch)) {
      String answer = child.attempt("missing");
      assertTrue(answer.contains("com.esotericsoftware:kryo:5.6.2"), answer);
      assertFalse(answer.contains("NoClassDef"), answer);
    }
  }
}

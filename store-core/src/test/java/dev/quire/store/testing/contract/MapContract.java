package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Codec;
import dev.quire.store.Codecs;
import dev.quire.store.KeyCodec;
import dev.quire.store.MapSnapshot;
import dev.quire.store.Pair;
import dev.quire.store.ReadTxn;
import dev.quire.store.StoreMap;
import dev.quire.store.Table;
import dev.quire.store.TableCodecs;
import dev.quire.store.TableOptions;
import dev.quire.store.errors.CodecException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/// Typed maps: what guava-testlib does not ask of a map.
@Timeout(60)
public abstract class MapContract extends StoreContract {

  private static final RuntimeException BROKEN = new IllegalStateException("broken on purpose");

  protected MapContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  private StoreMap<String, Long> map() {
    return store().map("m", Codecs.STRING, Codecs.INT64);
  }

  private static void assertTold(String words, Executable misuse) {
    String message = assertThrows(IllegalArgumentException.class, misuse).getMessage();
    assertTrue(message != null && message.contains(words), message);
  }

  // -- codecs -------------------------------------------------------------------------------------

  @Test
  void map_otherCodecs_areRefusedByName() {
    Codec<Long> own = Codec.of("own:long/1", Codecs.INT64::encode, Codecs.INT64::decode);
    assertNull(store().codecs("m"));
    StoreMap<String, Long> map = store().map("m", Codecs.STRING, own);
    map.put("a", 1L);
    assertEquals(new TableCodecs("string", "own:long/1"), store().codecs("m"));
    assertTold("own:long/1", () -> store().map("m", Codecs.STRING, Codecs.INT64));
    assertTold("\"int64\"", () -> store().map("m", Codecs.STRING, Codecs.INT64));
    assertTold("\"bytes\"", () -> store().map("m", Codecs.BYTES, own));
    assertEquals(1L, store().map("m", Codecs.STRING, own).get("a"));
    assertEquals(List.of("m"), store().tables());
    if (form().survivesClose()) {
      assertEquals(new TableCodecs("string", "own:long/1"), reopen().codecs("m"));
      assertTold("own:long/1", () -> store().map("m", Codecs.STRING, Codecs.INT64));
    }
  }

  @Test
  void map_ofATableOfBytes_givesItItsCodecs() {
    Table table = store().table("m");
    table.put(bytes("a"), Codecs.INT64.encode(5L));
    assertNull(store().codecs("m"));
    assertEquals(5L, map().get("a"));
    assertEquals(new TableCodecs("string", "int64"), store().codecs("m"));
    assertEquals(1, table.count());
    if (form().survivesClose()) {
      assertEquals(new TableCodecs("string", "int64"), reopen().codecs("m"));
      assertEquals(5L, map().get("a"));
    }
  }

  @Test
  void dropTable_ofAMap_forgetsItsCodecs() {
    map().put("a", 1L);
    assertTrue(store().dropTable("m"));
    assertNull(store().codecs("m"));
    store().map("m", Codecs.BYTES, Codecs.STRING).put(bytes("a"), "b");
    assertEquals(new TableCodecs("bytes", "string"), store().codecs("m"));
  }

  @Test
  void map_keysOfEightBytes_areIntegerKeys() {
    StoreMap<Long, String> map = store().map("m", Codecs.INT64, Codecs.STRING);
    for (long key : new long[] {3, -3, 0, Long.MIN_VALUE, Long.MAX_VALUE}) {
      map.put(key, "of " + key);
    }
    assertTrue(store().table("m").stats().options().integerKeys());
    assertEquals(
        List.of(Long.MIN_VALUE, -3L, 0L, 3L, Long.MAX_VALUE), new ArrayList<>(map.keySet()));
    assertEquals(
        List.of(0L, -3L), List.copyOf(map.headMap(0L, true).tailMap(-3L).descendingKeySet()));
    assertEquals(-3L, map.lowerKey(0L));
    store().table("n", TableOptions.defaults().withIntegerKeys(true));
    assertTold("integer keys", () -> store().map("n", Codecs.STRING, Codecs.STRING));
    store().table("o").put(Codecs.INT64.encode(7L), bytes("seven"));
    assertEquals("seven", store().map("o", Codecs.INT64, Codecs.STRING).get(7L));
  }

  @Test
  void get_bytesOfSomebodyElse_areAClearErrorAndStay() {
    StoreMap<String, Long> map = map();
    Table table = store().table("m");
    table.put(bytes("bad"), bytes("seven"));
    table.put(new byte[] {(byte) 0xFF}, Codecs.INT64.encode(1L));
    map.put("good", 1L);
    String message = assertThrows(CodecException.class, () -> map.get("bad")).getMessage();
    assertTrue(message.contains("\"m\"") && message.contains("int64"), message);
    assertThrows(CodecException.class, () -> map.put("bad", 2L));
    assertThrows(CodecException.class, () -> map.remove("bad"));
    assertThrows(CodecException.class, map::pollFirstEntry);
    assertThrows(CodecException.class, map::lastKey);
    assertEquals(1L, map.get("good"));
    assertEquals("seven", text(table.get(bytes("bad"))));
    map.putAll(Map.of("bad", 3L));
    assertEquals(3L, map.get("bad"));
    table.put(bytes("bad"), bytes("seven"));
    assertTrue(map.keySet().remove("bad"));
    assertFalse(map.containsKey("bad"));
  }

  @Test
  void put_codecThatThrows_losesNothing() {
    Codec<String> codec =
        Codec.of(
            "moody",
            text -> {
              if (text.isEmpty()) {
                throw BROKEN;
              }
              return bytes(text);
            },
            bytes -> {
              if (bytes.length == 3) {
                throw BROKEN;
              }
              return String.valueOf(text(bytes));
            });
    StoreMap<String, String> map = store().map("m", Codecs.STRING, codec);
    map.put("a", "old");
    assertSame(BROKEN, assertThrows(CodecException.class, () -> map.put("a", "new")).getCause());
    assertTold("moody", () -> map.put("b", ""));
    assertTold("moody", () -> map.putAll(new TreeMap<>(Map.of("b", "fine", "c", ""))));
    assertTold("moody", () -> map.compute("b", (key, before) -> ""));
    assertEquals(List.of("a"), List.copyOf(map.keySet()));
    assertEquals("old", text(store().table("m").get(bytes("a"))));
  }

  @Test
  void map_nullsAndStrangers_areRefused() {
    StoreMap<String, Long> map = map();
    assertThrows(NullPointerException.class, () -> map.put(null, 1L));
    assertThrows(NullPointerException.class, () -> map.put("a", null));
    assertThrows(NullPointerException.class, () -> map.get(null));
    assertThrows(NullPointerException.class, () -> map.computeIfAbsent("a", null));
    assertThrows(ClassCastException.class, () -> map.get(7));
    assertTold("surrogate", () -> map.get("\uD800"));
    assertTrue(map.isEmpty());
  }

  // -- functions ----------------------------------------------------------------------------------

  @Test
  void compute_functionThatThrows_changesNothing() {
    StoreMap<String, Long> map = map();
    map.put("a", 1L);
    assertSame(
        BROKEN,
        assertThrows(
            IllegalStateException.class,
            () ->
                map.compute(
                    "a",
                    (key, before) -> {
                      throw BROKEN;
                    })));
    assertEquals(1L, map.get("a"));
  }

  @Test
  void compute_functionThatReadsTheStore_seesWhatIsCommitted() {
    StoreMap<String, Long> map = map();
    map.put("a", 1L);
    map.put("b", 10L);
    assertEquals(
        12L,
        map.compute("a", (key, before) -> before + map.get("b") + map.firstEntry().getValue()));
    assertEquals(12L, map.merge("a", 5L, (before, value) -> map.get(("a")) < 12 ? -1L : before));
  }

  @Test
  void compute_functionThatWritesToTheStore_isRefusedAndChangesNothing() {
    StoreMap<String, Long> map = map();
    map.put("a", 1L);
    assertThrows(
        IllegalStateException.class, () -> map.compute("a", (key, before) -> map.put("b", 2L)));
    assertThrows(
        IllegalStateException.class,
        () -> map.computeIfAbsent("c", key -> map.computeIfAbsent("d", other -> 1L)));
    assertThrows(
        IllegalStateException.class,
        () -> map.merge("a", 1L, (before, value) -> store().table("x").count() + map.remove("a")));
    assertEquals(Map.of("a", 1L), map);
  }

  @Test
  void compute_objectThatTheFunctionChanged_isWritten() {
    Codec<List<String>> lists =
        Codec.of(
            "words",
            list -> bytes(String.join(" ", list)),
            bytes -> new ArrayList<>(List.of(String.valueOf(text(bytes)).split(" "))));
    StoreMap<String, List<String>> map = store().map("m", Codecs.STRING, lists);
    map.put("a", List.of("x"));
    map.computeIfPresent(
        "a",
        (key, list) -> {
          list.add("y");
          return list;
        });
    assertEquals(List.of("x", "y"), map.get("a"));
  }

  @Test
  void merge_byManyThreads_losesNothing() throws Exception {
    StoreMap<String, Long> map = map();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 25; i++) {
                    map.merge("k" + i % 3, 1L, Long::sum);
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    assertEquals(100L, map.values().stream().mapToLong(Long::longValue).sum());
  }

  // -- walks and parts ----------------------------------------------------------------------------

  private void fill(StoreMap<String, Long> map, int count) {
    Map<String, Long> many = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      many.put("%05d".formatted(i), (long) i);
    }
    map.putAll(many);
  }

  @Test
  void walk_manyEntries_meetsEachOnceInOrder() {
    StoreMap<String, Long> map = map();
    fill(map, 3000);
    long next = 0;
    for (Map.Entry<String, Long> entry : map.entrySet()) {
      assertEquals(next++, entry.getValue());
    }
    assertEquals(3000, next);
    for (String key : map.descendingMap().keySet()) {
      assertEquals("%05d".formatted(--next), key);
    }
    assertEquals(0, next);
    assertEquals(1000, map.subMap("01000", "02000").size());
    assertEquals(1000, map.subMap("01000", "02000").values().stream().distinct().count());
  }

  @Test
  void walk_besideChanges_isWeaklyConsistent() {
    StoreMap<String, Long> map = map();
    fill(map, 1000);
    Iterator<String> walk = map.keySet().iterator();
    assertEquals("00000", walk.next());
    map.headMap("00990").clear();
    map.put("00990x", 1L);
    List<String> rest = new ArrayList<>();
    walk.forEachRemaining(rest::add);
    assertTrue(rest.containsAll(map.keySet()), rest.toString());
    assertTrue(rest.size() < 100, rest.toString());
    Iterator<String> unused = map.keySet().iterator();
    assertThrows(IllegalStateException.class, unused::remove);
    unused.next();
    unused.remove();
    assertThrows(IllegalStateException.class, unused::remove);
    while (unused.hasNext()) {
      unused.next();
    }
    assertThrows(NoSuchElementException.class, unused::next);
    assertEquals(10, map.size());
  }

  @Test
  void parts_ofPairs_endAtThePrefix() {
    KeyCodec<Pair<String, Long>> keys = KeyCodec.pair(Codecs.STRING, Codecs.INT64);
    StoreMap<Pair<String, Long>, String> map = store().map("m", keys, Codecs.STRING);
    for (String user : List.of("", "a", "a\0", "ab", "b")) {
      for (long at : new long[] {-1, 0, 1}) {
        map.put(new Pair<>(user, at), user);
      }
    }
    NavigableMap<Pair<String, Long>, String> ofOne =
        map.subMap(new Pair<>("a", Long.MIN_VALUE), true, new Pair<>("a", Long.MAX_VALUE), true);
    assertEquals(List.of("a", "a", "a"), List.copyOf(ofOne.values()));
    assertEquals(15, map.size());
  }

  // -- transactions -------------------------------------------------------------------------------

  @Test
  void snapshot_ofAMap_staysAsItIs() {
    StoreMap<String, Long> map = map();
    fill(map, 100);
    MapSnapshot<String, Long> snapshot = map.snapshot();
    map.clear();
    map.put("x", 1L);
    assertEquals(100, snapshot.size());
    assertEquals(50, snapshot.headMap("00050").size());
    assertEquals("00099", snapshot.lastKey());
    assertEquals(Map.of("x", 1L), map);
    assertThrows(UnsupportedOperationException.class, () -> snapshot.put("a", 1L));
    assertThrows(UnsupportedOperationException.class, () -> snapshot.remove("00001"));
    assertThrows(UnsupportedOperationException.class, snapshot::clear);
    assertThrows(UnsupportedOperationException.class, snapshot::pollFirstEntry);
    snapshot.close();
    snapshot.close();
    assertThrows(IllegalStateException.class, snapshot::size);
    assertThrows(IllegalStateException.class, () -> snapshot.get("a"));
  }

  @Test
  void within_aTransaction_isPartOfIt() {
    StoreMap<String, Long> map = map();
    map.put("a", 1L);
    StoreMap<Long, String> back = store().map("back", Codecs.INT64, Codecs.STRING);
    store()
        .write(
            txn -> {
              map.within(txn).put("b", 2L);
              back.within(txn).put(2L, "b");
              assertEquals(List.of("a", "b"), List.copyOf(map.within(txn).keySet()));
              assertNull(map.get("b"));
              assertEquals(3L, map.within(txn).merge("b", 1L, Long::sum));
              map.within(txn).keySet().removeIf("a"::equals);
            });
    assertEquals(Map.of("b", 3L), map);
    assertEquals("b", back.get(2L));
    try (ReadTxn txn = store().beginRead()) {
      map.put("c", 1L);
      assertEquals(1, map.within(txn).size());
      assertThrows(UnsupportedOperationException.class, () -> map.within(txn).put("d", 1L));
    }
  }

  @Test
  void map_storeClosed_isRefused() {
    StoreMap<String, Long> map = map();
    map.put("a", 1L);
    store().close();
    assertThrows(IllegalStateException.class, () -> map.get("a"));
    assertThrows(IllegalStateException.class, () -> map.put("a", 1L));
    assertThrows(IllegalStateException.class, map::snapshot);
    assertThrows(IllegalStateException.class, this::map);
  }

  @Test
  void map_inAWriteTransaction_writesNothing() {
    StoreMap<String, Long> map = map();
    store()
        .write(
            txn -> {
              assertThrows(IllegalStateException.class, () -> map.put("a", 1L));
            });
    assertTrue(map.isEmpty());
  }
}

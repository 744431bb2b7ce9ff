package dev.quire.store.internal.inspect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.CheckReport;
import dev.quire.store.KeyRange;
import dev.quire.store.ReadTxn;
import dev.quire.store.Savepoint;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.WriteTxn;
import dev.quire.store.options.Checksums;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: a store that the engine wrote has no violation, in whatever form and whatever was done.
class CleanStoreTest {

  private static final long SEED = Long.getLong("quire.seed", System.nanoTime());

  @TempDir private Path directory;

  private final Random random = new Random(SEED);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertClean(Store store) {
    CheckReport report = store.check();
    assertEquals(List.of(), report.violations(), "-Dquire.seed=" + SEED);
    assertEquals(List.of(), report.notes());
  }

  private Store open(StoreOptions options) {
    return Store.open(directory.resolve("store"), options);
  }

  private byte[] value(int length) {
    byte[] value = new byte[length];
    random.nextBytes(value);
    return value;
  }

  /// Tables of both kinds, with long keys and values, some of it deleted again.
  private void fill(Store store) {
    TableOptions integers = TableOptions.defaults().withIntegerKeys(true);
    for (int round = 0; round < 3; round++) {
      try (WriteTxn txn = store.beginWrite()) {
        Table text = txn.table("text");
        Table numbers = txn.table("numbers", integers);
        Table large = txn.table("large");
        for (int i = 0; i < 2000; i++) {
          text.put(bytes("common/prefix/" + random.nextInt(5000)), value(random.nextInt(150)));
          byte[] number = new byte[8];
          number[6] = (byte) random.nextInt(20);
          number[7] = (byte) random.nextInt();
          numbers.put(number, value(random.nextInt(100)));
        }
        for (int i = 0; i < 60; i++) {
          byte[] key = new byte[1 + random.nextInt(8) * 5_000 + random.nextInt(100)];
          key[key.length / 2] = (byte) random.nextInt(3);
          large.put(key, value(random.nextInt(20_000)));
        }
        text.deleteRange(KeyRange.between(bytes("common/prefix/2"), bytes("common/prefix/3")));
        txn.commit();
      }
      assertClean(store);
    }
  }

  @Test
  void check_largeStore_saysHowFarItIs() {
    List<Long> told = new ArrayList<>();
    try (Store store = Store.open(directory.resolve("large"))) {
      for (byte i = 0; i < 5; i++) {
        store.table("large").put(new byte[] {i}, new byte[4 << 20]);
      }
      assertTrue(store.check(told::add).isClean());
    }
    assertTrue(told.size() >= 2, told::toString);
    assertTrue(told.getLast() > 16 << 20 && told.getLast() > told.getFirst(), told::toString);
  }

  @Test
  void check_newStore_isClean() {
    try (Store store = open(StoreOptions.defaults())) {
      assertClean(store);
    }
    try (Store store = Store.inMemory()) {
      assertClean(store);
    }
  }

  @Test
  void check_inMemory_isClean() {
    try (Store store = Store.inMemory()) {
      fill(store);
      assertClean(store);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4 << 10, 16 << 10, 64 << 10})
  void check_pageSizes_isClean(int pageSizeBytes) {
    StoreOptions options = StoreOptions.defaults().withPageSizeBytes(pageSizeBytes);
    try (Store store = open(options)) {
      fill(store);
      store.checkpoint();
      assertClean(store);
    }
    try (Store store = open(options)) {
      assertClean(store);
      fill(store);
    }
    try (Store store = open(options)) {
      assertClean(store);
    }
  }

  @Test
  void check_withoutChecksums_isClean() {
    StoreOptions options = StoreOptions.defaults().withChecksums(Checksums.OFF);
    try (Store store = open(options)) {
      fill(store);
    }
    try (Store store = open(options)) {
      assertClean(store);
    }
  }

  @Test
  void check_inMemoryWithChecksums_isClean() {
    try (Store store = Store.inMemory(StoreOptions.defaults().withChecksums(Checksums.VERIFY))) {
      fill(store);
    }
  }

  @Test
  void check_manyTables_isClean() {
    try (Store store = open(StoreOptions.defaults())) {
      for (int round = 0; round < 5; round++) {
        try (WriteTxn txn = store.beginWrite()) {
          for (int i = 0; i < 100; i++) {
            String name = "a table with a name of some length " + round + "/" + i;
            txn.table(name).put(bytes("key"), value(i * 50));
          }
          txn.commit();
        }
        assertClean(store);
      }
      for (int i = 0; i < 100; i++) {
        store.dropTable("a table with a name of some length 3/" + i);
      }
      assertClean(store);
      assertEquals(400, store.check().entries().size());
    }
    try (Store store = open(StoreOptions.defaults())) {
      assertClean(store);
    }
  }

  @Test
  void check_largeTableDroppedBitByBit_isClean() {
    try (Store store = open(StoreOptions.defaults())) {
      for (int i = 0; i < 4; i++) {
        try (WriteTxn txn = store.beginWrite()) {
          for (int k = 0; k < 10_000; k++) {
            txn.table("large").put(bytes(i + "/" + k), value(100));
          }
          txn.commit();
        }
      }
      assertTrue(store.dropTable("large"));
      assertClean(store);
      for (int i = 0; i < 20; i++) {
        store.table("small").put(bytes("key"), value(i));
        assertClean(store);
      }
    }
  }

  @Test
  void check_copyOfARunningStoreRecovered_isClean() throws IOException {
    Path copy = directory.resolve("copy");
    Files.createDirectory(copy);
    try (Store store = open(StoreOptions.defaults())) {
      fill(store);
      store.checkpoint();
      for (int i = 0; i < 50; i++) {
        store.table("text").put(bytes("later/" + i), value(i));
      }
      store.dropTable("numbers");
      Files.copy(directory.resolve("store").resolve("data"), copy.resolve("data"));
    }
    try (Store recovered = Store.open(copy)) {
      assertClean(recovered);
      assertEquals(List.of("large", "text"), recovered.tables());
      assertNotNull(recovered.table("text").get(bytes("later/49")));
    }
  }

  @Test
  void check_besideOldReaders_isClean() {
    try (Store store = open(StoreOptions.defaults());
        ReadTxn first = store.beginRead()) {
      fill(store);
      try (ReadTxn second = store.beginRead()) {
        fill(store);
        assertClean(store);
        assertTrue(second.id() > first.id());
      }
      store.checkpoint();
      fill(store);
      assertClean(store);
    }
  }

  @ParameterizedTest
  @MethodSource("durabilities")
  void check_randomSavepoints_isCleanAndHoldsWhatAMapHolds(Durability durability) {
    StoreOptions options =
        StoreOptions.defaults()
            .withDurability(durability)
            .withRingSizeBytes(64 << 10)
            .withWriterMemoryBytes(StoreOptions.MIN_WRITER_MEMORY_BYTES);
    TreeMap<Integer, byte[]> model = new TreeMap<>();
    try (Store store = open(options)) {
      for (int txn = 0; txn < 6; txn++) {
        try (WriteTxn write = store.beginWrite()) {
          TreeMap<Integer, byte[]> changed = new TreeMap<>(model);
          nest(write, changed, 0);
          if (random.nextInt(4) > 0) {
            write.commit();
            model = changed;
          }
        }
        assertClean(store);
        assertHolds(store, model);
      }
    }
    try (Store store = open(options)) {
      assertClean(store);
      assertHolds(store, model);
    }
  }

  static Stream<Durability> durabilities() {
    return Stream.of(
        Durability.SYNC, Durability.interval(Duration.ofMillis(50)), Durability.CHECKPOINT);
  }

  /// Changes of the model inside savepoints inside savepoints, some of them undone.
  private void nest(WriteTxn write, TreeMap<Integer, byte[]> model, int depth) {
    for (int part = 0; part < 3; part++) {
      change(write.table("t"), model);
      if (depth < 3) {
        TreeMap<Integer, byte[]> before = new TreeMap<>(model);
        try (Savepoint savepoint = write.savepoint()) {
          nest(write, model, depth + 1);
          if (random.nextBoolean()) {
            savepoint.release();
          } else {
            model.clear();
            model.putAll(before);
          }
        }
      }
    }
  }

  private void change(Table table, TreeMap<Integer, byte[]> model) {
    for (int i = 0; i < 60; i++) {
      int number = random.nextInt(2_000);
      byte[] key = ByteBuffer.allocate(4).putInt(number).array();
      if (random.nextInt(4) == 0) {
        table.delete(key);
        model.remove(number);
      } else {
        byte[] value = value(random.nextInt(random.nextInt(20) == 0 ? 9_000 : 600));
        table.put(key, value);
        model.put(number, value);
      }
    }
  }

  private static void assertHolds(Store store, TreeMap<Integer, byte[]> model) {
    assertEquals(model.size(), store.table("t").count());
    model.forEach(
        (number, value) -> {
          byte[] key = ByteBuffer.allocate(4).putInt(number).array();
          assertArrayEquals(value, store.table("t").get(key), "-Dquire.seed=" + SEED);
        });
  }
}

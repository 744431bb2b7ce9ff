package dev.quire.store.internal.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.store.CheckReport;
import dev.quire.store.KeyRange;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.WriteTxn;
import dev.quire.store.options.StoreOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
}

package dev.quire.store.internal.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.CheckReport;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.WriteTxn;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: a check beside readers, writers and checkpoints finds nothing, whatever it meets.
class RunningStoreTest {

  private static final long SEED = Long.getLong("quire.seed", System.nanoTime());
  private static final int CHECKS = 15;

  @TempDir private Path directory;

  static Stream<Durability> durabilities() {
    return Stream.of(
        Durability.SYNC, Durability.interval(Duration.ofMillis(5)), Durability.CHECKPOINT);
  }

  @ParameterizedTest
  @MethodSource("durabilities")
  void check_besideWritersAndReaders_isClean(Durability durability) throws InterruptedException {
    StoreOptions options =
        StoreOptions.defaults()
            .withDurability(durability)
            .withRingSizeBytes(64 << 10)
            .withCheckpointPeriod(Duration.ofMillis(20));
    try (Store store = Store.open(directory.resolve("store"), options)) {
      AtomicBoolean done = new AtomicBoolean();
      List<Thread> threads =
          List.of(
              Thread.ofPlatform().start(() -> write(store, done, SEED)),
              Thread.ofPlatform().start(() -> write(store, done, SEED + 1)),
              Thread.ofPlatform().start(() -> read(store, done)));
      try {
        for (int i = 0; i < CHECKS; i++) {
          CheckReport report = store.check();
          assertEquals(List.of(), report.violations(), "-Dquire.seed=" + SEED);
          assertEquals(List.of(), report.notes());
        }
      } finally {
        done.set(true);
        for (Thread thread : threads) {
          thread.join();
        }
      }
      assertTrue(store.check().isClean());
    }
  }

  private static void write(Store store, AtomicBoolean done, long seed) {
    Random random = new Random(seed);
    byte[] value = new byte[9_000];
    while (!done.get()) {
      try (WriteTxn txn = store.beginWrite()) {
        Table table = txn.table("t" + random.nextInt(3));
        for (int i = 0; i < 20; i++) {
          byte[] key = new byte[1 + random.nextInt(2)];
          random.nextBytes(key);
          int length = random.nextInt(10) == 0 ? random.nextInt(9_000) : random.nextInt(200);
          if (random.nextInt(3) == 0) {
            table.delete(key);
          } else {
            table.put(key, Arrays.copyOf(value, length));
          }
        }
        txn.commit();
      }
    }
  }

  private static void read(Store store, AtomicBoolean done) {
    long entries = 0;
    while (!done.get()) {
      try (ReadTxn txn = store.beginRead()) {
        for (String name : txn.tables()) {
          entries += txn.table(name).count();
        }
      }
    }
    assertTrue(entries >= 0);
  }
}

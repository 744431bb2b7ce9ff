package dev.quire.store;

import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ParentLink;
import dev.quire.store.testing.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Threads that change a store without an end, so that its content stays about as large: entries
/// are put and deleted, long values among them; a queue gets entries at one end and loses them at
/// the other; and readers hold their snapshots for long.
final class Churn implements Role {

  /// Entries of each table stay among so many.
  static final int KEYS = 10_000;

  private static final int QUEUED = 2_000;
  private static final int LONG_VALUES = 200;
  private static final long LONGEST_READ_MILLIS = 2_000;

  private final Store store;

  private Churn(Store store) {
    this.store = store;
  }

  static StoreOptions options() {
    return StoreOptions.defaults()
        .withDurability(Durability.interval(Duration.ofMillis(50)))
        .withLockTimeout(Duration.ofMinutes(2));
  }

  /// Fills the store.
  static void fill(Store store, Random random) {
    for (int from = 0; from < KEYS; from += 500) {
      long first = from;
      store.write(
          txn -> {
            for (long key = first; key < first + 500; key++) {
              txn.table("entries").put(Keys.ofLong(key), value(random));
            }
          });
    }
    for (long key = 0; key < LONG_VALUES; key++) {
      store.table("long").put(Keys.ofLong(key), new byte[20_000 + random.nextInt(40_000)]);
    }
  }

  /// Works until a moment.
  ///
  /// @param threads so many write, one more reads
  /// @return number of transactions
  static long work(Store store, long seed, int threads, long deadlineNanos)
      throws InterruptedException {
    AtomicLong transactions = new AtomicLong();
    List<Throwable> failures = new ArrayList<>();
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i <= threads; i++) {
      Random random = new Random(seed * 31 + i);
      boolean reads = i == threads;
      started.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((_, thrown) -> failures.add(thrown))
              .start(
                  () -> {
                    while (System.nanoTime() < deadlineNanos) {
                      if (reads) {
                        readForLong(store, random, deadlineNanos);
                      } else {
                        change(store, random);
                        transactions.incrementAndGet();
                      }
                    }
                  }));
    }
    for (Thread thread : started) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new AssertionError(failures.getFirst());
    }
    return transactions.get();
  }

  private static byte[] value(Random random) {
    return new byte[50 + random.nextInt(800)];
  }

  private static void change(Store store, Random random) {
    store.write(
        txn -> {
          Table entries = txn.table("entries");
          for (int i = 0; i < 5; i++) {
            byte[] key = Keys.ofLong(random.nextInt(KEYS));
            if (random.nextInt(10) < 3) {
              entries.delete(key);
            } else {
              entries.put(key, value(random));
            }
          }
          if (random.nextInt(20) == 0) {
            byte[] key = Keys.ofLong(random.nextInt(LONG_VALUES));
            txn.table("long").put(key, new byte[20_000 + random.nextInt(40_000)]);
          }
          Table queue = txn.table("queue");
          long last = queue.increment(new byte[] {0}, 1);
          queue.put(Keys.ofLong(1L << 60 | last), value(random));
          queue.deleteRange(KeyRange.between(Keys.ofLong(1L << 60), oldest(last)));
        });
  }

  private static byte[] oldest(long last) {
    return Keys.ofLong(1L << 60 | Math.max(0, last - QUEUED));
  }

  /// A snapshot must be what it was at its beginning.
  private static void readForLong(Store store, Random random, long deadlineNanos) {
    try (ReadTxn txn = store.beginRead()) {
      long before = sum(txn);
      long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      long wait = Math.min(left, random.nextLong(LONGEST_READ_MILLIS) + 1);
      if (wait > 0 && new CountDownLatch(1).await(wait, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("nobody ends the wait");
      }
      if (sum(txn) != before) {
        throw new AssertionError("a snapshot has changed");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static long sum(ReadTxn txn) {
    long sum = 0;
    for (String table : txn.tables()) {
      try (Cursor cursor = txn.table(table).cursor()) {
        while (cursor.next()) {
          sum = 31 * sum + cursor.valueBytes().length + cursor.key().length;
        }
      }
    }
    return sum;
  }

  @Override
  public String answer(String verb, String... words) throws Exception {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[1]));
    return Long.toString(work(store, Long.parseLong(words[0]), 2, end));
  }

  /// @param arguments the directory
  public static void main(String[] arguments) {
    try (Store store = Store.open(Path.of(arguments[0]), options())) {
      ParentLink.serve(new Churn(store));
    }
  }
}

package dev.quire.store.cli;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// The works of `bench`, on one store, in which there is nothing before.
///
/// @param entries how many there will be
/// @param valueBytes length of their values
record BenchRun(Store store, int entries, int valueBytes) {

  private static final String TABLE = "bench";
  private static final int BATCH = 1_000;
  private static final int MOST_COMMITS = 500;
  private static final long MOST_COMMIT_NANOS = TimeUnit.SECONDS.toNanos(3);

  /// A factor that spreads numbers over all longs: no two get the same key.
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private static final String BATCH_TEXT = "1,000";

  private static byte[] key(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number * SPREAD).array();
  }

  /// Puts the entries, in no order, 1,000 a transaction.
  BenchFigure put() {
    byte[] value = new byte[valueBytes];
    Arrays.fill(value, (byte) 'v');
    long[] times = new long[(entries + BATCH - 1) / BATCH];
    long begin = System.nanoTime();
    for (int batch = 0; batch < times.length; batch++) {
      long from = System.nanoTime();
      int first = batch * BATCH;
      store.write(
          txn -> {
            Table table = txn.table(TABLE);
            for (int i = first; i < Math.min(entries, first + BATCH); i++) {
              table.put(key(i), value);
            }
          });
      times[batch] = System.nanoTime() - from;
    }
    return BenchFigure.of("put", BATCH_TEXT, entries, System.nanoTime() - begin, times);
  }

  /// Gets as many entries as there are, in no order, some more than once, within one snapshot.
  BenchFigure get() {
    byte[] target = new byte[valueBytes];
    long[] times = new long[entries];
    try (ReadTxn txn = store.beginRead()) {
      Table table = txn.table(TABLE);
      long begin = System.nanoTime();
      for (int i = 0; i < entries; i++) {
        long from = System.nanoTime();
        long length = table.getInto(key(Math.floorMod(i * SPREAD, (long) entries)), target);
        times[i] = System.nanoTime() - from;
        require(length == valueBytes, "an entry is missing");
      }
      return BenchFigure.of("get", "one", entries, System.nanoTime() - begin, times);
    }
  }

  /// Goes over all entries in the order of their keys.
  BenchFigure scan() {
    byte[] target = new byte[valueBytes];
    long[] times = new long[(entries + BATCH - 1) / BATCH];
    try (ReadTxn txn = store.beginRead();
        Cursor cursor = txn.table(TABLE).cursor(KeyRange.all())) {
      long begin = System.nanoTime();
      long from = begin;
      int done = 0;
      while (cursor.next()) {
        cursor.valueInto(target);
        if (++done % BATCH == 0 || done == entries) {
          long now = System.nanoTime();
          times[(done - 1) / BATCH] = now - from;
          from = now;
        }
      }
      require(done == entries, done + " entries of " + entries);
      return BenchFigure.of("scan", BATCH_TEXT, entries, System.nanoTime() - begin, times);
    }
  }

  /// Puts entries one by one, each kept for good before the next; at most for three seconds.
  BenchFigure durablePut() {
    byte[] value = new byte[valueBytes];
    long[] times = new long[MOST_COMMITS];
    Table table = store.table(TABLE);
    int done = 0;
    long begin = System.nanoTime();
    long now = begin;
    while (done < MOST_COMMITS && now - begin < MOST_COMMIT_NANOS) {
      table.put(key(done), value);
      long end = System.nanoTime();
      times[done++] = end - now;
      now = end;
    }
    return BenchFigure.of("durable put", "one", done, now - begin, Arrays.copyOf(times, done));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new CommandFailure(ExitCode.DAMAGED, "the scratch store is wrong: " + message);
    }
  }
}

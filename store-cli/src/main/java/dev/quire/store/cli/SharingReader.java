package dev.quire.store.cli;

import dev.quire.store.Cursor;
import dev.quire.store.Keys;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// A reading process of [SharingDemo]: reads accounts at random, sums them all up now and then, and
/// notes how long ago each new transfer began. As long as it finds nothing new it pauses, longer
/// and longer, so that it leaves its core to the writer. It ends with its standard input.
final class SharingReader {

  /// What a reader has done in a time; written as one line of numbers.
  ///
  /// @param reads single reads, by a snapshot each
  /// @param nanos how long they took
  /// @param snapshots of which all accounts were summed up
  /// @param wrongSums of those
  /// @param medianNanos half of the commits were seen within this time
  /// @param slowNanos 99 of 100 were
  record Report(
      long reads, long nanos, long snapshots, long wrongSums, long medianNanos, long slowNanos) {

    static final Report NONE = new Report(0, 1, 0, 0, 0, 0);

    static Report parse(String line) {
      long[] n = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
      return new Report(n[0], n[1], n[2], n[3], n[4], n[5]);
    }

    String line() {
      return reads
          + " "
          + nanos
          + " "
          + snapshots
          + " "
          + wrongSums
          + " "
          + medianNanos
          + " "
          + slowNanos;
    }
  }

  static final String READY = "ready";

  private static final int BATCH = 64;
  private static final int BATCHES_PER_SUM = 64;
  private static final long REPORT_NANOS = 500_000_000;
  private static final int MOST_DELAYS = 1 << 20;
  private static final long FIRST_PAUSE_NANOS = 20_000;
  private static final long LONGEST_PAUSE_NANOS = 1_000_000;

  private final Output output;
  private final SplittableRandom random = new SplittableRandom();
  private final byte[] number = new byte[Long.BYTES];
  private long[] delays = new long[1024];
  private int delayCount;
  private long lastClock;
  private long reads;
  private long snapshots;
  private long wrongSums;
  private volatile boolean isOver;

  SharingReader(Output output) {
    this.output = output;
  }

  void run(Path path) {
    Thread.ofPlatform().daemon().name("input").start(this::awaitEnd);
    try (Store store = Store.open(path, SharingDemo.options().withCreateIfMissing(false))) {
      say(READY);
      long start = System.nanoTime();
      long reported = start;
      long readsReported = 0;
      int delaysReported = 0;
      long pause = FIRST_PAUSE_NANOS;
      Table accounts = store.table(SharingDemo.ACCOUNTS_TABLE);
      Table clock = store.table(SharingDemo.CLOCK_TABLE);
      for (long batch = 0; !isOver; batch++) {
        if (readBatch(accounts, clock)) {
          pause = FIRST_PAUSE_NANOS;
        } else {
          LockSupport.parkNanos(this, pause);
          pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
        if (batch % BATCHES_PER_SUM == 0) {
          sumUp(store);
        }
        long now = System.nanoTime();
        if (now - reported > REPORT_NANOS) {
          say(report(reads - readsReported, now - reported, delaysReported).line());
          reported = now;
          readsReported = reads;
          delaysReported = delayCount;
        }
      }
      say(report(reads, System.nanoTime() - start, 0).line());
    }
  }

  /// Waits for the end of the standard input, which comes at the latest with that of the parent.
  private void awaitEnd() {
    try {
      while (output.in().read() >= 0) {}
    } catch (IOException e) {
      // An input that cannot be read has ended, too.
    }
    isOver = true;
  }

  /// Reads some accounts; says whether a transfer was committed since the last time.
  private boolean readBatch(Table accounts, Table clock) {
    for (int i = 0; i < BATCH; i++) {
      accounts.getInto(random.nextInt(SharingDemo.ACCOUNTS), number);
    }
    reads += BATCH + 1;
    if (clock.getInto(0L, number) == Long.BYTES) {
      long began = Keys.toLong(number);
      if (began != lastClock) {
        note(System.nanoTime() - began);
        lastClock = began;
        return true;
      }
    }
    return false;
  }

  private void note(long delayNanos) {
    if (delayCount == delays.length && delayCount < MOST_DELAYS) {
      delays = Arrays.copyOf(delays, 2 * delayCount);
    }
    if (delayCount < delays.length) {
      delays[delayCount++] = delayNanos;
    }
  }

  private void sumUp(Store store) {
    long sum = 0;
    try (ReadTxn txn = store.beginRead();
        Cursor cursor = txn.table(SharingDemo.ACCOUNTS_TABLE).cursor()) {
      while (cursor.next()) {
        cursor.valueInto(number);
        sum += Keys.toLong(number);
      }
    }
    snapshots++;
    if (sum != SharingDemo.ACCOUNTS * SharingDemo.AMOUNT) {
      wrongSums++;
    }
  }

  /// @param firstDelay from which on delays are told of
  private Report report(long reads, long nanos, int firstDelay) {
    long[] sorted = Arrays.copyOfRange(delays, firstDelay, delayCount);
    Arrays.sort(sorted);
    long median = sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    long slow = sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.99)];
    return new Report(reads, nanos, snapshots, wrongSums, median, slow);
  }

  private void say(String line) {
    output.line(line);
    output.flush();
  }
}

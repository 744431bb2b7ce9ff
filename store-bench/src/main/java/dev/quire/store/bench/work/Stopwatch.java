package dev.quire.store.bench.work;

import com.sun.management.ThreadMXBean;
import dev.quire.store.bench.peer.Peer;
import dev.quire.store.bench.peer.Session;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Does the same work for the warm-up, and again for the time that is measured, on any number of
/// threads.
final class Stopwatch {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  /// The work of one thread.
  interface Work {

    /// Does `count` operations. Throws [IllegalStateException] if a result is wrong.
    void run(int count);
  }

  /// Makes the work of one thread, in that thread.
  interface Starter {

    /// The work, which uses `session`.
    Work start(Session session, int thread);
  }

  /// What was measured.
  ///
  /// @param operationsPerSecond of all threads
  /// @param bytesPerOperation what an operation allocated on the heap
  record Reading(double operationsPerSecond, double bytesPerOperation) {

    double nanosPerOperation() {
      return NANOS_PER_SECOND / operationsPerSecond;
    }
  }

  private Stopwatch() {}

  /// Measures on `threads` threads.
  ///
  /// @param batch operations between two looks at the clock
  static Reading measure(Trial trial, Peer peer, int threads, int batch, Starter starter) {
    double rate = 0;
    double bytes = 0;
    for (Reading reading : measureEach(trial, peer, threads, batch, starter)) {
      rate += reading.operationsPerSecond;
      bytes += reading.operationsPerSecond * reading.bytesPerOperation;
    }
    return new Reading(rate, bytes / rate);
  }

  /// The same.
  ///
  /// @return what was measured of each thread
  static List<Reading> measureEach(
      Trial trial, Peer peer, int threads, int batch, Starter starter) {
    long warm = System.nanoTime() + trial.warmupMillis() * NANOS_PER_MILLI;
    long end = warm + trial.measureMillis() * NANOS_PER_MILLI;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Reading>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        running.add(
            pool.submit(
                () -> {
                  try (Session session = peer.session()) {
                    return measure(starter.start(session, thread), batch, warm, end);
                  }
                }));
      }
      List<Reading> readings = new ArrayList<>();
      for (Future<Reading> each : running) {
        readings.add(each.get());
      }
      return readings;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Reading measure(Work work, int batch, long warm, long end) {
    run(work, batch, warm);
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    long count = run(work, batch, end);
    long nanos = System.nanoTime() - start;
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    return new Reading(count * NANOS_PER_SECOND / nanos, (double) allocated / count);
  }

  private static long run(Work work, int batch, long until) {
    long count = 0;
    do {
      work.run(batch);
      count += batch;
    } while (System.nanoTime() - until < 0);
    return count;
  }
}

package dev.quire.store.lmdb;

import dev.quire.store.errors.StoreLockedException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/// The thread that takes and gives back LMDB's writer mutex.
///
/// LMDB ties the mutex to a thread of the operating system, which virtual threads are not, and
/// waits for it without a limit of time. So one thread begins and ends all write transactions, and
/// whoever asked for one waits no longer than it wants.
final class WriterThread {

  private final Env<MemorySegment> env;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("quire-lmdb-writer").factory());

  WriterThread(Env<MemorySegment> env) {
    this.env = env;
  }

  /// Begins a write transaction.
  ///
  /// @throws StoreLockedException if another process has one for longer than `timeoutNanos`
  Txn<MemorySegment> begin(long timeoutNanos) {
    AtomicBoolean decided = new AtomicBoolean();
    Future<Txn<MemorySegment>> begun =
        thread.submit(
            () -> {
              Txn<MemorySegment> txn = env.txnWrite();
              if (!decided.compareAndSet(false, true)) {
                txn.close();
              }
              return txn;
            });
    try {
      return get(begun, timeoutNanos);
    } catch (TimeoutException e) {
      if (decided.compareAndSet(false, true)) {
        throw new StoreLockedException(
            "another process has a write transaction of this LMDB environment for longer than "
                + TimeUnit.NANOSECONDS.toMillis(timeoutNanos)
                + " ms",
            e);
      }
      return run(() -> get(begun, Long.MAX_VALUE));
    }
  }

  /// Commits a write transaction.
  void commit(Txn<MemorySegment> txn) {
    end(
        () -> {
          try {
            txn.commit();
          } finally {
            txn.close();
          }
        });
  }

  /// Does something on the thread and waits for it.
  void end(Runnable work) {
    Future<?> done = thread.submit(work);
    run(() -> get(done, Long.MAX_VALUE));
  }

  /// Ends the thread; says whether it came to its end in time.
  boolean close(long timeoutNanos) {
    thread.shutdown();
    long end = System.nanoTime() + timeoutNanos;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return thread.awaitTermination(
              Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      restore(interrupted);
    }
  }

  private static <T> T run(Callable<T> work) {
    try {
      return work.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// Waits, whatever interrupts; what the work threw is thrown.
  private static <T> T get(Future<T> future, long timeoutNanos) throws TimeoutException {
    long end = System.nanoTime() + timeoutNanos;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          long rest = timeoutNanos == Long.MAX_VALUE ? timeoutNanos : end - System.nanoTime();
          return future.get(Math.max(0, rest), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw rethrown(e.getCause());
        }
      }
    } finally {
      restore(interrupted);
    }
  }

  private static RuntimeException rethrown(@Nullable Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException failure) {
      return failure;
    }
    throw new AssertionError(thrown);
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

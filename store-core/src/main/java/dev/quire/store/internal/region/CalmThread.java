package dev.quire.store.internal.region;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Runs one operation on a thread of its own, which nobody interrupts.
///
/// An interrupt closes the [java.nio.channels.FileChannel] that the thread is using. For a channel
/// that cannot be opened again (its file has no name any more, or its open file description must
/// see the outcome of a sync) that would be the end. The caller may be interrupted at any time: it
/// waits all the same and keeps its flag. Costs a thread: for rare operations.
final class CalmThread {

  private CalmThread() {}

  /// What to do on the thread.
  interface Operation<T> {
    T run() throws IOException;
  }

  static <T> T call(Operation<T> operation) throws IOException {
    Outcome<T> outcome = new Outcome<>(operation);
    Thread thread =
        Thread.ofPlatform()
            .name("quire-io")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .start(outcome);
    joinInSpiteOfInterrupts(thread);
    return outcome.get();
  }

  /// Waits for the end of a thread; an interrupt is kept for later.
  static void joinInSpiteOfInterrupts(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Written by the thread, read after joining it.
  private static final class Outcome<T> implements Runnable {
    private final Operation<T> operation;
    private @Nullable T result;
    private @Nullable Throwable failure;

    Outcome(Operation<T> operation) {
      this.operation = operation;
    }

    @Override
    public void run() {
      try {
        result = operation.run();
      } catch (Throwable e) {
        failure = e;
      }
    }

    T get() throws IOException {
      if (failure instanceof IOException e) {
        throw e;
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
      if (failure != null || result == null) {
        throw new AssertionError("an operation returned nothing", failure);
      }
      return result;
    }
  }
}

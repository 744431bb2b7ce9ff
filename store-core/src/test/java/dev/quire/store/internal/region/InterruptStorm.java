package dev.quire.store.internal.region;

import java.util.concurrent.atomic.AtomicReference;

/// Runs rounds of operations on a thread while another thread interrupts it without a pause.
final class InterruptStorm {

  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private InterruptStorm() {}

  /// One round.
  interface Round {
    /// Whether there is another round.
    boolean run(int round);
  }

  /// Returns when the rounds are over; throws what a round threw.
  static void run(Round rounds) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread victim =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    runAll(rounds);
                  } catch (Throwable e) {
                    failure.set(e);
                  }
                });
    while (victim.isAlive()) {
      victim.interrupt();
      Thread.yield();
    }
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError(e);
    }
  }

  private static void runAll(Round rounds) {
    long start = System.nanoTime();
    int round = 0;
    while (rounds.run(round)) {
      round++;
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new AssertionError("no end after " + round + " rounds");
      }
    }
  }
}

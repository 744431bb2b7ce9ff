package dev.quire.store.internal.cache;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Loads a value that is missing: one loader at a time among all threads and processes, and the
/// others wait for what it brings.
///
/// Who loads has a *lease*, a record that names its process. It counts for nothing once that
/// process is dead, and is given back with the value in one transaction; if the loader throws,
/// without one. Who waits looks again after each commit. If the same lease is there for as long as
/// its holder said that loading may take, counted by the waiter's own clock, the waiter takes it
/// over under a new number. What the former holder brings later is discarded, for its number is not
/// the record's any more; it then waits like everybody else.
///
/// No transaction is open while a loader runs.
public final class SingleFlight {

  /// The loads that this thread is in the middle of, the innermost first.
  private record Running(Object key, long fence, @Nullable Running outer) {

    boolean holds(Object sought, long soughtFence) {
      for (Running each = this; each != null; each = each.outer) {
        if (each.fence == soughtFence && each.key.equals(sought)) {
          return true;
        }
      }
      return false;
    }
  }

  private static final ScopedValue<Running> RUNNING = ScopedValue.newInstance();

  private SingleFlight() {}

  /// Loads the bytes of a value; null if there is none.
  ///
  /// @param <X> what loading may throw
  @FunctionalInterface
  public interface Load<X extends Exception> {

    /// Loads it.
    byte @Nullable [] load() throws X;
  }

  /// The value, loaded if it is missing.
  ///
  /// @return null if the loader has none
  /// @throws IllegalStateException if this thread is loading the same key already
  public static <X extends Exception> byte @Nullable [] get(
      LoadSteps steps, long leaseMillis, Load<X> load) throws X, InterruptedException {
    long seen = LoadSteps.NO_FENCE;
    long deadline = 0;
    while (true) {
      boolean isOver = seen != LoadSteps.NO_FENCE && System.nanoTime() - deadline >= 0;
      switch (steps.claim(leaseMillis, isOver ? seen : LoadSteps.NO_FENCE)) {
        case Claim.Present present -> {
          return present.value();
        }
        case Claim.Mine mine -> {
          byte[] loaded = run(steps, mine.fence(), load);
          byte[] there = loaded == null ? null : finish(steps, mine, loaded);
          if (loaded == null || there != null) {
            return there;
          }
          seen = LoadSteps.NO_FENCE;
        }
        case Claim.Busy busy -> {
          requireOther(steps, busy.fence());
          if (busy.fence() != seen) {
            seen = busy.fence();
            deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(busy.leaseMillis());
          }
          steps.await(busy.txnId(), deadline);
        }
      }
    }
  }

  /// The value, loaded anew; waits for nobody.
  ///
  /// @return null if somebody else is loading it, or the loader has none
  public static <X extends Exception> byte @Nullable [] refresh(
      LoadSteps steps, long leaseMillis, Load<X> load) throws X {
    if (!(steps.claimAnew(leaseMillis) instanceof Claim.Mine mine)) {
      return null;
    }
    byte[] loaded = run(steps, mine.fence(), load);
    return loaded == null ? null : finish(steps, mine, loaded);
  }

  private static void requireOther(LoadSteps steps, long fence) {
    if (RUNNING.isBound() && RUNNING.get().holds(steps.identity(), fence)) {
      throw new IllegalStateException(
          "a loader asks for the key that it is loading: it would wait for itself");
    }
  }

  /// Puts what was loaded; gives the lease back if that cannot be done, so that nobody waits for
  /// it.
  private static byte @Nullable [] finish(LoadSteps steps, Claim.Mine mine, byte[] loaded) {
    boolean done = false;
    try {
      byte[] there = steps.finish(mine, loaded);
      done = true;
      return there;
    } finally {
      if (!done) {
        steps.abandon(mine.fence());
      }
    }
  }

  /// Runs the loader; gives the lease back if it has no value.
  private static <X extends Exception> byte @Nullable [] run(
      LoadSteps steps, long fence, Load<X> load) throws X {
    Running outer = RUNNING.isBound() ? RUNNING.get() : null;
    byte[] loaded = null;
    try {
      loaded =
          ScopedValue.where(RUNNING, new Running(steps.identity(), fence, outer)).call(load::load);
    } finally {
      if (loaded == null) {
        steps.abandon(fence);
      }
    }
    return loaded;
  }
}

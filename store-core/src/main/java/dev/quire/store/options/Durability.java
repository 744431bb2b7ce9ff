package dev.quire.store.options;

import java.time.Duration;
import java.util.Objects;

/// What a commit has reached when it returns.
///
/// | mode         | a commit returns when      | a process crash loses | a machine crash loses |
/// |--------------|----------------------------|-----------------------|-----------------------|
/// | [Sync]       | its redo record is synced  | nothing               | nothing               |
/// | [Interval]   | its redo record is written | nothing               | at most the interval  |
/// | [Checkpoint] | it is visible              | nothing               | since the checkpoint  |
///
/// After any crash the store equals one of its committed transactions.
public sealed interface Durability {

  /// Every commit is on the medium before it is visible.
  Durability SYNC = new Sync();

  /// Commits reach the medium with the next checkpoint.
  Durability CHECKPOINT = new Checkpoint();

  /// Commits reach the medium within `period`.
  static Durability interval(Duration period) {
    return new Interval(period);
  }

  /// See [Durability#SYNC].
  record Sync() implements Durability {}

  /// See [Durability#interval].
  ///
  /// @param period time between two syncs (1 ms to 1 h)
  record Interval(Duration period) implements Durability {
    public Interval {
      Objects.requireNonNull(period, "period");
      if (period.toMillis() < 1 || period.compareTo(Duration.ofHours(1)) > 0) {
        throw new IllegalArgumentException("interval " + period + ": allowed are 1 ms to 1 hour");
      }
    }
  }

  /// See [Durability#CHECKPOINT].
  record Checkpoint() implements Durability {}
}

package dev.quire.store.options;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/// When an entry ceases to be. Times count in milliseconds; a life is counted from the begin of the
/// transaction, by the store's clock, and rounded up.
public sealed interface Expiry {

  /// Longest life, about 146 million years.
  Duration MAX_LIFE = Duration.ofMillis(Long.MAX_VALUE / 2);

  /// As the table says: [dev.quire.store.TableOptions#expiry].
  Expiry DEFAULT = new OfTable();

  /// Never.
  Expiry NEVER = new Never();

  /// So long after it is put.
  ///
  /// @throws IllegalArgumentException if `life` is zero, negative or longer than [#MAX_LIFE]
  static Expiry after(Duration life) {
    return new After(life);
  }

  /// At this time. A time that has passed is allowed: the entry is gone at once.
  ///
  /// @throws IllegalArgumentException if `time` is not after the epoch, or its milliseconds do not
  ///   fit a long
  static Expiry at(Instant time) {
    return new At(time);
  }

  /// See [Expiry#DEFAULT].
  record OfTable() implements Expiry {}

  /// See [Expiry#NEVER].
  record Never() implements Expiry {}

  /// See [Expiry#after].
  record After(Duration life) implements Expiry {
    public After {
      Objects.requireNonNull(life, "life");
      if (life.isNegative() || life.isZero() || life.compareTo(MAX_LIFE) > 0) {
        throw new IllegalArgumentException(
            "life of " + life + ": allowed is more than nothing, up to " + MAX_LIFE);
      }
    }
  }

  /// See [Expiry#at].
  record At(Instant time) implements Expiry {
    private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

    public At {
      Objects.requireNonNull(time, "time");
      if (time.isBefore(Instant.ofEpochMilli(1)) || time.isAfter(LATEST)) {
        throw new IllegalArgumentException(
            "expiry at " + time + ": allowed are times after 1970 whose milliseconds fit a long");
      }
    }
  }
}

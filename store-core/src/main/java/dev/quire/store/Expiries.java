package dev.quire.store;

import dev.quire.store.options.Expiry;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Expiries as the store keeps them: epoch milliseconds, 0 for never.
final class Expiries {

  private Expiries() {}

  /// When an entry expires that is put now.
  ///
  /// @param defaultMillis life by default of the entries of the table, 0 for ever
  static long millis(Expiry expiry, long defaultMillis, long nowMillis) {
    return switch (expiry) {
      case Expiry.OfTable() -> defaultMillis == 0 ? 0 : later(nowMillis, defaultMillis);
      case Expiry.Never() -> 0;
      case Expiry.After(Duration life) -> later(nowMillis, roundedUp(life));
      case Expiry.At(Instant time) -> time.toEpochMilli();
    };
  }

  private static long roundedUp(Duration life) {
    long millis = life.toMillis();
    return Duration.ofMillis(millis).equals(life) ? millis : millis + 1;
  }

  private static long later(long nowMillis, long lifeMillis) {
    long time = nowMillis + lifeMillis;
    if (time <= 0) {
      throw new IllegalArgumentException(
          "life of " + lifeMillis + " ms from " + nowMillis + " on: beyond the last time");
    }
    return time;
  }

  /// What an entry says.
  static Expiry of(long expiryMillis) {
    return expiryMillis == 0 ? Expiry.NEVER : Expiry.at(Instant.ofEpochMilli(expiryMillis));
  }

  static @Nullable Duration timeLeft(long expiryMillis, long nowMillis) {
    return expiryMillis == 0 ? null : Duration.ofMillis(expiryMillis - nowMillis);
  }
}

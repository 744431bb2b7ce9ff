package dev.quire.store.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that stands still until it is moved.
public final class ManualClock implements InstantSource {

  /// Where it begins, in epoch milliseconds.
  public static final long START_MILLIS = 1_000_000;

  private final AtomicLong millis = new AtomicLong(START_MILLIS);

  @Override
  public long millis() {
    return millis.get();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  /// Moves it, forwards or backwards.
  public void move(Duration by) {
    millis.addAndGet(by.toMillis());
  }
}

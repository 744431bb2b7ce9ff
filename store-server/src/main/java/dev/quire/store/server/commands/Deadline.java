package dev.quire.store.server.commands;

import dev.quire.store.options.Expiry;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When a key expires, as requests say it.
final class Deadline {

  /// No deadline.
  static final long NONE = -1;

  private Deadline() {}

  /// Milliseconds since 1970 of an option (`EX`, `PX`, `EXAT` or `PXAT`) and its number.
  static long of(Call call, String option, int index) {
    return of(call, index, option.startsWith("ex"), option.endsWith("at"), true);
  }

  /// Milliseconds since 1970 of a number.
  ///
  /// @param seconds whether it counts seconds
  /// @param absolute whether it counts from 1970, else from now
  /// @param positive whether it must be more than nothing
  static long of(Call call, int index, boolean seconds, boolean absolute, boolean positive) {
    long value = call.number(index);
    if ((positive && value <= 0)
        || (seconds && (value > Long.MAX_VALUE / 1000 || value < Long.MIN_VALUE / 1000))) {
      throw invalid(call);
    }
    long millis = seconds ? value * 1000 : value;
    long base = absolute ? 0 : System.currentTimeMillis();
    if (millis > Long.MAX_VALUE - base) {
      throw invalid(call);
    }
    return millis + base;
  }

  private static Refusal invalid(Call call) {
    return new Refusal("ERR invalid expire time in '" + call.command().name() + "' command");
  }

  /// The store's word for it.
  static Expiry expiry(long deadlineMillis) {
    return deadlineMillis == NONE
        ? Expiry.NEVER
        : Expiry.at(Instant.ofEpochMilli(Math.max(1, deadlineMillis)));
  }

  /// Milliseconds since 1970, [#NONE] if it never expires.
  static long millis(@Nullable Expiry expiry) {
    return expiry instanceof Expiry.At at ? at.time().toEpochMilli() : NONE;
  }
}

package dev.quire.store.server.run;

import dev.quire.store.server.state.ServerState;
import dev.quire.store.server.state.Session;
import dev.quire.store.server.state.TrackingMode;
import dev.quire.store.server.table.Command;
import java.util.List;

/// Counts what was run, and notes what took long.
final class Accounting {

  private static final long MICRO_NANOS = 1_000;
  private static final long MILLI_NANOS = 1_000_000;

  private final ServerState state;

  Accounting(ServerState state) {
    this.state = state;
  }

  /// Counts a refusal.
  void refused(String reply) {
    int space = reply.indexOf(' ');
    state.statistics.error(space < 0 ? reply : reply.substring(0, space));
  }

  /// Counts a command that took no time.
  void done(Session session, Command command, byte[][] words) {
    done(session, List.of(new Batch.Done(command, words, 0)));
  }

  /// Counts commands.
  void done(Session session, List<Batch.Done> all) {
    for (int i = 0; i < all.size(); i++) {
      Batch.Done done = all.get(i);
      state.statistics.called(done.command(), done.nanos());
      state.statistics.hits += done.hits();
      state.statistics.misses += done.misses();
      String error = done.errorCode();
      if (error != null) {
        state.statistics.of(done.command()).failed++;
        state.statistics.error(error);
      }
      slow(session, done);
    }
    TrackingMode mode = session.tracking;
    if (mode != null
        && mode.caching != null
        && session.queue == null
        && !all.isEmpty()
        && !all.getLast().command().name().equals("client|caching")) {
      mode.caching = null;
    }
  }

  private void slow(Session session, Batch.Done done) {
    long micros = done.nanos() / MICRO_NANOS;
    if (state.slowMicros >= 0
        && micros >= state.slowMicros
        && !done.command().has("skip_slowlog")) {
      state.slowLog.add(
          session, done.command(), done.words(), micros, state.settings.number("slowlog-max-len"));
    }
    long millis = done.nanos() / MILLI_NANOS;
    if (state.latencyThresholdMillis > 0 && millis >= state.latencyThresholdMillis) {
      state.latencyLog.add(done.command().has("fast") ? "fast-command" : "command", millis);
    }
  }
}

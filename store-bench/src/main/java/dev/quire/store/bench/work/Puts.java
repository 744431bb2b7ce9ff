package dev.quire.store.bench.work;

import dev.quire.store.bench.peer.Peer;
import dev.quire.store.bench.peer.Session;

/// Puts again entries that a store holds, chosen at random, each in a transaction of its own.
final class Puts {

  private Puts() {}

  /// Measures on `threads` threads.
  ///
  /// @param batch puts between two looks at the clock
  static Stopwatch.Reading put(Trial trial, int threads, int batch) {
    try (Peer peer = trial.openLoaded()) {
      return Stopwatch.measure(
          trial,
          peer,
          threads,
          batch,
          (session, thread) -> {
            Draw draw = Draw.uniform(trial.entries(), trial.seed() + thread);
            return new Work(session, draw);
          });
    }
  }

  private static final class Work implements Stopwatch.Work {

    private final Session session;
    private final Draw draw;
    private long version;

    Work(Session session, Draw draw) {
      this.session = session;
      this.draw = draw;
    }

    @Override
    public void run(int count) {
      long key = 0;
      for (int i = 0; i < count; i++) {
        key = draw.next();
        version++;
        session.put(key, version);
      }
      // Another thread may have put the same entry since, but all versions are greater than none.
      if (session.get(key) - key <= 0) {
        throw new IllegalStateException("a put is not visible to its thread");
      }
    }
  }
}

package dev.quire.store.bench.work;

import dev.quire.store.bench.peer.Entry;
import java.util.SplittableRandom;

/// Chooses the keys of a workload.
interface Draw {

  /// The next key.
  long next();

  /// Every one of the first `entries` keys with the same chance.
  static Draw uniform(int entries, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return () -> Entry.key(random.nextInt(entries));
  }
}

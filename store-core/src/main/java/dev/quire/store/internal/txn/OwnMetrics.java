package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.LatencyHistogram;
import dev.quire.store.internal.format.ProcessMetrics;
import dev.quire.store.internal.format.Word;
import java.lang.foreign.MemorySegment;

/// What this process counts and times, in its own [ProcessMetrics]: no other process writes there.
///
/// Each counter and each histogram has one writer at a time: who holds the lock that the table in
/// `docs/CONCURRENCY.md` names. So nothing here waits, and nothing is an atomic operation.
final class OwnMetrics {

  private final SharedState state;
  private final long at;

  /// @param slot of this process, which has entered it
  OwnMetrics(SharedState state, int slot) {
    this.state = state;
    this.at = MetricsTable.offset(state, slot);
  }

  SharedState state() {
    return state;
  }

  void add(Counter counter, long amount) {
    increase(ProcessMetrics.counter(counter.code()), amount);
  }

  /// A lookup by a write transaction. With the turn.
  void countLookup(boolean found) {
    add(found ? Counter.HITS : Counter.MISSES, 1);
  }

  /// Takes over slots in which other processes counted lookups: those are not this process's. Under
  /// the space lock.
  void adopt(long hits, long misses) {
    increase(ProcessMetrics.base(Counter.HITS.code()), hits);
    increase(ProcessMetrics.base(Counter.MISSES.code()), misses);
  }

  void record(Latency latency, long nanos) {
    // One that lost its place leaves it to who has it now.
    if (!state.isExpelled()) {
      LatencyHistogram.add(state.segment(), at + ProcessMetrics.latency(latency.code()), nanos);
    }
  }

  private void increase(long word, long amount) {
    if (!state.isExpelled()) {
      MemorySegment s = state.segment();
      Word.setRelease(s, at + word, Word.get(s, at + word) + amount);
    }
  }
}

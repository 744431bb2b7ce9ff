package dev.quire.store.cli;

import dev.quire.store.Store;
import dev.quire.store.StoreActivity;
import dev.quire.store.StoreStats;
import org.jspecify.annotations.Nullable;

/// What a store says of itself at one moment.
///
/// @param nanos the moment, on the clock of [System#nanoTime]
record TopSample(long nanos, StoreStats stats, StoreActivity activity) {

  /// Takes samples of one store, in which it changes nothing. While no other process has the store
  /// open it is opened anew for each: the next process is seen only by who comes after it.
  static final class Source implements AutoCloseable {

    private final StoreTarget target;
    private final Output output;
    private @Nullable Store store;

    /// @param output told if the store was not closed in order
    Source(StoreTarget target, Output output) {
      this.target = target;
      this.output = output;
    }

    /// One sample.
    TopSample take() {
      Store open = store;
      if (open == null) {
        open = target.openToRead(output);
        store = open;
      }
      TopSample sample = new TopSample(System.nanoTime(), open.stats(), open.activity());
      if (sample.others() == 0) {
        close();
      }
      return sample;
    }

    @Override
    public void close() {
      Store open = store;
      store = null;
      if (open != null) {
        open.close();
      }
    }
  }

  /// Number of other processes that have the store open.
  long others() {
    long self = ProcessHandle.current().pid();
    long count = 0;
    for (StoreActivity.Member member : activity.processes()) {
      count += member.pid() == self ? 0 : 1;
    }
    return count;
  }
}

package dev.quire.store.internal.txn;

import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;

/// STUB.
@SuppressWarnings("DoNotCallSuggester")
public final class Engine {
  public static Engine open(Path directory, StoreOptions options) {
    throw new UnsupportedOperationException();
  }

  public static Engine inMemory(StoreOptions options) {
    throw new UnsupportedOperationException();
  }

  public Snapshot beginRead() {
    throw new UnsupportedOperationException();
  }

  public WriteSession beginWrite(Durability durability, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  public StoreOptions options() {
    throw new UnsupportedOperationException();
  }

  public void checkpoint() {}

  public EngineStats stats() {
    throw new UnsupportedOperationException();
  }

  public boolean isOpen() {
    return false;
  }

  public void close() {}
}

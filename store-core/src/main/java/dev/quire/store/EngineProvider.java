package dev.quire.store;

import dev.quire.store.internal.txn.Engine;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Path;

/// The engine of this library.
final class EngineProvider implements StoreProvider {

  /// What [StoreOptions#backend] calls it.
  static final String NAME = "quire";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Store open(Path directory, StoreOptions options) {
    return new EngineStore(Engine.open(directory, options));
  }

  @Override
  public Store inMemory(StoreOptions options) {
    return new EngineStore(Engine.inMemory(options));
  }
}

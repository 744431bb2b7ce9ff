package dev.quire.store;

import dev.quire.store.internal.txn.Engine;

/// A temporary store of the engine.
final class EngineTemporaryStore extends EngineStore implements TemporaryStore {

  private final String token;

  EngineTemporaryStore(Engine engine, String token) {
    super(engine);
    this.token = token;
  }

  @Override
  public String token() {
    return token;
  }
}

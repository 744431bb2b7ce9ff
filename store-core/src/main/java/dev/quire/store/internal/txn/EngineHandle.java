package dev.quire.store.internal.txn;

import java.util.concurrent.atomic.AtomicBoolean;

/// One user's hold on an engine, which several may share: ends once, whoever ends it how often.
public final class EngineHandle {

  private final Engine engine;
  private final AtomicBoolean open = new AtomicBoolean(true);

  public EngineHandle(Engine engine) {
    this.engine = engine;
  }

  /// The engine.
  ///
  /// @throws IllegalStateException if this hold on it has ended
  public Engine engine() {
    if (!open.get()) {
      throw new IllegalStateException("the store is closed");
    }
    return engine;
  }

  /// Whether the engine can be used through this hold.
  public boolean isOpen() {
    return open.get() && engine.isOpen();
  }

  /// Ends a snapshot that was begun through this hold, also after the hold has ended.
  public void end(Snapshot snapshot) {
    if (engine.isOpen()) {
      snapshot.end();
    }
  }

  /// Rolls back a session that was begun through this hold, also after the hold has ended.
  public void rollback(WriteSession session) {
    if (engine.isOpen()) {
      session.rollback();
    }
  }

  /// Ends the hold. Does nothing the second time.
  ///
  /// @throws dev.quire.store.errors.StoreLockedException if the store could not come to rest
  ///   because a write transaction goes on; then the hold goes on, too
  public void close() {
    if (open.compareAndSet(true, false)) {
      try {
        engine.close();
      } catch (RuntimeException | Error e) {
        open.set(engine.isOpen());
        throw e;
      }
    }
  }
}

package dev.quire.store.internal.inspect;

import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.WriteSession;
import java.util.function.Consumer;

/// Transactions of tests that change what no user could.
final class Changing {

  private Changing() {}

  /// Commits a change.
  static void change(Engine engine, Consumer<WriteSession> change) {
    WriteSession session =
        engine.beginWrite(engine.options().durability(), engine.options().lockTimeout());
    try {
      change.accept(session);
      session.commit();
    } finally {
      session.rollback();
    }
  }
}

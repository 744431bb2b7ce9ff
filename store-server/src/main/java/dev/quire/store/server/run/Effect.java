package dev.quire.store.server.run;

import dev.quire.store.server.state.KeyspaceEvents;
import dev.quire.store.server.state.ServerState;
import dev.quire.store.server.state.Session;

/// What others have to hear of a command when it is committed: a change of a key, an event, a key
/// that was read by a connection whose keys are tracked.
///
/// @param kind what it is
/// @param source who did it
/// @param db database
/// @param key the key
/// @param eventClass class of the event, see [KeyspaceEvents]
/// @param event name of the event; empty for none
public record Effect(Kind kind, Session source, int db, byte[] key, int eventClass, String event) {

  /// What an effect is.
  public enum Kind {
    CHANGED,
    EVENT,
    READ,
    CLEARED,
    FLUSHED
  }

  /// Tells who has to hear of it. On the event loop.
  public void apply(ServerState state) {
    switch (kind) {
      case CHANGED -> {
        state.watches.changed(db, key);
        state.tracking.changed(source, key);
        if (state.keyspaceEvents != 0 && !event.isEmpty()) {
          state.keyspaceEvent(eventClass, event, key, db);
        }
      }
      case EVENT -> state.keyspaceEvent(eventClass, event, key, db);
      case READ -> state.tracking.read(source, key);
      case CLEARED -> state.watches.cleared(db);
      case FLUSHED -> state.tracking.flushed();
    }
  }
}

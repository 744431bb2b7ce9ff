package dev.quire.store.server.state;

import dev.quire.store.server.state.Session.WatchedKey;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// Which connections watch which keys.
public final class Watches {

  private final Map<WatchedKey, Set<Session>> watchers = new HashMap<>();

  /// Watches a key, which is as the fingerprint says.
  public void add(Session session, WatchedKey key, Fingerprint found) {
    if (session.watched.putIfAbsent(key, found) == null) {
      watchers.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(session);
    }
  }

  /// Forgets what a connection watches.
  public void forget(Session session) {
    for (WatchedKey key : session.watched.keySet()) {
      Set<Session> known = watchers.get(key);
      if (known != null && known.remove(session) && known.isEmpty()) {
        watchers.remove(key);
      }
    }
    session.watched.clear();
    session.watchBroken = false;
  }

  /// A key has changed.
  public void changed(int db, byte[] key) {
    if (!watchers.isEmpty()) {
      for (Session session : watchers.getOrDefault(new WatchedKey(db, new Name(key)), Set.of())) {
        session.watchBroken = true;
      }
    }
  }

  /// All keys of a database are gone: those that were not there are as they were.
  public void cleared(int db) {
    watchers.forEach(
        (key, sessions) -> {
          if (key.db() == db) {
            for (Session session : sessions) {
              Fingerprint found = session.watched.get(key);
              session.watchBroken |= found != null && found.length() >= 0;
            }
          }
        });
  }

  /// Whether nothing is watched.
  public boolean isEmpty() {
    return watchers.isEmpty();
  }
}

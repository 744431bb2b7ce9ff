package dev.quire.store.server.state;

import dev.quire.store.server.resp.Reply;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Which connections are told when keys change: those that have read them, and those that wait for
/// prefixes. Names of databases play no part, as with other servers of this protocol.
public final class Tracking {

  private static final Name REDIRECT_CHANNEL = Name.of("__redis__:invalidate");

  private final LongFunction<@Nullable Session> sessions;
  private final Sender sender;
  private final Map<Name, Set<Long>> readers = new LinkedHashMap<>();
  private final Map<Name, Set<Session>> prefixes = new LinkedHashMap<>();
  private final Map<Name, Map<Name, @Nullable Session>> changed = new LinkedHashMap<>();
  private long items;
  private int clients;

  Tracking(LongFunction<@Nullable Session> sessions, Sender sender) {
    this.sessions = sessions;
    this.sender = sender;
  }

  /// Number of connections whose keys are tracked.
  public int clients() {
    return clients;
  }

  /// Number of keys that were read.
  public int keys() {
    return readers.size();
  }

  /// Number of keys that were read, counted for each connection.
  public long items() {
    return items;
  }

  /// Number of prefixes that are waited for.
  public int prefixCount() {
    return prefixes.size();
  }

  /// Begins to track for a connection, or changes how.
  public void enable(Session session, TrackingMode mode) {
    TrackingMode before = session.tracking;
    if (before == null) {
      clients++;
    } else {
      mode.prefixes.addAll(0, before.prefixes);
    }
    session.tracking = mode;
    if (mode.broadcast) {
      if (mode.prefixes.isEmpty()) {
        mode.prefixes.add(new Name(new byte[0]));
      }
      for (Name prefix : mode.prefixes) {
        prefixes.computeIfAbsent(prefix, _ -> new LinkedHashSet<>()).add(session);
      }
    }
  }

  /// Ends tracking for a connection.
  public void disable(Session session) {
    TrackingMode mode = session.tracking;
    if (mode == null) {
      return;
    }
    clients--;
    session.tracking = null;
    for (Name prefix : mode.prefixes) {
      Set<Session> waiting = prefixes.get(prefix);
      if (waiting != null && waiting.remove(session) && waiting.isEmpty()) {
        prefixes.remove(prefix);
      }
    }
  }

  /// Notes that a connection has read a key.
  public void read(Session session, byte[] key) {
    Name name = new Name(key);
    Set<Long> known = readers.get(name);
    if (known == null) {
      known = new LinkedHashSet<>();
      readers.put(name, known);
    }
    if (known.add(session.id)) {
      items++;
    }
  }

  /// Forgets keys until there are no more than the limit, and tells who has read them.
  public void limit(long maxKeys) {
    if (maxKeys <= 0) {
      return;
    }
    while (readers.size() > maxKeys) {
      Name oldest = readers.keySet().iterator().next();
      tellReaders(null, oldest);
    }
  }

  /// A key has changed.
  ///
  /// @param source who changed it, or null if no connection
  public void changed(@Nullable Session source, byte[] key) {
    if (clients == 0 && readers.isEmpty()) {
      return;
    }
    Name name = new Name(key);
    tellReaders(source, name);
    for (Name prefix : prefixes.keySet()) {
      if (startsWith(key, prefix.bytes())) {
        changed.computeIfAbsent(prefix, _ -> new LinkedHashMap<>()).put(name, source);
      }
    }
  }

  private void tellReaders(@Nullable Session source, Name key) {
    Set<Long> known = readers.remove(key);
    if (known == null) {
      return;
    }
    items -= known.size();
    for (long id : known) {
      Session session = sessions.apply(id);
      TrackingMode mode = session == null ? null : session.tracking;
      if (session == null || mode == null || mode.broadcast) {
        continue;
      }
      if (!(mode.noLoop && session.equals(source))) {
        tell(session, mode, List.of(key));
      }
    }
  }

  /// All keys are gone.
  public void flushed() {
    if (clients == 0 && readers.isEmpty()) {
      return;
    }
    readers.clear();
    items = 0;
    for (Session session : allTracking()) {
      TrackingMode mode = session.tracking;
      if (mode != null) {
        tell(session, mode, null);
      }
    }
  }

  private List<Session> allTracking() {
    List<Session> found = new ArrayList<>();
    for (long id = 1; id <= lastId; id++) {
      Session session = sessions.apply(id);
      if (session != null && session.tracking != null) {
        found.add(session);
      }
    }
    return found;
  }

  private long lastId;

  /// Notes the number of a new connection.
  void opened(long id) {
    lastId = id;
  }

  /// Sends what has gathered for those who wait for prefixes.
  public void flushBroadcasts() {
    if (changed.isEmpty()) {
      return;
    }
    Iterator<Map.Entry<Name, Map<Name, @Nullable Session>>> all = changed.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Name, Map<Name, @Nullable Session>> prefix = all.next();
      all.remove();
      for (Session session : List.copyOf(prefixes.getOrDefault(prefix.getKey(), Set.of()))) {
        TrackingMode mode = session.tracking;
        if (mode == null) {
          continue;
        }
        List<Name> keys = new ArrayList<>();
        prefix
            .getValue()
            .forEach(
                (key, source) -> {
                  if (!(mode.noLoop && session.equals(source))) {
                    keys.add(key);
                  }
                });
        if (!keys.isEmpty()) {
          tell(session, mode, keys);
        }
      }
    }
  }

  /// Sends the message; null for all keys.
  private void tell(Session session, TrackingMode mode, @Nullable List<Name> keys) {
    Session target = session;
    if (mode.redirect != 0) {
      Session redirected = sessions.apply(mode.redirect);
      if (redirected == null) {
        mode.broken = true;
        if (session.protocol() == 3) {
          session.out.push(2);
          session.out.text("tracking-redir-broken");
          session.out.number(mode.redirect);
          sender.send(session);
        }
        return;
      }
      target = redirected;
    }
    Reply out = target.out;
    if (target.protocol() == 3) {
      out.push(2);
      out.text("invalidate");
    } else if (mode.redirect != 0 && target.channels.contains(REDIRECT_CHANNEL)) {
      out.push(3);
      out.text("message");
      out.bulk(REDIRECT_CHANNEL.bytes());
    } else {
      return;
    }
    if (keys == null) {
      out.nil();
    } else {
      out.array(keys.size());
      keys.forEach(key -> out.bulk(key.bytes()));
    }
    sender.send(target);
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && java.util.Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }
}

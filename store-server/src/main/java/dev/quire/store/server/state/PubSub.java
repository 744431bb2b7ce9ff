package dev.quire.store.server.state;

import dev.quire.store.server.resp.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who listens to which channels.
public final class PubSub {

  private final Map<Name, Set<Session>> channels = new LinkedHashMap<>();
  private final Map<Name, Set<Session>> patterns = new LinkedHashMap<>();
  private final Map<Name, Set<Session>> shardChannels = new LinkedHashMap<>();

  /// Listens to a channel; false if it did already.
  public boolean subscribe(Session session, Name channel) {
    return session.channels.add(channel) && add(channels, channel, session);
  }

  /// Listens to the channels of a pattern; false if it did already.
  public boolean subscribePattern(Session session, Name pattern) {
    return session.patterns.add(pattern) && add(patterns, pattern, session);
  }

  /// Listens to a shard channel; false if it did already.
  public boolean subscribeShard(Session session, Name channel) {
    return session.shardChannels.add(channel) && add(shardChannels, channel, session);
  }

  /// Stops listening to a channel.
  public void unsubscribe(Session session, Name channel) {
    if (session.channels.remove(channel)) {
      remove(channels, channel, session);
    }
  }

  /// Stops listening to a pattern.
  public void unsubscribePattern(Session session, Name pattern) {
    if (session.patterns.remove(pattern)) {
      remove(patterns, pattern, session);
    }
  }

  /// Stops listening to a shard channel.
  public void unsubscribeShard(Session session, Name channel) {
    if (session.shardChannels.remove(channel)) {
      remove(shardChannels, channel, session);
    }
  }

  /// Forgets a connection.
  public void forget(Session session) {
    List.copyOf(session.channels).forEach(name -> unsubscribe(session, name));
    List.copyOf(session.patterns).forEach(name -> unsubscribePattern(session, name));
    List.copyOf(session.shardChannels).forEach(name -> unsubscribeShard(session, name));
  }

  /// Sends a message to who listens; returns how many got it.
  public int publish(byte[] channel, byte[] message, Sender sender) {
    int count = 0;
    Name name = new Name(channel);
    for (Session session : List.copyOf(channels.getOrDefault(name, Set.of()))) {
      Reply out = session.out;
      out.push(3);
      out.text("message");
      out.bulk(channel);
      out.bulk(message);
      sender.send(session);
      count++;
    }
    if (!patterns.isEmpty()) {
      count += publishToPatterns(channel, message, sender);
    }
    return count;
  }

  private int publishToPatterns(byte[] channel, byte[] message, Sender sender) {
    int count = 0;
    for (Map.Entry<Name, Set<Session>> pattern : List.copyOf(patterns.entrySet())) {
      if (Glob.matches(pattern.getKey().bytes(), channel)) {
        for (Session session : List.copyOf(pattern.getValue())) {
          Reply out = session.out;
          out.push(4);
          out.text("pmessage");
          out.bulk(pattern.getKey().bytes());
          out.bulk(channel);
          out.bulk(message);
          sender.send(session);
          count++;
        }
      }
    }
    return count;
  }

  /// Sends a message to who listens to a shard channel; returns how many got it.
  public int publishShard(byte[] channel, byte[] message, Sender sender) {
    int count = 0;
    for (Session session : List.copyOf(shardChannels.getOrDefault(new Name(channel), Set.of()))) {
      Reply out = session.out;
      out.push(3);
      out.text("smessage");
      out.bulk(channel);
      out.bulk(message);
      sender.send(session);
      count++;
    }
    return count;
  }

  /// Whether nobody listens.
  public boolean isEmpty() {
    return channels.isEmpty() && patterns.isEmpty();
  }

  /// Channels that somebody listens to.
  public List<Name> channels(boolean shard) {
    return new ArrayList<>((shard ? shardChannels : channels).keySet());
  }

  /// Number of listeners to a channel.
  public int listeners(Name channel, boolean shard) {
    return (shard ? shardChannels : channels).getOrDefault(channel, Set.of()).size();
  }

  /// Number of patterns that somebody listens to.
  public int patternCount() {
    return patterns.size();
  }

  private static boolean add(Map<Name, Set<Session>> map, Name name, Session session) {
    return map.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(session);
  }

  private static void remove(Map<Name, Set<Session>> map, Name name, Session session) {
    Set<Session> sessions = map.get(name);
    if (sessions != null) {
      sessions.remove(session);
      if (sessions.isEmpty()) {
        map.remove(name);
      }
    }
  }
}

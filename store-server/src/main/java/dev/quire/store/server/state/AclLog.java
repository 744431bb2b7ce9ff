package dev.quire.store.server.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// What was refused lately, newest first. The same refusal within a minute is counted, not added.
public final class AclLog {

  private static final long SAME_MILLIS = 60_000;

  /// A refusal.
  public static final class Entry {
    public final long id;
    public final String reason;
    public final String context;
    public final String object;
    public final String user;
    public final String client;
    public final long createdMillis = System.currentTimeMillis();
    public long updatedMillis = createdMillis;
    public long count = 1;

    Entry(long id, String reason, String context, String object, String user, String client) {
      this.id = id;
      this.reason = reason;
      this.context = context;
      this.object = object;
      this.user = user;
      this.client = client;
    }
  }

  private final Deque<Entry> entries = new ArrayDeque<>();
  private long nextId;

  /// Notes a refusal.
  public void add(
      Session session, String reason, String context, String object, String user, long limit) {
    long now = System.currentTimeMillis();
    for (Entry entry : entries) {
      if (entry.reason.equals(reason)
          && entry.context.equals(context)
          && entry.object.equals(object)
          && entry.user.equals(user)
          && now - entry.updatedMillis < SAME_MILLIS) {
        entry.count++;
        entry.updatedMillis = now;
        return;
      }
    }
    entries.addFirst(new Entry(nextId++, reason, context, object, user, session.describe()));
    while (entries.size() > limit) {
      entries.removeLast();
    }
  }

  /// The newest entries.
  public List<Entry> newest(long count) {
    List<Entry> newest = new ArrayList<>();
    for (Entry entry : entries) {
      if (newest.size() >= count) {
        break;
      }
      newest.add(entry);
    }
    return newest;
  }

  /// Forgets all.
  public void clear() {
    entries.clear();
  }
}

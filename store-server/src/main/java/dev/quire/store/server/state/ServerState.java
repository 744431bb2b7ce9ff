package dev.quire.store.server.state;

import dev.quire.store.Store;
import dev.quire.store.StoreActivity;
import dev.quire.store.StoreStats;
import dev.quire.store.options.Durability;
import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.table.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Everything the server knows besides the store.
public final class ServerState {

  public final Store store;
  public final Settings settings;
  public final Users users = new Users();
  public final PubSub pubSub = new PubSub();
  public final Watches watches = new Watches();
  public final Statistics statistics = new Statistics();
  public final SlowLog slowLog = new SlowLog();
  public final LatencyLog latencyLog = new LatencyLog();
  public final AclLog aclLog = new AclLog();
  public final Tracking tracking;
  public final Set<Session> monitors = new LinkedHashSet<>();
  public final long startMillis = System.currentTimeMillis();
  public final String runId;

  /// Names of the tables that are the databases.
  public final String[] tables;

  private long expirationsAtFirst;
  private long evictionsAtFirst;
  private final Map<Long, Session> sessions = new TreeMap<>();
  private final Sender sender;
  private long nextSessionId = 1;

  /// Classes of changes that are told on channels, see [KeyspaceEvents].
  public volatile int keyspaceEvents;

  /// Until when commands wait, in ms; those that write or all.
  public long pausedUntilMillis;

  public boolean pausedForAll;
  public long lastSaveSeconds = System.currentTimeMillis() / 1000;
  public long slowMicros;
  public long latencyThresholdMillis;
  public long maxBulkBytes;
  public boolean passwordRequired;

  /// Whether the last group of writes failed because nothing could be written.
  public @Nullable String writeFailure;

  /// Whether the store has outgrown its limit: what makes it greater is refused.
  public boolean overLimit;

  private volatile @Nullable Durability durability;

  public ServerState(Store store, Settings settings, String runId, Sender sender) {
    this.store = store;
    this.settings = settings;
    this.runId = runId;
    this.sender = sender;
    this.tracking = new Tracking(this::session, sender);
    this.tables = tableNames(settings);
    settings.listen((_, _) -> refresh());
    refresh();
    resetStatistics();
  }

  /// Whether the store is one of durability CHECKPOINT: no other allows such writes.
  public boolean checkpointStore;

  private static String[] tableNames(Settings settings) {
    String[] names = new String[(int) settings.number("databases")];
    List<String> given = List.of(settings.text("tables").strip().split("[ ,]+"));
    for (int i = 0; i < names.length; i++) {
      boolean isGiven = i < given.size() && !given.get(i).isEmpty();
      names[i] = isGiven ? given.get(i) : "db" + i;
    }
    return names;
  }

  private void refresh() {
    keyspaceEvents = KeyspaceEvents.parse(settings.text("notify-keyspace-events"));
    slowMicros = settings.number("slowlog-log-slower-than");
    latencyThresholdMillis = settings.number("latency-monitor-threshold");
    maxBulkBytes = settings.number("proto-max-bulk-len");
    slowLog.trim(settings.number("slowlog-max-len"));
    durability = durabilityOf(settings.text("appendfsync"));
    measure();
  }

  /// What a value of `appendfsync` means.
  public static Durability durabilityOf(String appendfsync) {
    return switch (appendfsync) {
      case "always" -> Durability.SYNC;
      case "everysec" -> Durability.interval(Duration.ofSeconds(1));
      default -> Durability.CHECKPOINT;
    };
  }

  /// What writes reach before they are answered, unless the connection says otherwise. Read by the
  /// writer, too.
  public Durability durability() {
    Durability set = durability;
    return set == null ? Durability.SYNC : set;
  }

  /// Sets all counters back.
  public void resetStatistics() {
    statistics.reset();
    StoreActivity.Counts counts = store.activity().totals();
    expirationsAtFirst = counts.expirations();
    evictionsAtFirst = counts.evictions();
  }

  /// Entries that all processes removed since then, because they had expired.
  public long expired(StoreActivity.Counts counts) {
    return counts.expirations() - expirationsAtFirst;
  }

  /// Entries that all processes removed since then, to keep a bound.
  public long evicted(StoreActivity.Counts counts) {
    return counts.evictions() - evictionsAtFirst;
  }

  /// A connection, or null.
  public @Nullable Session session(long id) {
    return sessions.get(id);
  }

  /// All connections, oldest first.
  public List<Session> sessions() {
    return new ArrayList<>(sessions.values());
  }

  /// Number of connections.
  public int sessionCount() {
    return sessions.size();
  }

  /// Adds a connection.
  public Session open(Outlet outlet) {
    User user = users.defaultUser();
    long id = nextSessionId++;
    Session session = new Session(id, outlet, user, user.enabled() && user.noPassword());
    sessions.put(id, session);
    tracking.opened(id);
    statistics.connections++;
    return session;
  }

  /// Forgets a connection.
  public void close(Session session) {
    if (!session.closed) {
      session.closed = true;
      sessions.remove(session.id);
      pubSub.forget(session);
      watches.forget(session);
      tracking.disable(session);
      monitors.remove(session);
    }
  }

  /// Sends what was written for a connection that did not ask for it.
  public void send(Session session) {
    sender.send(session);
  }

  /// Tells channels of a change.
  public void keyspaceEvent(int eventClass, String event, byte[] key, int db) {
    if ((keyspaceEvents & eventClass) == 0) {
      return;
    }
    if ((keyspaceEvents & KeyspaceEvents.KEYSPACE) != 0) {
      byte[] prefix = Name.of("__keyspace@" + db + "__:").bytes();
      byte[] channel = java.util.Arrays.copyOf(prefix, prefix.length + key.length);
      System.arraycopy(key, 0, channel, prefix.length, key.length);
      int _ = pubSub.publish(channel, Name.of(event).bytes(), sender);
    }
    if ((keyspaceEvents & KeyspaceEvents.KEYEVENT) != 0) {
      int _ = pubSub.publish(Name.of("__keyevent@" + db + "__:" + event).bytes(), key, sender);
    }
  }

  /// Tells of a change that the server has not made.
  ///
  /// @param silent whether channels are told nothing of it
  public void foreignChange(
      int db, byte[] key, boolean gone, boolean expired, boolean isNew, boolean silent) {
    watches.changed(db, key);
    tracking.changed(null, key);
    if (silent || keyspaceEvents == 0) {
      return;
    }
    if (expired) {
      keyspaceEvent(KeyspaceEvents.EXPIRED, "expired", key, db);
    } else if (gone) {
      keyspaceEvent(KeyspaceEvents.GENERIC, "del", key, db);
    } else {
      if (isNew) {
        keyspaceEvent(KeyspaceEvents.NEW, "new", key, db);
      }
      keyspaceEvent(KeyspaceEvents.STRING, "set", key, db);
    }
  }

  /// Whether anybody has to hear of changes that the server has not made.
  public boolean wantsForeignChanges() {
    boolean channels = (keyspaceEvents & (KeyspaceEvents.KEYSPACE | KeyspaceEvents.KEYEVENT)) != 0;
    return channels || tracking.clients() > 0;
  }

  /// Looks whether the store has outgrown its limit.
  public void measure() {
    long limit = settings.number("maxmemory");
    StoreStats stats = limit > 0 ? store.stats() : null;
    overLimit = stats != null && stats.usedPages() * stats.pageSizeBytes() > limit;
  }

  /// Shows a request to those who monitor.
  public void monitor(Session session, Command command, byte[][] words) {
    if (monitors.isEmpty() || command.has("admin") || command.name().equals("monitor")) {
      return;
    }
    long now = System.currentTimeMillis();
    StringBuilder line = new StringBuilder();
    line.append(now / 1000).append('.').append(String.format("%03d000", now % 1000));
    line.append(" [").append(session.db).append(' ').append(session.outlet.peer()).append(']');
    for (byte[] word : Redaction.shown(command, words)) {
      line.append(' ').append(Quoted.of(word));
    }
    for (Session monitor : List.copyOf(monitors)) {
      Reply out = monitor.out;
      out.simple(line.toString());
      send(monitor);
    }
  }
}

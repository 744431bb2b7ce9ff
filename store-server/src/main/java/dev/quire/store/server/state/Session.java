package dev.quire.store.server.state;

import dev.quire.store.options.Durability;
import dev.quire.store.server.resp.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A connection. See the package for who may touch it.
public final class Session {

  /// What becomes of replies.
  public enum Replies {
    ON,
    OFF,
    /// This command is the last whose reply is dropped.
    SKIP_THIS,
    /// The next command's reply is dropped.
    SKIP_NEXT
  }

  /// A watched key.
  ///
  /// @param db database
  /// @param key the key
  public record WatchedKey(int db, Name key) {}

  /// Number of the connection.
  public final long id;

  /// The way to the client.
  public final Outlet outlet;

  /// Replies and messages that were not sent yet.
  public final Reply out = new Reply(256);

  /// When it connected, in ms.
  public final long sinceMillis = System.currentTimeMillis();

  public long usedMillis = sinceMillis;
  public String name = "";
  public String libName = "";
  public String libVersion = "";
  public String lastCommand = "NULL";
  public int db;
  public User user;
  public boolean authenticated;

  /// The commands of a transaction that has begun, or null.
  public @Nullable List<QueuedCommand> queue;

  /// Whether the transaction cannot be run.
  public boolean queueBroken;

  /// Watched keys, each with what it was.
  public final Map<WatchedKey, Fingerprint> watched = new LinkedHashMap<>();

  /// Whether a watched key was changed.
  public volatile boolean watchBroken;

  public final Set<Name> channels = new LinkedHashSet<>();
  public final Set<Name> patterns = new LinkedHashSet<>();
  public final Set<Name> shardChannels = new LinkedHashSet<>();

  /// How keys are tracked, or null.
  public @Nullable TrackingMode tracking;

  public Replies replies = Replies.ON;
  public boolean monitor;
  public boolean noEvict;

  /// What its writes reach before they are answered, or null for the server's setting.
  public @Nullable Durability durability;

  /// Whether it is to be closed when its replies are sent.
  public boolean closing;

  /// Whether it is closed.
  public boolean closed;

  /// When it began to exceed the soft limit of its output, or 0.
  public long softLimitSinceMillis;

  /// Bytes of requests that wait.
  public int queryBytes;

  public Session(long id, Outlet outlet, User user, boolean authenticated) {
    this.id = id;
    this.outlet = outlet;
    this.user = user;
    this.authenticated = authenticated;
  }

  /// Number of channels and patterns.
  public int subscriptions() {
    return channels.size() + patterns.size();
  }

  /// Whether the connection listens to anything.
  public boolean isListening() {
    return !channels.isEmpty() || !patterns.isEmpty() || !shardChannels.isEmpty();
  }

  /// Version of the protocol.
  public int protocol() {
    return out.protocol();
  }

  /// Begins a transaction.
  public void beginQueue() {
    queue = new ArrayList<>();
    queueBroken = false;
  }

  /// Ends a transaction.
  public void endQueue() {
    queue = null;
    queueBroken = false;
  }

  /// Letters as `CLIENT LIST` tells them.
  public String flags() {
    StringBuilder flags = new StringBuilder();
    if (monitor) {
      flags.append('O');
    }
    if (isListening()) {
      flags.append('P');
    }
    if (queue != null) {
      flags.append('x');
    }
    TrackingMode mode = tracking;
    if (mode != null) {
      flags.append('t');
      if (mode.broken) {
        flags.append('R');
      }
      if (mode.broadcast) {
        flags.append('B');
      }
    }
    if (watchBroken) {
      flags.append('d');
    }
    if (closing) {
      flags.append('c');
    }
    if (outlet.isUnix()) {
      flags.append('U');
    }
    if (noEvict) {
      flags.append('e');
    }
    return flags.isEmpty() ? "N" : flags.toString();
  }

  /// The line of `CLIENT LIST`.
  public String describe() {
    long now = System.currentTimeMillis();
    List<QueuedCommand> queued = queue;
    TrackingMode mode = tracking;
    return "id="
        + id
        + " addr="
        + outlet.peer()
        + " laddr="
        + outlet.local()
        + " fd="
        + (id + 7)
        + " name="
        + name
        + " age="
        + (now - sinceMillis) / 1000
        + " idle="
        + Math.max(0, now - usedMillis) / 1000
        + " flags="
        + flags()
        + " db="
        + db
        + " sub="
        + channels.size()
        + " psub="
        + patterns.size()
        + " ssub="
        + shardChannels.size()
        + " multi="
        + (queued == null ? -1 : queued.size())
        + " qbuf="
        + queryBytes
        + " qbuf-free=0 argv-mem=0 multi-mem=0 rbs=1024 rbp=0 obl=0 oll=0"
        + " omem="
        + outlet.pendingBytes()
        + " tot-mem="
        + (1024 + out.bytes().length + outlet.pendingBytes())
        + " events=r cmd="
        + lastCommand
        + " user="
        + user.name()
        + " redir="
        + (mode == null ? -1 : mode.redirect)
        + " resp="
        + protocol()
        + " lib-name="
        + libName
        + " lib-ver="
        + libVersion;
  }
}

package dev.quire.store.server.state;

import static dev.quire.store.server.state.Setting.flag;
import static dev.quire.store.server.state.Setting.memory;
import static dev.quire.store.server.state.Setting.number;
import static dev.quire.store.server.state.Setting.text;
import static dev.quire.store.server.state.Setting.word;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which settings there are. Names are those of `redis.conf` where it has them; what means nothing
/// here but is set by clients and tools is kept and has no effect ([#IDLE]).
final class SettingTable {

  private static final long INT_MAX = Integer.MAX_VALUE;

  private static final List<Setting> OWN =
      List.of(
          text("bind", "127.0.0.1 -::1").fixed(),
          number("port", 6379, 0, 65535).fixed(),
          text("unixsocket", "").fixed(),
          text("unixsocketperm", "700").fixed(),
          number("tls-port", 0, -1, 65535).fixed(),
          text("tls-cert-file", ""),
          text("tls-key-file", ""),
          text("tls-key-file-pass", "").hidden(),
          text("tls-ca-cert-file", ""),
          word("tls-auth-clients", "yes", "no", "optional"),
          text("tls-protocols", ""),
          memory("maxmemory", 0, 0),
          flag("insecure", false),
          flag("protected-mode", true),
          text("requirepass", "").hidden(),
          text("aclfile", "").fixed(),
          number("acllog-max-len", 128, 0, INT_MAX),
          word("acl-pubsub-default", "resetchannels", "allchannels"),
          number("tcp-backlog", 511, 1, INT_MAX).fixed(),
          number("tcp-keepalive", 300, 0, INT_MAX),
          number("timeout", 0, 0, INT_MAX),
          number("maxclients", 10_000, 1, INT_MAX),
          number("databases", 16, 1, 1024).fixed(),
          text("tables", ""),
          word("appendfsync", "always", "everysec", "no"),
          word("enable-debug-command", "no", "yes", "local").fixed(),
          text("notify-keyspace-events", ""),
          number("slowlog-log-slower-than", 10_000, -1, Long.MAX_VALUE),
          number("slowlog-max-len", 128, 0, INT_MAX),
          number("latency-monitor-threshold", 0, 0, Long.MAX_VALUE),
          flag("latency-tracking", true),
          text("latency-tracking-info-percentiles", "50 99 99.9"),
          memory("proto-max-bulk-len", 512L << 20, 1 << 20),
          memory("client-query-buffer-limit", 1L << 30, 1 << 20),
          text(
              "client-output-buffer-limit",
              "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60"),
          number("tracking-table-max-keys", 1_000_000, 0, INT_MAX));

  /// Kept for clients and tools, without effect.
  private static final List<Setting> IDLE =
      List.of(
          text("save", ""),
          flag("appendonly", true),
          text("dir", "/").fixed(),
          text("dbfilename", "data").fixed(),
          word("maxmemory-policy", "noeviction", "allkeys-lru", "allkeys-lfu", "allkeys-random"),
          number("maxmemory-samples", 5, 1, INT_MAX),
          text("maxmemory-clients", "0"),
          number("hz", 10, 1, 500),
          flag("activerehashing", true),
          flag("daemonize", false).fixed(),
          text("replicaof", "").fixed(),
          text("slaveof", "").fixed(),
          memory("repl-backlog-size", 1 << 20, 1),
          flag("list-compress-depth", false),
          flag("lazyfree-lazy-expire", false),
          flag("lazyfree-lazy-eviction", false),
          flag("lazyfree-lazy-server-del", false),
          flag("lazyfree-lazy-user-del", false),
          flag("lazyfree-lazy-user-flush", false),
          flag("rdbcompression", true),
          flag("rdbchecksum", true).fixed(),
          flag("cluster-enabled", false).fixed(),
          flag("replica-serve-stale-data", true),
          flag("replica-read-only", true),
          flag("appendfsync-on-rewrite", false),
          flag("no-appendfsync-on-rewrite", false),
          number("auto-aof-rewrite-percentage", 100, 0, INT_MAX),
          memory("auto-aof-rewrite-min-size", 64 << 20, 0),
          number("list-max-listpack-size", -2, Integer.MIN_VALUE, INT_MAX),
          number("list-max-ziplist-size", -2, Integer.MIN_VALUE, INT_MAX),
          number("set-max-intset-entries", 512, 0, INT_MAX),
          number("hash-max-listpack-entries", 512, 0, INT_MAX),
          number("hash-max-listpack-value", 64, 0, INT_MAX),
          number("zset-max-listpack-entries", 128, 0, INT_MAX),
          number("zset-max-listpack-value", 64, 0, INT_MAX),
          number("lua-time-limit", 5_000, 0, Long.MAX_VALUE),
          number("busy-reply-threshold", 5_000, 0, Long.MAX_VALUE),
          number("repl-timeout", 60, 1, INT_MAX),
          word("loglevel", "notice", "debug", "verbose", "warning", "nothing"),
          text("logfile", "").fixed());

  /// All settings by their names.
  static final Map<String, Setting> ALL = all();

  private SettingTable() {}

  private static Map<String, Setting> all() {
    Map<String, Setting> all = new TreeMap<>();
    OWN.forEach(setting -> all.put(setting.name(), setting));
    IDLE.forEach(setting -> all.put(setting.name(), setting));
    return all;
  }

  /// The value as it is kept.
  ///
  /// @throws IllegalArgumentException if it is not allowed: the message says what is
  static String parse(Setting setting, String value) {
    return switch (setting.name()) {
      case "notify-keyspace-events" -> KeyspaceEvents.format(KeyspaceEvents.parse(value));
      case "client-output-buffer-limit" ->
          OutputLimits.parse(setting.initial()).with(value).toString();
      case "latency-tracking-info-percentiles" -> percentiles(value);
      default -> setting.parse(value);
    };
  }

  private static String percentiles(String value) {
    for (String word : value.isBlank() ? new String[0] : value.strip().split(" +")) {
      try {
        double percentile = Double.parseDouble(word);
        if (percentile < 0 || percentile > 100) {
          throw new IllegalArgumentException(
              "latency-tracking-info-percentiles should contain between 0.0 and 100.0");
        }
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("argument must be numbers from 0 to 100", e);
      }
    }
    return value.strip();
  }
}

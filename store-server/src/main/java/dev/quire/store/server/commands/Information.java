package dev.quire.store.server.commands;

import dev.quire.store.StoreActivity;
import dev.quire.store.StoreStats;
import dev.quire.store.Table;
import dev.quire.store.TableStats;
import dev.quire.store.server.resp.Words;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.state.ServerState;
import dev.quire.store.server.state.Session;
import dev.quire.store.server.state.Statistics;
import dev.quire.store.server.table.Command;
import dev.quire.store.server.table.CommandTable;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// `INFO`: lines of `name:value` in sections, with the names that clients look for.
final class Information {

  private static final List<String> DEFAULT =
      List.of(
          "server",
          "clients",
          "memory",
          "persistence",
          "stats",
          "replication",
          "cpu",
          "modules",
          "errorstats",
          "cluster",
          "keyspace");
  private static final List<String> MORE = List.of("commandstats", "latencystats");
  private static final long SECONDS_PER_DAY = 86_400;

  private final ServerState state;
  private final StringBuilder text = new StringBuilder();

  private Information(ServerState state) {
    this.state = state;
  }

  static void run(Call call) {
    Set<String> sections = new LinkedHashSet<>();
    for (int i = 1; i < call.count(); i++) {
      switch (call.option(i)) {
        case "default" -> sections.addAll(DEFAULT);
        case "all", "everything" -> {
          sections.addAll(DEFAULT);
          sections.addAll(MORE);
        }
        default -> sections.add(call.option(i));
      }
    }
    if (call.count() == 1) {
      sections.addAll(DEFAULT);
    }
    Information information = new Information(call.state());
    sections.forEach(information::section);
    call.out().verbatim(information.text.toString());
  }

  private void section(String name) {
    switch (name) {
      case "server" -> server();
      case "clients" -> clients();
      case "memory" -> memory();
      case "persistence" -> persistence();
      case "stats" -> statistics();
      case "replication" -> {
        title("Replication");
        line("role", "master");
        line("connected_slaves", 0);
        line("master_replid", state.runId);
        line("master_repl_offset", 0);
      }
      case "cpu" -> processor();
      case "modules" -> title("Modules");
      case "errorstats" -> {
        title("Errorstats");
        state
            .statistics
            .errors()
            .forEach((code, count) -> line("errorstat_" + code, "count=" + count));
      }
      case "commandstats" -> commands();
      case "latencystats" -> latencies();
      case "cluster" -> {
        title("Cluster");
        line("cluster_enabled", 0);
      }
      case "keyspace" -> keyspace();
      default -> {}
    }
  }

  private void title(String name) {
    if (!text.isEmpty()) {
      text.append("\r\n");
    }
    text.append("# ").append(name).append("\r\n");
  }

  private void line(String name, Object value) {
    text.append(name).append(':').append(value).append("\r\n");
  }

  private void server() {
    long uptime = (System.currentTimeMillis() - state.startMillis) / 1000;
    title("Server");
    line("redis_version", ConnectionCommands.REDIS_VERSION);
    line("quire_version", quireVersion());
    line("redis_mode", "standalone");
    line("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    line("arch_bits", 64);
    line("process_id", ProcessHandle.current().pid());
    line("run_id", state.runId);
    line("tcp_port", state.settings.text("port"));
    line("server_time_usec", System.currentTimeMillis() * 1000);
    line("uptime_in_seconds", uptime);
    line("uptime_in_days", uptime / SECONDS_PER_DAY);
    line("hz", state.settings.text("hz"));
    line("executable", "quire");
    line("config_file", "");
  }

  static String quireVersion() {
    String version = Information.class.getPackage().getImplementationVersion();
    return version == null ? "0.1.0" : version;
  }

  private void clients() {
    int listening = 0;
    for (Session session : state.sessions()) {
      listening += session.isListening() ? 1 : 0;
    }
    title("Clients");
    line("connected_clients", state.sessionCount());
    line("cluster_connections", 0);
    line("maxclients", state.settings.text("maxclients"));
    line("blocked_clients", 0);
    line("pubsub_clients", listening);
    line("tracking_clients", state.tracking.clients());
  }

  private void memory() {
    Runtime runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    title("Memory");
    line("used_memory", used);
    line("used_memory_human", String.format(Locale.ROOT, "%.2fM", used / 1048576.0));
    line("used_memory_rss", runtime.totalMemory());
    line("used_memory_peak", runtime.totalMemory());
    line("maxmemory", state.settings.text("maxmemory"));
    line("maxmemory_policy", state.settings.text("maxmemory-policy"));
    line("mem_fragmentation_ratio", "1.00");
    line("mem_allocator", "jvm");
    line("lazyfree_pending_objects", 0);
  }

  private void persistence() {
    StoreStats stats = state.store.stats();
    title("Persistence");
    line("loading", 0);
    line("async_loading", 0);
    line("rdb_changes_since_last_save", Math.max(0, stats.txnId() - stats.durableTxnId()));
    line("rdb_bgsave_in_progress", 0);
    line("rdb_last_save_time", state.lastSaveSeconds);
    line("rdb_last_bgsave_status", "ok");
    line("aof_enabled", 1);
    line("aof_rewrite_in_progress", 0);
    line("aof_rewrite_scheduled", 0);
    line("aof_last_bgrewrite_status", "ok");
    line("aof_last_write_status", stats.failed() ? "err" : "ok");
    line("quire_transaction", stats.txnId());
    line("quire_file_bytes", stats.fileSizeBytes());
    line("quire_checkpoints", stats.checkpoints());
    line("quire_syncs", stats.syncs());
  }

  private void statistics() {
    Statistics counted = state.statistics;
    StoreActivity.Counts counts = state.store.activity().totals();
    title("Stats");
    line("total_connections_received", counted.connections);
    line("total_commands_processed", counted.requests);
    line("instantaneous_ops_per_sec", 0);
    line("total_net_input_bytes", counted.bytesIn);
    line("total_net_output_bytes", counted.bytesOut);
    line("rejected_connections", counted.rejectedConnections);
    line("expired_keys", state.expired(counts));
    line("evicted_keys", state.evicted(counts));
    line("keyspace_hits", counted.hits);
    line("keyspace_misses", counted.misses);
    line("pubsub_channels", state.pubSub.channels(false).size());
    line("pubsub_patterns", state.pubSub.patternCount());
    line("pubsubshard_channels", state.pubSub.channels(true).size());
    line("latest_fork_usec", 0);
    line("total_error_replies", counted.errorReplies);
    line("tracking_total_keys", state.tracking.keys());
    line("tracking_total_items", state.tracking.items());
    line("tracking_total_prefixes", state.tracking.prefixCount());
    line("acl_access_denied_auth", counted.deniedLogins);
    line("acl_access_denied_cmd", counted.deniedCommands);
    line("acl_access_denied_key", counted.deniedKeys);
    line("acl_access_denied_channel", counted.deniedChannels);
    line("quire_write_groups", counted.groups);
    line("quire_grouped_writes", counted.groupedWrites);
  }

  private void processor() {
    title("CPU");
    double seconds = 0;
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      seconds = system.getProcessCpuTime() / 1e9;
    }
    line("used_cpu_sys", "0.000000");
    line("used_cpu_user", String.format(Locale.ROOT, "%.6f", seconds));
  }

  private void commands() {
    title("Commandstats");
    for (Command command : CommandTable.get().all()) {
      Statistics.OfCommand counted = state.statistics.of(command);
      if (counted.calls > 0 || counted.rejected > 0) {
        long micros = counted.nanos / 1000;
        line(
            "cmdstat_" + command.name(),
            String.format(
                Locale.ROOT,
                "calls=%d,usec=%d,usec_per_call=%.2f,rejected_calls=%d,failed_calls=%d",
                counted.calls,
                micros,
                counted.calls == 0 ? 0 : (double) micros / counted.calls,
                counted.rejected,
                counted.failed));
      }
    }
  }

  private void latencies() {
    title("Latencystats");
    String wanted = state.settings.text("latency-tracking-info-percentiles");
    if (!state.settings.flag("latency-tracking") || wanted.isEmpty()) {
      return;
    }
    for (Command command : CommandTable.get().all()) {
      Statistics.OfCommand counted = state.statistics.of(command);
      if (counted.calls > 0) {
        StringBuilder values = new StringBuilder();
        for (String percentile : Words.of(wanted)) {
          double value = counted.percentileMicros(Double.parseDouble(percentile));
          values
              .append(values.isEmpty() ? "p" : ",p")
              .append(shortest(percentile))
              .append('=')
              .append(String.format(Locale.ROOT, "%.3f", value));
        }
        line("latency_percentiles_usec_" + command.name(), values);
      }
    }
  }

  private static String shortest(String percentile) {
    return percentile.contains(".") ? percentile.replaceAll("\\.?0+$", "") : percentile;
  }

  private void keyspace() {
    title("Keyspace");
    for (int db = 0; db < state.tables.length; db++) {
      Table table = state.store.table(state.tables[db]);
      TableStats stats = table.stats();
      if (stats != null && stats.entries() > 0) {
        line("db" + db, "keys=" + stats.entries() + ",expires=0,avg_ttl=0");
      }
    }
  }
}

package dev.quire.store.cli;

import dev.quire.store.StoreActivity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What the processes of a store do, as `stat` tells it.
///
/// @param activity what the store says
record ActivityText(StoreActivity activity) {

  private static final String PROCESS_ROW = "%-8s %-16s %9s %11s %9s %9s %13s %13s";
  private static final String LATENCY_ROW = "%-12s %11s %10s %10s %10s %10s %10s";

  /// Lines for people.
  ///
  /// @param txnId the newest transaction
  List<String> lines(long txnId) {
    List<String> lines = new ArrayList<>();
    StoreActivity.Counts totals = activity.totals();
    add(lines, "pinned", Amounts.bytes(activity.pinnedBytes()));
    add(lines, "unsynced", Amounts.bytes(activity.unsyncedBytes()));
    add(lines, "oldest reader", reader(txnId));
    add(lines, "growths", Amounts.count(totals.growths()));
    add(lines, "ring waits", Amounts.count(totals.ringFullWaits()));
    add(lines, "evictions", Amounts.count(totals.evictions()));
    add(lines, "expirations", Amounts.count(totals.expirations()));
    lines.add("");
    lines.add(
        row(
            PROCESS_ROW,
            "process",
            "host",
            "open for",
            "commits",
            "syncs",
            "checkp.",
            "hits",
            "misses"));
    for (StoreActivity.Member member : activity.processes()) {
      String pid = Long.toString(member.pid());
      lines.add(process(pid, member.host(), since(member.started()), member.counts()));
    }
    lines.add(process("all ever", "", "", totals));
    lines.add("");
    lines.add(row(LATENCY_ROW, "took", "times", "p50", "p90", "p99", "p99.9", "longest"));
    lines.add(latency("commit", activity.commit()));
    lines.add(latency("sync", activity.sync()));
    lines.add(latency("checkpoint", activity.checkpoint()));
    lines.add(latency("turn wait", activity.turnWait()));
    return lines;
  }

  private String reader(long txnId) {
    StoreActivity.Reader reader = activity.oldestReader();
    if (reader == null) {
      return "none";
    }
    Instant since = reader.since();
    return Amounts.count(Math.max(0, txnId - reader.txnId()))
        + " transactions behind"
        + (reader.slot() < 0 ? "" : ", process " + reader.pid())
        + (since == null ? "" : ", for " + since(since));
  }

  private static String process(
      String pid, String host, String since, StoreActivity.Counts counts) {
    return row(
        PROCESS_ROW,
        pid,
        host,
        since,
        Amounts.count(counts.commits()),
        Amounts.count(counts.syncs()),
        Amounts.count(counts.checkpoints()),
        Amounts.count(counts.hits()),
        Amounts.count(counts.misses()));
  }

  private static String latency(String name, StoreActivity.Latency latency) {
    return row(
        LATENCY_ROW,
        name,
        Amounts.count(latency.count()),
        duration(latency.p50Nanos()),
        duration(latency.p90Nanos()),
        duration(latency.p99Nanos()),
        duration(latency.p999Nanos()),
        duration(latency.maxNanos()));
  }

  private static String duration(long nanos) {
    if (nanos < 10_000) {
      return nanos + " ns";
    }
    if (nanos < 10_000_000) {
      return nanos / 1_000 + " us";
    }
    return nanos < 10_000_000_000L ? nanos / 1_000_000 + " ms" : nanos / 1_000_000_000 + " s";
  }

  private static String since(Instant start) {
    Duration age = Duration.between(start, Instant.now());
    return Amounts.age(age.isNegative() ? Duration.ZERO : age);
  }

  private static void add(List<String> lines, String name, String value) {
    lines.add(row("%-14s %s", name, value));
  }

  private static String row(String format, String... cells) {
    return format.formatted((Object[]) cells).stripTrailing();
  }

  /// Adds the members for programs.
  void addTo(Json target) {
    target
        .put("pinnedBytes", activity.pinnedBytes())
        .put("unsyncedBytes", activity.unsyncedBytes());
    StoreActivity.Reader reader = activity.oldestReader();
    if (reader != null) {
      Json oldest = Json.object().put("txnId", reader.txnId()).put("pid", reader.pid());
      Instant since = reader.since();
      if (since != null) {
        oldest.put("sinceMillis", since.toEpochMilli());
      }
      target.put("oldestReader", oldest.put("host", reader.host()));
    }
    Json processes = Json.array();
    for (StoreActivity.Member member : activity.processes()) {
      Json one =
          Json.object()
              .put("slot", member.slot())
              .put("pid", member.pid())
              .put("host", member.host())
              .put("startedMillis", member.started().toEpochMilli());
      processes.add(one.put("counts", json(member.counts())));
    }
    target.put("totals", json(activity.totals())).put("processes", processes);
    Json latencies = Json.object();
    latencies.put("commit", json(activity.commit())).put("sync", json(activity.sync()));
    latencies.put("checkpoint", json(activity.checkpoint()));
    latencies.put("turnWait", json(activity.turnWait()));
    target.put("latencies", latencies);
  }

  private static Json json(StoreActivity.Counts counts) {
    return Json.object()
        .put("commits", counts.commits())
        .put("checkpoints", counts.checkpoints())
        .put("syncs", counts.syncs())
        .put("ringFullWaits", counts.ringFullWaits())
        .put("pagesWritten", counts.pagesWritten())
        .put("growths", counts.growths())
        .put("hits", counts.hits())
        .put("misses", counts.misses())
        .put("evictions", counts.evictions())
        .put("expirations", counts.expirations());
  }

  private static Json json(StoreActivity.Latency latency) {
    return Json.object()
        .put("count", latency.count())
        .put("sumNanos", latency.sumNanos())
        .put("p50Nanos", latency.p50Nanos())
        .put("p90Nanos", latency.p90Nanos())
        .put("p99Nanos", latency.p99Nanos())
        .put("p999Nanos", latency.p999Nanos())
        .put("maxNanos", latency.maxNanos());
  }
}

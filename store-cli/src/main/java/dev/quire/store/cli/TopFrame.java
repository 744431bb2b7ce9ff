package dev.quire.store.cli;

import dev.quire.store.StoreActivity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What happened in a store between two moments.
///
/// @param before at the first
/// @param now at the second
record TopFrame(TopSample before, TopSample now) {

  /// Above the lines of [#line].
  static final String HEADING =
      "%11s %11s %6s %6s %11s %11s %6s"
          .formatted("commits/s", "gets/s", "hits", "ring", "behind", "oldest", "procs");

  private static final StoreActivity.Counts NONE =
      new StoreActivity.Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private long perSecond(long first, long second) {
    double seconds = Math.max(1, now.nanos() - before.nanos()) / 1e9;
    // Counters begin anew when the last process has closed the store.
    return Math.round(Math.max(0, second - first) / seconds);
  }

  private StoreActivity.Counts was() {
    return before.activity().totals();
  }

  private StoreActivity.Counts is() {
    return now.activity().totals();
  }

  private long gets(StoreActivity.Counts first, StoreActivity.Counts second) {
    return perSecond(first.hits() + first.misses(), second.hits() + second.misses());
  }

  /// `97 %` of the lookups found their key; `-` if there were none.
  private String hits(StoreActivity.Counts first, StoreActivity.Counts second) {
    long hits = Math.max(0, second.hits() - first.hits());
    long all = hits + Math.max(0, second.misses() - first.misses());
    return all == 0 ? "-" : hits * 100 / all + " %";
  }

  private String ring() {
    return now.stats().ringUsedBytes() * 100 / Math.max(1, now.stats().ringSizeBytes()) + " %";
  }

  /// How many transactions no checkpoint has brought to rest yet.
  private long behind() {
    return Math.max(0, now.stats().txnId() - now.stats().durableTxnId());
  }

  /// How many transactions the oldest reader is behind.
  private long oldest() {
    StoreActivity.Reader reader = now.activity().oldestReader();
    return reader == null ? 0 : Math.max(0, now.stats().txnId() - reader.txnId());
  }

  /// All in one line.
  String line() {
    return "%11s %11s %6s %6s %11s %11s %6s"
        .formatted(
            Amounts.count(perSecond(was().commits(), is().commits())),
            Amounts.count(gets(was(), is())),
            hits(was(), is()),
            ring(),
            Amounts.count(behind()),
            now.activity().oldestReader() == null ? "none" : Amounts.count(oldest()),
            now.others());
  }

  /// A screen of it.
  ///
  /// @param title of the store
  List<String> screen(String title) {
    List<String> lines = new ArrayList<>();
    StoreActivity activity = now.activity();
    lines.add("quire top - " + title + " - transaction " + Amounts.count(now.stats().txnId()));
    lines.add("");
    add(lines, "commits", Amounts.count(perSecond(was().commits(), is().commits())) + "/s");
    add(lines, "gets", Amounts.count(gets(was(), is())) + "/s, hits " + hits(was(), is()));
    add(lines, "syncs", Amounts.count(perSecond(was().syncs(), is().syncs())) + "/s");
    add(
        lines,
        "redo ring",
        ring()
            + " of "
            + Amounts.bytes(now.stats().ringSizeBytes())
            + ", commits that waited "
            + Amounts.count(is().ringFullWaits()));
    add(lines, "checkpoint", Amounts.count(behind()) + " transactions behind");
    add(lines, "unsynced", Amounts.bytes(activity.unsyncedBytes()));
    add(lines, "file", Amounts.bytes(now.stats().fileSizeBytes()));
    add(lines, "oldest reader", reader());
    add(lines, "pinned", Amounts.bytes(activity.pinnedBytes()));
    lines.add("");
    lines.add(row("process", "host", "open for", "commits/s", "gets/s", "hits"));
    for (StoreActivity.Member member : activity.processes()) {
      lines.add(process(member));
    }
    lines.add("");
    lines.add("q ends");
    return lines;
  }

  private static void add(List<String> lines, String name, String value) {
    lines.add(String.format(Locale.ROOT, "%-14s %s", name, value));
  }

  private String reader() {
    StoreActivity.Reader reader = now.activity().oldestReader();
    if (reader == null) {
      return "none";
    }
    @Nullable Instant since = reader.since();
    return Amounts.count(oldest())
        + " transactions behind"
        + (reader.slot() < 0 ? "" : ", process " + reader.pid())
        + (since == null ? "" : ", for " + Amounts.age(Duration.between(since, Instant.now())));
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-8s %-16s %9s %11s %13s %6s", cells).stripTrailing();
  }

  private String process(StoreActivity.Member member) {
    StoreActivity.Counts first = countsBefore(member);
    StoreActivity.Counts second = member.counts();
    boolean self = member.pid() == ProcessHandle.current().pid();
    return row(
        member.pid(),
        self ? "(this one)" : member.host(),
        Amounts.age(Duration.between(member.started(), Instant.now())),
        Amounts.count(perSecond(first.commits(), second.commits())),
        Amounts.count(gets(first, second)),
        hits(first, second));
  }

  private StoreActivity.Counts countsBefore(StoreActivity.Member member) {
    for (StoreActivity.Member earlier : before.activity().processes()) {
      if (earlier.slot() == member.slot() && earlier.started().equals(member.started())) {
        return earlier.counts();
      }
    }
    return NONE;
  }

  /// The same for programs.
  Json json() {
    Json processes = Json.array();
    for (StoreActivity.Member member : now.activity().processes()) {
      StoreActivity.Counts first = countsBefore(member);
      processes.add(
          Json.object()
              .put("pid", member.pid())
              .put("host", member.host())
              .put("commitsPerSecond", perSecond(first.commits(), member.counts().commits()))
              .put("getsPerSecond", gets(first, member.counts())));
    }
    StoreActivity.Reader reader = now.activity().oldestReader();
    Json frame =
        Json.object()
            .put("txnId", now.stats().txnId())
            .put("commitsPerSecond", perSecond(was().commits(), is().commits()))
            .put("getsPerSecond", gets(was(), is()))
            .put("hitsPerSecond", perSecond(was().hits(), is().hits()))
            .put("syncsPerSecond", perSecond(was().syncs(), is().syncs()))
            .put("ringUsedBytes", now.stats().ringUsedBytes())
            .put("ringSizeBytes", now.stats().ringSizeBytes())
            .put("checkpointBehind", behind())
            .put("pinnedBytes", now.activity().pinnedBytes());
    if (reader != null) {
      frame.put("oldestReaderBehind", oldest());
    }
    return frame.put("processes", processes);
  }
}

package dev.quire.store.server.state;

import dev.quire.store.server.table.Command;
import dev.quire.store.server.table.CommandTable;
import java.util.Map;
import java.util.TreeMap;

/// What was counted since the server started, or the counters were set back.
public final class Statistics {

  /// Counters of one command.
  public static final class OfCommand {
    public long calls;
    public long nanos;
    public long rejected;
    public long failed;

    /// Calls by their time: place n has those of less than 2^n us.
    public final long[] buckets = new long[40];

    /// Time within which so many of a hundred calls were done, in us.
    public double percentileMicros(double percentile) {
      long total = 0;
      for (long bucket : buckets) {
        total += bucket;
      }
      long rank = (long) Math.ceil(total * percentile / 100);
      long seen = 0;
      for (int i = 0; i < buckets.length; i++) {
        seen += buckets[i];
        if (seen >= Math.max(1, rank)) {
          return 1L << i;
        }
      }
      return 0;
    }
  }

  private final OfCommand[] commands = new OfCommand[CommandTable.get().size()];
  private final Map<String, Long> errors = new TreeMap<>();

  public long connections;
  public long rejectedConnections;
  public long requests;
  public long hits;
  public long misses;
  public long bytesIn;
  public long bytesOut;
  public long errorReplies;
  public long deniedCommands;
  public long deniedKeys;
  public long deniedChannels;
  public long deniedLogins;
  public long groups;
  public long groupedWrites;

  public Statistics() {
    reset();
  }

  /// Sets all counters back.
  public void reset() {
    for (int i = 0; i < commands.length; i++) {
      commands[i] = new OfCommand();
    }
    errors.clear();
    connections = 0;
    rejectedConnections = 0;
    requests = 0;
    hits = 0;
    misses = 0;
    bytesIn = 0;
    bytesOut = 0;
    errorReplies = 0;
    deniedCommands = 0;
    deniedKeys = 0;
    deniedChannels = 0;
    deniedLogins = 0;
  }

  /// Counters of a command.
  public OfCommand of(Command command) {
    return commands[command.number()];
  }

  /// Counts a call.
  public void called(Command command, long nanos) {
    OfCommand counters = commands[command.number()];
    counters.calls++;
    counters.nanos += nanos;
    int bucket = 64 - Long.numberOfLeadingZeros(Math.max(0, nanos) / 1000);
    counters.buckets[Math.min(bucket, counters.buckets.length - 1)]++;
    requests++;
  }

  /// Counts an error reply.
  public void error(String code) {
    errorReplies++;
    if (errors.size() < 128 || errors.containsKey(code)) {
      errors.merge(code, 1L, Long::sum);
    }
  }

  /// Error replies by their codes.
  public Map<String, Long> errors() {
    return errors;
  }
}

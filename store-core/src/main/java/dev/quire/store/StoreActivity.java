package dev.quire.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What all processes have done to a store, and do now: counted since the first of them opened it,
/// those that have ended or died included. Numbers of different fields may be a moment apart.
///
/// A process that is killed leaves what it counted. What it was doing just then may be done and not
/// counted: at most one of each count for each of its threads. Nothing is counted twice.
///
/// @param totals counted by all processes
/// @param processes those that have the store open now, this one among them
/// @param commit from the call of commit until the transaction is visible
/// @param sync syncs of the redo log
/// @param checkpoint checkpoints
/// @param turnWait from asking for the writer's turn until it came, in transactions that got it
/// @param oldestReader whose snapshot is the oldest, or null if nobody reads
/// @param pinnedBytes replaced pages that cannot be used again, because of snapshots
/// @param unsyncedBytes redo log that is not synced yet
public record StoreActivity(
    Counts totals,
    List<Member> processes,
    Latency commit,
    Latency sync,
    Latency checkpoint,
    Latency turnWait,
    @Nullable Reader oldestReader,
    long pinnedBytes,
    long unsyncedBytes) {

  /// How often things happened.
  ///
  /// @param commits transactions that were committed and changed something
  /// @param checkpoints checkpoints
  /// @param syncs syncs of the redo log
  /// @param ringFullWaits commits that had to wait for a checkpoint
  /// @param pagesWritten pages that committed transactions wrote
  /// @param growths how often the data file was made longer
  /// @param hits lookups of a key that found it: get, contains, view and their like, in any kind of
  ///   transaction
  /// @param misses lookups that did not
  /// @param evictions entries removed to keep a bound
  /// @param expirations entries removed because they had expired
  public record Counts(
      long commits,
      long checkpoints,
      long syncs,
      long ringFullWaits,
      long pagesWritten,
      long growths,
      long hits,
      long misses,
      long evictions,
      long expirations) {}

  /// A process that has the store open.
  ///
  /// @param slot number of its place in the store, given to another one when it is gone
  /// @param pid its process id; in a container, the one that is used there
  /// @param host its host's name, empty if it is not known
  /// @param started when it opened the store
  /// @param counts what it counted since then
  public record Member(int slot, long pid, String host, Instant started, Counts counts) {}

  /// How long something took. All but `count`, `sumNanos` and `maxNanos` are off by a sixteenth of
  /// what they say at most.
  ///
  /// @param count how often it was measured
  /// @param sumNanos all durations added up
  /// @param p50Nanos half of the durations are not longer; 0 if there is none
  /// @param p90Nanos the same of 90 in 100
  /// @param p99Nanos the same of 99 in 100
  /// @param p999Nanos the same of 999 in 1000
  /// @param maxNanos the longest
  public record Latency(
      long count,
      long sumNanos,
      long p50Nanos,
      long p90Nanos,
      long p99Nanos,
      long p999Nanos,
      long maxNanos) {}

  /// A snapshot that somebody reads.
  ///
  /// @param txnId its transaction
  /// @param since when it was begun; null if that is not known: a single get does not note it
  /// @param slot the process's place in the store, -1 if it has just gone
  /// @param pid the process, 0 if it has just gone
  /// @param host its host's name, empty if it is not known
  public record Reader(long txnId, @Nullable Instant since, int slot, long pid, String host) {}
}

package dev.quire.store.internal.txn;

import dev.quire.store.internal.page.PendingPages;
import dev.quire.store.internal.page.PinList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What all processes have done to a store since its `shm` was made.
///
/// @param totals counted by all processes, those that have gone too
/// @param members the processes that have the store open now
/// @param latencies by the code of [Latency]
/// @param oldest whose snapshot is the oldest, or null if nobody reads
/// @param pinnedPages replaced pages that snapshots still need
/// @param unsyncedBytes log that is published and not synced
public record EngineActivity(
    Counts totals,
    List<Member> members,
    List<LatencySample> latencies,
    @Nullable OldestReader oldest,
    long pinnedPages,
    long unsyncedBytes) {

  /// One process.
  ///
  /// @param name who it is
  /// @param startMillis when it opened the store
  /// @param counts what it counted
  public record Member(Name name, long startMillis, Counts counts) {}

  /// A number for each [Counter], by its code.
  public record Counts(long[] numbers) {

    /// The number of one.
    public long get(Counter counter) {
      return numbers[counter.code()];
    }
  }

  /// What a process is called.
  ///
  /// @param slot its process slot
  /// @param pid its process id, in its own container
  /// @param host its host's name, empty if it is not known
  public record Name(int slot, long pid, String host) {}

  /// A snapshot.
  ///
  /// @param txnId its transaction
  /// @param sinceMillis when it was begun, 0 if that was not noted
  /// @param process whose it is, null if that one has just gone
  public record OldestReader(long txnId, long sinceMillis, @Nullable Name process) {}

  /// A snapshot and what it holds back.
  ///
  /// @param reader whose it is
  /// @param pinnedPages replaced pages that it needs; another one may need them too
  public record Pin(OldestReader reader, long pinnedPages) {}

  /// All snapshots that are read now.
  static List<Pin> pins(EngineParts parts) {
    parts.spaceLock.lock();
    try {
      List<Pin> pins = new ArrayList<>();
      PendingPages pending = parts.pending;
      for (OldestReader reader : parts.readers.all()) {
        long pages = 0;
        for (long at = pending.start(); at < pending.end(); at++) {
          boolean needs = pending.birth(at) <= reader.txnId() && reader.txnId() < pending.freed(at);
          pages += needs ? pending.count(at) : 0;
        }
        pins.add(new Pin(reader, pages));
      }
      return pins;
    } finally {
      parts.spaceLock.unlock();
    }
  }

  static EngineActivity of(EngineParts parts) {
    SharedState state = parts.state;
    parts.spaceLock.lock();
    try {
      ReaderLookups lookups = ReaderLookups.of(state);
      long[] totals = new long[Counter.values().length];
      for (Counter counter : Counter.values()) {
        totals[counter.code()] = MetricsTable.total(state, counter) + lookups.total(counter);
      }
      List<LatencySample> latencies = new ArrayList<>();
      for (Latency latency : Latency.values()) {
        latencies.add(MetricsTable.sample(state, latency));
      }
      return new EngineActivity(
          new Counts(totals),
          members(parts, lookups),
          latencies,
          parts.readers.findOldest(),
          pinnedPages(parts.pending, parts.readers.pins()),
          parts.isVolatile() ? 0 : Math.max(0, state.newestLsn() - state.syncedLsn()));
    } finally {
      parts.spaceLock.unlock();
    }
  }

  /// How long something took, in all processes.
  public LatencySample latency(Latency latency) {
    return latencies.get(latency.code());
  }

  /// What the name of a process's slot says.
  static Name nameOf(SharedState state, int slot) {
    return new Name(slot, ProcessTable.pid(state, slot), ProcessTable.host(state, slot));
  }

  private static List<Member> members(EngineParts parts, ReaderLookups lookups) {
    List<Member> members = new ArrayList<>();
    for (int slot = 0; slot < ProcessTable.SLOTS; slot++) {
      Member member = findMember(parts, slot, lookups);
      if (member != null) {
        members.add(member);
      }
    }
    return members;
  }

  /// The living process of a slot, or null.
  private static @Nullable Member findMember(EngineParts parts, int slot, ReaderLookups lookups) {
    SharedState state = parts.state;
    long started = ProcessTable.startMillis(state, slot);
    if (started == 0 || !MetricsTable.exists(state, slot)) {
      return null;
    }
    if (slot != parts.locks.slot() && parts.locks.isDead(slot)) {
      return null;
    }
    long[] counts = new long[Counter.values().length];
    for (Counter counter : Counter.values()) {
      long count = MetricsTable.own(state, slot, counter) + lookups.inSlotsOf(slot, counter);
      // Below zero for a moment while the process takes over a block of reader slots.
      counts[counter.code()] = Math.max(0, count);
    }
    return new Member(nameOf(state, slot), started, new Counts(counts));
  }

  /// Pages that were replaced and that one of the pins needs.
  private static long pinnedPages(PendingPages pending, PinList pins) {
    long pages = 0;
    for (long position = pending.start(); position < pending.end(); position++) {
      if (pins.lower(pending.freed(position)) >= pending.birth(position)) {
        pages += pending.count(position);
      }
    }
    return pages;
  }
}

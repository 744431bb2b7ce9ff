package dev.quire.store.bench.report;

import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.work.Workload;

/// What one result is about.
///
/// @param workload what is measured
/// @param kind the store
/// @param entries of the store
/// @param round how many times it was measured, with this one
public record Subject(Workload workload, PeerKind kind, int entries, int round) {

  /// For a line of progress.
  @Override
  public String toString() {
    return round + " " + workload.commandName() + " " + kind.commandName();
  }
}

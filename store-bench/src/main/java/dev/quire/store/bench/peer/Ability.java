package dev.quire.store.bench.peer;

/// What a store can do, as far as a workload asks for it.
public enum Ability {
  /// It keeps its entries in files, which outlive it.
  FILES,
  /// A put can be on the medium when it returns.
  DURABLE,
  /// A walk can begin at a key, and goes in the order of the keys.
  ORDERED,
  /// Several gets can be done by one snapshot.
  SNAPSHOT,
  /// Several threads may use it, and one of them may put.
  THREADS,
  /// Several processes may have it open, and one of them may put.
  PROCESSES
}

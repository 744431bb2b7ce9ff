package dev.quire.store.testing;

/// Where a [SimulatedRegion] crashes.
///
/// @param operation number of the operation, from 1 (writes, growths, cuts and syncs count)
/// @param moment when in it
public record CrashPoint(long operation, Moment moment) {

  /// A point of time in an operation.
  public enum Moment {
    /// Nothing of it has happened.
    BEFORE,
    /// The first half of a write has reached the page cache; of a sync, nothing is certain.
    DURING,
    /// It is complete, but its caller does not know.
    AFTER
  }
}

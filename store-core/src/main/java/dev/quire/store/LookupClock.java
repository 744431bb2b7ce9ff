package dev.quire.store;

/// The time by which a lookup says whether an entry has expired. Asked for only if the entry that
/// was found expires.
interface LookupClock {

  /// Epoch milliseconds.
  long nowMillis();
}

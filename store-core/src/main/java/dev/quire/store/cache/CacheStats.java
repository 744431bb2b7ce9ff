package dev.quire.store.cache;

/// What one cache object has counted since it was opened. What all processes did together is in
/// `Store.activity`.
///
/// @param hits keys that were asked for and there
/// @param misses keys that were asked for and not there
/// @param loads values that a loader of this object brought
/// @param failedLoads loaders of this object that threw or had no value
/// @param loadNanos how long those loaders took together
public record CacheStats(long hits, long misses, long loads, long failedLoads, long loadNanos) {

  /// Share of the keys asked for that were there; 1 if none was asked for.
  public double hitRate() {
    long asked = hits + misses;
    return asked == 0 ? 1 : (double) hits / asked;
  }
}

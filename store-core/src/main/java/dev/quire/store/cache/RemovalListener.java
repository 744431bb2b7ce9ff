package dev.quire.store.cache;

/// Is told what a cache object has removed, after the commit, by the thread that did it. Of what
/// the bound or the clock removes, and of what others remove, `Store.watch` tells.
///
/// What it throws reaches the caller; the change stays.
@FunctionalInterface
public interface RemovalListener<K, V> {

  /// Why an entry was removed.
  enum Cause {
    /// It was invalidated.
    EXPLICIT,
    /// Another value was put.
    REPLACED
  }

  /// An entry was removed.
  void removed(K key, V value, Cause cause);
}

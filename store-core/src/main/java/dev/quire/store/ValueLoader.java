package dev.quire.store;

import org.jspecify.annotations.Nullable;

/// Makes the value of a key that has none: for [StoreMap#getOrCompute].
///
/// @param <X> what loading may throw; inferred as [RuntimeException] if it throws nothing checked
@FunctionalInterface
public interface ValueLoader<K, V, X extends Exception> {

  /// Makes the value. It may take its time, and use the store.
  ///
  /// @return null if there is none
  @Nullable V load(K key) throws X;
}

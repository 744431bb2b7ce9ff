package dev.quire.store.internal.cache;

import org.jspecify.annotations.Nullable;

/// What came of the wish to load a value.
public sealed interface Claim {

  /// There is a value.
  record Present(byte[] value) implements Claim {}

  /// The caller is to load it.
  ///
  /// @param fence number of its lease, never given to another one
  /// @param before the value that is to be replaced, null if there is none
  record Mine(long fence, byte @Nullable [] before) implements Claim {}

  /// Somebody else is loading it.
  ///
  /// @param fence number of that lease
  /// @param leaseMillis how long it may take
  /// @param txnId transaction in which this was so
  record Busy(long fence, long leaseMillis, long txnId) implements Claim {}
}

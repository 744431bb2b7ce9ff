package dev.quire.store.internal.cache;

import org.jspecify.annotations.Nullable;

/// What loading one key asks of the store; each step is a transaction of its own.
public interface LoadSteps {

  /// No lease has this number.
  long NO_FENCE = 0;

  /// Finds the value, or takes the lease for loading it.
  ///
  /// @param leaseMillis how long the caller's loader may take
  /// @param overtaken number of a lease that counts no more, or [#NO_FENCE]
  Claim claim(long leaseMillis, long overtaken);

  /// Takes the lease for loading a value anew, though there may be one.
  ///
  /// @return never [Claim.Present]
  Claim claimAnew(long leaseMillis);

  /// Stores a loaded value, unless there is another one than when the lease was taken, and gives
  /// the lease back.
  ///
  /// @return the value that is there now; null if the lease was taken over and there is none yet
  byte @Nullable [] finish(Claim.Mine mine, byte[] loaded);

  /// Gives the lease back, if it is still the caller's.
  void abandon(long fence);

  /// Waits for a commit after `txnId`, for a moment in which a holder may have died, or for the
  /// deadline.
  void await(long txnId, long deadlineNanos) throws InterruptedException;

  /// What is the same for all who load this key in this process, and for nobody else.
  Object identity();
}

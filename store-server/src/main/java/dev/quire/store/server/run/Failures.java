package dev.quire.store.server.run;

import dev.quire.store.errors.CommitInDoubtException;
import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreLockedException;

/// What a client is told when the store fails.
final class Failures {

  private Failures() {}

  /// The reply.
  static String reply(StoreException failure) {
    return switch (failure) {
      case StoreFullException e ->
          "MISCONF no room to write, nothing was changed: " + e.getMessage();
      case StoreFailedException e -> "MISCONF the store refuses writes: " + e.getMessage();
      case CommitInDoubtException e -> "MISCONF the write is in doubt: " + e.getMessage();
      case StoreLockedException e -> "BUSY nothing was changed: " + e.getMessage();
      default -> "ERR the store failed: " + failure.getMessage();
    };
  }
}

package dev.quire.store.internal.page;

/// Makes the data file longer.
@FunctionalInterface
public interface FileGrowth {
  /// Makes the file hold page numbers below `pages`.
  ///
  /// @throws dev.quire.store.errors.StoreFullException if there is no room
  void require(long pages);
}

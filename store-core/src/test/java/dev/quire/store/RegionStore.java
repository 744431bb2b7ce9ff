package dev.quire.store;

import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.options.StoreOptions;

/// Stores in regions that fail as tests want it.
public final class RegionStore {

  private RegionStore() {}

  /// Opens the store in a region, which nobody else uses.
  public static Store open(Region region, StoreOptions options) {
    return new EngineStore(Engine.onRegion(region, options));
  }
}

package dev.quire.store.testing;

import dev.quire.store.internal.region.Region;

/// A region that outlives whoever closes it.
public final class KeptRegion extends ForwardingRegion {

  public KeptRegion(Region region) {
    super(region);
  }

  @Override
  public void close() {}
}

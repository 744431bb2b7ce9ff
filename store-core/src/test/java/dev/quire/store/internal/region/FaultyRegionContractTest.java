package dev.quire.store.internal.region;

import dev.quire.store.testing.FaultyRegion;

class FaultyRegionContractTest extends RegionContract {

  @Override
  Region openEmpty() {
    return new FaultyRegion(MemoryRegion.temporary(0));
  }
}

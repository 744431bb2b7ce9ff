package dev.quire.store.internal.region;

import dev.quire.store.testing.SimulatedRegion;

class SimulatedRegionContractTest extends RegionContract {

  @Override
  Region openEmpty() {
    return new SimulatedRegion(16 << 20);
  }
}

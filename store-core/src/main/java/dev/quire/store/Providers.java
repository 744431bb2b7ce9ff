package dev.quire.store;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/// The storage engines that can be found.
final class Providers {

  private Providers() {}

  /// The provider of that name.
  ///
  /// @throws IllegalArgumentException if there is none, naming those that there are
  static StoreProvider named(String name) {
    if (name.equals(EngineProvider.NAME)) {
      return new EngineProvider();
    }
    List<String> known = new ArrayList<>();
    known.add(EngineProvider.NAME);
    for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
      if (provider.name().equals(name)) {
        return provider;
      }
      known.add(provider.name());
    }
    throw new IllegalArgumentException(
        "no backend is called \"" + name + "\": there are " + String.join(", ", known));
  }
}

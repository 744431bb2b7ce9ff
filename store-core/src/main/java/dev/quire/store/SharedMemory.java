package dev.quire.store;

import dev.quire.store.internal.txn.SharedStores;
import dev.quire.store.options.StoreOptions;
import java.util.List;

/// Stores in memory that processes share, for the static methods of [Store].
final class SharedMemory {

  private SharedMemory() {}

  static Store open(String name, StoreOptions options) {
    requireEngine(options);
    return new EngineStore(SharedStores.ofUser().open(name, options));
  }

  static TemporaryStore createTemporary(StoreOptions options) {
    requireEngine(options);
    String token = SharedStores.newToken();
    return new EngineTemporaryStore(SharedStores.ofUser().createTemporary(token, options), token);
  }

  static TemporaryStore openTemporary(String token, StoreOptions options) {
    requireEngine(options);
    return new EngineTemporaryStore(SharedStores.ofUser().openTemporary(token, options), token);
  }

  static List<SharedStoreStats> list() {
    return SharedStores.ofUser().list().stream()
        .map(
            entry ->
                new SharedStoreStats(
                    entry.name(),
                    entry.temporary(),
                    entry.sizeBytes(),
                    entry.created(),
                    entry.users()))
        .toList();
  }

  static boolean unlink(String name) {
    return SharedStores.ofUser().unlink(name);
  }

  private static void requireEngine(StoreOptions options) {
    if (!options.backend().equals(EngineProvider.NAME)) {
      throw new IllegalArgumentException(
          "the backend \"" + options.backend() + "\" has no shared memory; only quire has");
    }
  }
}

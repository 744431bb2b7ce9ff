package dev.quire.store;

import dev.quire.store.options.StoreOptions;
import java.nio.file.Path;

/// A storage engine behind the interfaces of this package, found by [java.util.ServiceLoader] and
/// chosen by [StoreOptions#backend]. The engine of this library, `quire`, needs no entry.
public interface StoreProvider {

  /// The name by which [StoreOptions#backend] chooses it.
  String name();

  /// Opens or creates a store in a directory.
  Store open(Path directory, StoreOptions options);

  /// Makes a store that lives in this process's memory.
  ///
  /// @throws UnsupportedOperationException if the engine has no such form
  Store inMemory(StoreOptions options);
}

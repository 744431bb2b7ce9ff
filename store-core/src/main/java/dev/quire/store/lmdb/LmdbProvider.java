package dev.quire.store.lmdb;

import dev.quire.store.Store;
import dev.quire.store.StoreProvider;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Path;

/// The backend `lmdb`. Uses no class of lmdbjava, so that it can be named where there is none.
public final class LmdbProvider implements StoreProvider {

  /// What [StoreOptions#backend] calls it.
  public static final String NAME = "lmdb";

  /// Made by [java.util.ServiceLoader].
  public LmdbProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  /// Opens the LMDB environment in a directory.
  ///
  /// @throws IllegalStateException if lmdbjava is missing
  @Override
  public Store open(Path directory, StoreOptions options) {
    requireLibrary();
    return LmdbStore.open(directory, options);
  }

  /// Always refused.
  @Override
  public Store inMemory(StoreOptions options) {
    throw new UnsupportedOperationException(
        "LMDB has no store in memory: open one in a directory of /dev/shm instead");
  }

  /// @throws IllegalStateException if lmdbjava is missing
  static void requireLibrary() {
    try {
      Class<?> _ = Class.forName("org.lmdbjava.Env", false, LmdbProvider.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "LMDB needs lmdbjava, which is not on the class path: add the dependency"
              + " org.lmdbjava:lmdbjava:0.9.3",
          e);
    }
  }
}

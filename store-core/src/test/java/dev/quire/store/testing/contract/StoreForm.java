package dev.quire.store.testing.contract;

import dev.quire.store.Store;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// One way in which a store exists, and one store of that kind.
public interface StoreForm extends AutoCloseable {

  /// Opens the store.
  Store open(StoreOptions options);

  /// Whether the store's content is there again after it was closed.
  boolean survivesClose();

  /// Removes what is left of the closed store.
  @Override
  void close();

  /// A store in memory.
  static StoreForm inMemory() {
    return new StoreForm() {
      @Override
      public Store open(StoreOptions options) {
        return Store.inMemory(options);
      }

      @Override
      public boolean survivesClose() {
        return false;
      }

      @Override
      public void close() {}
    };
  }

  /// A store in a new temporary directory.
  static StoreForm durable() {
    Path parent;
    try {
      parent = Files.createTempDirectory("quire-contract");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new StoreForm() {
      @Override
      public Store open(StoreOptions options) {
        return Store.open(parent.resolve("store"), options);
      }

      @Override
      public boolean survivesClose() {
        return true;
      }

      @Override
      public void close() {
        deleteTree(parent);
      }
    };
  }

  /// A store in named shared memory, under a name that nobody else uses.
  static StoreForm shared() {
    String name = "test-" + UUID.randomUUID();
    return new StoreForm() {
      @Override
      public Store open(StoreOptions options) {
        return Store.shared(name, options);
      }

      @Override
      public boolean survivesClose() {
        return true;
      }

      @Override
      public void close() {
        Store.unlinkShared(name);
      }
    };
  }

  /// Deletes a directory and everything in it.
  static void deleteTree(Path root) {
    try (Stream<Path> found = Files.walk(root)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

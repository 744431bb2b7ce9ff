package dev.quire.store.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.store.CheckReport;
import dev.quire.store.Store;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A store for each test, empty before it and checked as a whole after it: a violation fails the
/// test.
///
/// ```java
/// @RegisterExtension private final CheckedStore checked = CheckedStore.durable();
/// ```
///
/// A durable store is checked once more after it was closed and opened again.
public final class CheckedStore implements BeforeEachCallback, AfterEachCallback {

  private final boolean durable;
  private final StoreOptions options;
  private @Nullable Path parent;
  private @Nullable Store store;

  private CheckedStore(boolean durable, StoreOptions options) {
    this.durable = durable;
    this.options = options;
  }

  /// A store in a temporary directory.
  public static CheckedStore durable() {
    return new CheckedStore(true, StoreOptions.defaults());
  }

  /// A store in memory.
  public static CheckedStore inMemory() {
    return new CheckedStore(false, StoreOptions.defaults());
  }

  /// The same with other options.
  public CheckedStore with(StoreOptions newOptions) {
    return new CheckedStore(durable, newOptions);
  }

  /// The store of the running test.
  public Store store() {
    Store current = store;
    if (current == null) {
      throw new IllegalStateException("no test is running");
    }
    return current;
  }

  /// The directory of a durable store.
  public Path directory() {
    Path current = parent;
    if (current == null) {
      throw new IllegalStateException("the store has no directory");
    }
    return current.resolve("store");
  }

  /// Closes the store and opens it again (durable ones only).
  public Store reopen() {
    store().close();
    Store opened = Store.open(directory(), options);
    store = opened;
    return opened;
  }

  /// Checks a store as a whole.
  public static void assertClean(Store store) {
    assertClean(store.check());
  }

  /// Whether the report of a check has no violation.
  public static void assertClean(CheckReport report) {
    assertEquals(List.of(), report.violations());
    assertEquals(List.of(), report.leaks());
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    if (durable) {
      parent = Files.createTempDirectory("quire-checked");
      store = Store.open(directory(), options);
    } else {
      store = Store.inMemory(options);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    try (Store toClose = store()) {
      if (toClose.isOpen()) {
        assertClean(toClose);
      }
    }
    if (durable) {
      try (Store again = Store.open(directory(), options)) {
        assertClean(again);
      }
      deleteTree(directory().getParent());
    }
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> found = Files.walk(root)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.CheckedStore;
import dev.quire.store.testing.ChildJvm;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: of two copies of the library in one process the second is refused a store that the first
/// has open, and before it opens `lock`: to close that again would drop the first one's locks.
@Timeout(60)
class ClassLoadersTest {

  @TempDir private Path directory;
  private Path path;
  private URLClassLoader loader;

  @BeforeEach
  void load() {
    path = directory.resolve("store");
    URL classes = Store.class.getProtectionDomain().getCodeSource().getLocation();
    loader = new URLClassLoader(new URL[] {classes}, null);
  }

  @AfterEach
  void unload() throws IOException {
    loader.close();
  }

  /// Opens the store through the other copy of the library.
  private AutoCloseable openCopy(boolean readOnly) throws ReflectiveOperationException {
    Class<?> copy = loader.loadClass(Store.class.getName());
    assertNotSame(Store.class, copy);
    Class<?> optionsClass = loader.loadClass(StoreOptions.class.getName());
    Object defaults = optionsClass.getMethod("defaults").invoke(null);
    Object options =
        optionsClass.getMethod("withReadOnly", boolean.class).invoke(defaults, readOnly);
    Object store = copy.getMethod("open", Path.class, optionsClass).invoke(null, path, options);
    return (AutoCloseable) store;
  }

  private void assertCopyIsRefused(boolean readOnly) {
    InvocationTargetException e =
        assertThrows(InvocationTargetException.class, () -> openCopy(readOnly));
    assertEquals(StoreLockedException.class.getName(), e.getCause().getClass().getName());
    String message = String.valueOf(e.getCause().getMessage());
    assertTrue(message.contains("two class loaders"), message);
  }

  @Test
  void open_inASecondClassLoader_isRefusedAndHarmless() {
    try (Store store = Store.open(path);
        ChildJvm other = StoreUser.start(path)) {
      other.ask("put a 1");
      assertCopyIsRefused(false);
      assertCopyIsRefused(true);
      // Had the locks been dropped, the other process would take this one for dead.
      other.ask("put b 1");
      store.table("t").put("c".getBytes(StandardCharsets.UTF_8), new byte[1]);
      other.ask("put d 1");
      assertEquals(4, store.table("t").count());
      CheckedStore.assertClean(store);
    }
  }

  @Test
  void open_afterTheOtherClassLoaderClosed_isTheSameStore() throws Exception {
    try (AutoCloseable _ = openCopy(false)) {
      StoreLockedException e = assertThrows(StoreLockedException.class, () -> Store.open(path));
      assertTrue(String.valueOf(e.getMessage()).contains("two class loaders"), e.getMessage());
    }
    try (Store store = Store.open(path)) {
      store.table("t").put(1, new byte[1]);
    }
    try (AutoCloseable _ = openCopy(true)) {
      assertThrows(StoreLockedException.class, () -> Store.open(path));
    }
  }
}

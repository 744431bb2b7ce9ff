package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreLockedException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreRegistryTest {

  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void nameFile() {
    path = directory.resolve("lock");
  }

  @Test
  void claim_missingFile_createsIt() {
    try (StoreRegistry.Claim claim = StoreRegistry.claim(path, "first")) {
      assertTrue(Files.isRegularFile(claim.path()));
    }
  }

  @Test
  void claim_twice_namesTheHolder() {
    try (StoreRegistry.Claim _ = StoreRegistry.claim(path, "the first one")) {
      StoreLockedException e =
          assertThrows(StoreLockedException.class, () -> StoreRegistry.claim(path, "second"));
      assertTrue(e.getMessage().contains("the first one"), e.getMessage());
    }
  }

  @Test
  void claim_byAnotherName_isTheSameStore() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), path);
    try (StoreRegistry.Claim _ = StoreRegistry.claim(path, "first")) {
      assertThrows(StoreLockedException.class, () -> StoreRegistry.claim(link, "second"));
    }
  }

  @Test
  void close_oncePerClaim_freesOnlyItsOwn() {
    StoreRegistry.Claim first = StoreRegistry.claim(path, "first");
    first.close();
    try (StoreRegistry.Claim _ = StoreRegistry.claim(path, "second")) {
      first.close();
      assertThrows(StoreLockedException.class, () -> StoreRegistry.claim(path, "third"));
    }
  }

  @Test
  void claim_anotherStore_isIndependent() {
    try (StoreRegistry.Claim _ = StoreRegistry.claim(path, "first");
        StoreRegistry.Claim other = StoreRegistry.claim(directory.resolve("lock2"), "second")) {
      assertEquals(directory.resolve("lock2"), other.path());
    }
  }

  @Test
  void claim_fromAnotherClassLoader_isRefused() throws Exception {
    // No parent: every other built-in loader finds the classes of the named module.
    URL classes = StoreRegistry.class.getProtectionDomain().getCodeSource().getLocation();
    try (StoreRegistry.Claim _ = StoreRegistry.claim(path, "the first copy");
        URLClassLoader loader = new URLClassLoader(new URL[] {classes}, null)) {
      Class<?> copy = loader.loadClass(StoreRegistry.class.getName());
      assertTrue(copy != StoreRegistry.class);
      Method claim = copy.getMethod("claim", Path.class, String.class);

      InvocationTargetException e =
          assertThrows(
              InvocationTargetException.class, () -> claim.invoke(null, path, "second copy"));

      assertEquals(StoreLockedException.class.getName(), e.getCause().getClass().getName());
      assertTrue(e.getCause().getMessage().contains("the first copy"));
    }
  }
}

package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How named locks of a store in a directory end.
class StoreLockTest {

  @TempDir private Path directory;

  private Path path() {
    return directory.resolve("store");
  }

  @Test
  void close_ofOneHandle_givesItsLocksBack() throws InterruptedException {
    try (Store store = Store.open(path())) {
      Store second = Store.open(path());
      StoreLock held = second.lock("x");
      assertTrue(held.tryLock());
      assertTrue(store.lock("y").tryLock());
      assertFalse(store.lock("x").tryLock());
      second.close();
      assertFalse(held.isHeld());
      assertTrue(store.lock("x").tryLock());
      assertFalse(store.lock("y").tryLock());
    }
  }

  @Test
  void close_inAWriteTransaction_keepsStoreAndLocks() throws InterruptedException {
    try (Store store = Store.open(path())) {
      StoreLock held = store.lock("x");
      assertTrue(held.tryLock());
      WriteTxn txn = store.beginWrite();
      assertThrows(IllegalStateException.class, store::close);
      txn.close();
      assertTrue(store.isOpen() && held.isHeld());
    }
  }

  @Test
  void open_copyOfAStoreWithAHeldLock_findsItFree() throws Exception {
    Path copy = Files.createDirectory(directory.resolve("copy"));
    try (Store store = Store.open(path())) {
      assertTrue(store.lock("x").tryLock());
      store.checkpoint();
      Files.copy(path().resolve("data"), copy.resolve("data"));
    }
    try (Store store = Store.open(copy)) {
      StoreLock lock = store.lock("x");
      assertTrue(lock.tryLock());
      assertEquals(2, lock.fence());
    }
  }

  @Test
  void lock_ofAReadOnlyStore_isRefused() throws IOException {
    Store.open(path()).close();
    try (Store store = Store.open(path(), StoreOptions.defaults().withReadOnly(true))) {
      assertThrows(IllegalStateException.class, () -> store.lock("x"));
    }
  }
}

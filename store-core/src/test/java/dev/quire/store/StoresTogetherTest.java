package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.ChildJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: watches, counters and named locks hold among processes as within one, whoever dies.
@Timeout(120)
class StoresTogetherTest {

  private static final Duration LONG = Duration.ofSeconds(25);

  @TempDir private Path directory;
  private Store store;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private ChildJvm start() {
    return StoreUser.start(directory.resolve("store"));
  }

  @BeforeEach
  void open() {
    store = Store.open(directory.resolve("store"), StoreUser.options());
  }

  @AfterEach
  void checkAndClose() {
    if (store.isOpen()) {
      assertTrue(store.check().isClean());
      store.close();
    }
  }

  @Test
  void increment_byTwoProcesses_losesNothing() {
    try (ChildJvm one = start();
        ChildJvm two = start()) {
      one.tell("add n 1000");
      two.tell("add n 1000");
      for (int i = 0; i < 1_000; i++) {
        store.table("t").increment(bytes("n"), 1);
      }
      one.next();
      two.next();
      assertEquals(3_000, store.table("t").increment(bytes("n"), 0));
    }
  }

  @Test
  void poll_commitsOfAnotherProcess_areTold() throws InterruptedException {
    try (ChildJvm watcher = start();
        Watch own = store.watch()) {
      watcher.ask("watch");
      watcher.tell("poll");
      store.table("t").put(bytes("a"), bytes("1"));
      assertEquals("[TABLE_CREATED, PUT a]", watcher.next());
      for (int i = 0; i < 20; i++) {
        watcher.tell("poll");
        store.table("t").put(bytes("k" + i), bytes("1"));
        assertEquals("[PUT k" + i + "]", watcher.next());
      }
      watcher.ask("put z 1");
      Changes changes = own.poll(LONG);
      assertNotNull(changes);
      int told = 0;
      while (changes.next()) {
        told++;
      }
      assertEquals(23, told);
    }
  }

  @Test
  void poll_besideProcessesThatWriteAndDie_keepsAMirror() throws InterruptedException {
    Mirror mirror = new Mirror();
    try (Watch watch = store.watch();
        ChildJvm one = start();
        ChildJvm two = start()) {
      one.tell("change " + Campaign.seed() + " 400");
      two.tell("change " + (Campaign.seed() + 1) + " 100000");
      boolean killed = false;
      for (int polls = 0; polls < 200 || !killed || !one.speaksWithin(Duration.ZERO); polls++) {
        mirror.follow(watch, Duration.ofMillis(5));
        if (polls >= 50 && !killed) {
          two.kill();
          killed = true;
        }
      }
      assertEquals("changed", one.next());
      mirror.follow(watch, Duration.ZERO);
    }
    mirror.requireEqual(store);
  }

  @Test
  void lock_heldByAnotherProcess_isWaitedFor() throws InterruptedException {
    try (ChildJvm other = start()) {
      assertEquals("1", other.ask("lock x 0"));
      StoreLock lock = store.lock("x");
      assertFalse(lock.tryLock());
      assertFalse(lock.tryLock(Duration.ofMillis(60)));
      assertEquals("unlocked", other.ask("unlock x"));
      assertTrue(lock.tryLock());
      assertEquals("not taken", other.ask("lock x 5"));
      other.tell("lock x 20000");
      lock.unlock();
      assertEquals("3", other.next());
    }
  }

  @Test
  void lock_holderStopped_isNotTakenFromIt() throws InterruptedException {
    try (ChildJvm other = start()) {
      assertEquals("1", other.ask("lock x 0"));
      other.freeze();
      assertFalse(store.lock("x").tryLock(Duration.ofMillis(100)));
      other.thaw();
      assertEquals("unlocked", other.ask("unlock x"));
      assertTrue(store.lock("x").tryLock());
    }
  }

  @Test
  void lock_holderKilled_goesToWhoWaits() throws Exception {
    StoreLock lock = store.lock("x");
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        ChildJvm other = start()) {
      assertEquals("1", other.ask("lock x 0"));
      Future<Boolean> taken = thread.submit(() -> lock.tryLock(LONG));
      other.kill();
      assertTrue(taken.get());
      assertEquals(2, lock.fence());
    }
  }

  @Test
  void lock_holderKilledAndItsSlotTaken_isFree() throws InterruptedException {
    try (ChildJvm other = start()) {
      assertEquals("1", other.ask("lock x 0"));
      other.kill();
    }
    try (ChildJvm successor = start()) {
      assertEquals("true", successor.ask("put a 1"));
      assertTrue(store.lock("x").tryLock());
      assertEquals("not taken", successor.ask("lock x 5"));
    }
  }

  @Test
  void lock_holderClosesItsStore_isFree() throws InterruptedException {
    try (ChildJvm other = start()) {
      assertEquals("1", other.ask("lock x 0"));
      assertEquals(0, other.finish());
      assertTrue(store.lock("x").tryLock());
    }
  }

  @Test
  void lock_manyProcesses_excludeEachOther() throws InterruptedException {
    try (ChildJvm one = start();
        ChildJvm two = start()) {
      one.tell("addLocked n 50");
      two.tell("addLocked n 50");
      assertEquals("added", one.next());
      assertEquals("added", two.next());
      assertEquals(100, store.table("t").increment(bytes("n"), 0));
    }
  }

  @Test
  void lock_holderKilledAndShmLost_isFree() throws InterruptedException {
    try (ChildJvm other = start()) {
      assertEquals("1", other.ask("lock x 0"));
      store.close();
      other.kill();
    }
    assertTrue(directory.resolve("store").resolve("shm").toFile().delete());
    open();
    StoreLock lock = store.lock("x");
    assertTrue(lock.tryLock());
    assertEquals(2, lock.fence());
  }
}

package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.ReadTxn;
import dev.quire.store.StoreLock;
import dev.quire.store.WriteTxn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/// [StoreLock] within one process.
@Timeout(60)
public abstract class LockContract extends StoreContract {

  private static final Duration LONG = Duration.ofSeconds(50);

  protected LockContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  private static void assertState(String expectedWord, Executable misuse) {
    String message = assertThrows(IllegalStateException.class, misuse).getMessage();
    assertTrue(message != null && message.contains(expectedWord), message);
  }

  @Test
  void tryLock_free_isTakenByOne() throws InterruptedException {
    StoreLock one = store().lock("x");
    StoreLock two = store().lock("x");
    StoreLock other = store().lock("y");
    assertEquals("x", one.name());
    assertTrue(one.tryLock());
    assertTrue(one.isHeld());
    assertFalse(two.tryLock());
    assertFalse(two.tryLock(Duration.ofMillis(5)));
    assertFalse(two.isHeld());
    assertTrue(other.tryLock());
    one.unlock();
    assertFalse(one.isHeld());
    assertTrue(two.tryLock());
    assertFalse(one.tryLock());
    two.unlock();
    other.unlock();
  }

  @Test
  void fence_eachTaking_isGreater() throws InterruptedException {
    StoreLock one = store().lock("x");
    StoreLock two = store().lock("x");
    long last = 0;
    for (int i = 0; i < 3; i++) {
      for (StoreLock lock : List.of(one, two)) {
        assertTrue(lock.tryLock());
        assertTrue(lock.fence() > last);
        last = lock.fence();
        lock.unlock();
      }
    }
    if (form().survivesClose()) {
      StoreLock again = reopen().lock("x");
      assertTrue(again.tryLock());
      assertTrue(again.fence() > last);
      again.unlock();
    }
  }

  @Test
  void tryLock_heldByTheObject_isRefused() throws InterruptedException {
    StoreLock lock = store().lock("x");
    assertTrue(lock.tryLock());
    assertState("already", lock::tryLock);
    assertState("already", () -> lock.tryLock(LONG));
    assertTrue(lock.isHeld());
    lock.unlock();
  }

  @Test
  void unlock_notTheHolder_isRefused() throws InterruptedException {
    StoreLock lock = store().lock("x");
    StoreLock other = store().lock("x");
    assertState("not held", lock::unlock);
    assertTrue(lock.tryLock());
    assertState("not held", other::unlock);
    assertState("not held", other::fence);
    assertTrue(lock.isHeld());
    lock.unlock();
    assertState("not held", lock::unlock);
    assertState("not held", lock::fence);
  }

  @Test
  void unlock_byAnotherThread_isAllowed() throws Exception {
    StoreLock lock = store().lock("x");
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      assertTrue(thread.submit(() -> lock.tryLock()).get());
      lock.unlock();
      assertTrue(thread.submit(() -> store().lock("x").tryLock()).get());
    }
  }

  @Test
  void tryLock_waiting_takesItWhenItIsGivenBack() throws Exception {
    StoreLock holder = store().lock("x");
    assertTrue(holder.tryLock());
    StoreLock waiter = store().lock("x");
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Boolean> taken = thread.submit(() -> waiter.tryLock(LONG));
      putAll(store().table("t"), "a=1", "b=1");
      assertFalse(taken.isDone());
      holder.unlock();
      assertTrue(taken.get());
      assertTrue(waiter.isHeld());
    }
    waiter.unlock();
  }

  @Test
  void tryLock_interrupted_endsWithoutTheLock() throws Exception {
    StoreLock holder = store().lock("x");
    assertTrue(holder.tryLock());
    StoreLock waiter = store().lock("x");
    Thread thread =
        new Thread(() -> assertThrows(InterruptedException.class, () -> waiter.tryLock(LONG)));
    List<Throwable> failures = new ArrayList<>();
    thread.setUncaughtExceptionHandler((t, failure) -> failures.add(failure));
    thread.start();
    thread.interrupt();
    thread.join();
    assertEquals(List.of(), failures);
    holder.unlock();
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, waiter::tryLock);
    assertFalse(waiter.isHeld());
    assertTrue(waiter.tryLock());
    Thread.currentThread().interrupt();
    waiter.unlock();
    assertTrue(Thread.interrupted());
  }

  @Test
  void lock_inAWriteTransaction_isRefused() throws InterruptedException {
    StoreLock lock = store().lock("x");
    try (WriteTxn txn = store().beginWrite()) {
      assertTrue(txn.isOpen());
      assertState("this thread", lock::tryLock);
    }
    assertTrue(lock.tryLock());
    try (WriteTxn txn = store().beginWrite()) {
      assertTrue(txn.isOpen());
      assertState("this thread", lock::unlock);
    }
    assertTrue(lock.isHeld());
    lock.unlock();
  }

  @Test
  void lock_storeClosed_isGivenBackAndRefused() throws InterruptedException {
    StoreLock held = store().lock("x");
    StoreLock free = store().lock("y");
    assertTrue(held.tryLock());
    store().close();
    assertFalse(held.isHeld());
    assertState("closed", held::tryLock);
    assertState("closed", free::tryLock);
    assertState("closed", () -> store().lock("x"));
    assertThrows(IllegalStateException.class, held::unlock);
    if (form().survivesClose()) {
      assertTrue(reopen().lock("x").tryLock());
    }
  }

  @Test
  void names_limits_areHeld() throws InterruptedException {
    assertThrows(IllegalArgumentException.class, () -> store().lock(""));
    assertThrows(IllegalArgumentException.class, () -> store().lock("n".repeat(256)));
    assertTrue(store().lock("n".repeat(255)).tryLock());
    assertTrue(store().lock("quire.x").tryLock());
  }

  @Test
  void locks_takenAndGivenBack_areNoTableAndNoChange() throws InterruptedException {
    try (ReadTxn before = store().beginRead()) {
      assertTrue(store().lock("x").tryLock());
      assertEquals(List.of(), store().tables());
      try (ReadTxn after = store().beginRead()) {
        assertFalse(store().diff(before, after).next());
      }
    }
  }

  @Test
  void locks_manyThreads_excludeEachOther() throws Exception {
    int threads = 4;
    int each = 20;
    int[] counter = new int[1];
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            pool.submit(
                () -> {
                  StoreLock lock = store().lock("x");
                  for (int k = 0; k < each; k++) {
                    assertTrue(lock.tryLock(LONG));
                    int read = counter[0];
                    Thread.yield();
                    counter[0] = read + 1;
                    lock.unlock();
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    assertEquals(threads * each, counter[0]);
    StoreLock last = store().lock("x");
    assertTrue(last.tryLock());
    assertEquals(threads * each + 1, last.fence());
    last.unlock();
  }
}

package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.ChangeScope;
import dev.quire.store.Changes;
import dev.quire.store.KeyRange;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Watch;
import dev.quire.store.WriteTxn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// [Watch]: what is told, when, and how a wait ends.
@Timeout(60)
public abstract class WatchContract extends StoreContract {

  private static final Duration LONG = Duration.ofSeconds(50);

  private final ExecutorService threads = Executors.newCachedThreadPool();

  protected WatchContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private void put(String... entries) {
    putAll(store().table("t"), entries);
  }

  /// What a poll that does not wait tells.
  private static List<String> told(Watch watch) throws InterruptedException {
    Changes changes = watch.poll(Duration.ZERO);
    return changes == null ? List.of() : ChangesContract.told(changes);
  }

  /// Returns when the thread is in a timed wait.
  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      assertTrue(thread.isAlive());
      Thread.onSpinWait();
    }
  }

  @Test
  void poll_nothingChanged_returnsNull() throws InterruptedException {
    put("a=1");
    try (Watch watch = store().watch()) {
      assertNull(watch.poll(Duration.ZERO));
      assertNull(watch.poll(Duration.ofMillis(3)));
      store().checkpoint();
      store().write(txn -> txn.table("t").delete(bytes("none")));
      assertNull(watch.poll(Duration.ZERO));
    }
  }

  @Test
  void poll_afterCommits_tellsTheNetChangeOnce() throws InterruptedException {
    put("a=1", "b=1");
    try (Watch watch = store().watch()) {
      put("a=2", "c=1", "a=3");
      store().table("t").delete(bytes("b"));
      assertEquals(
          List.of("PUT t a: 1 -> 3", "DELETE t b: 1 -> null", "PUT t c: null -> 1"), told(watch));
      assertEquals(List.of(), told(watch));
      put("a=4");
      assertEquals(List.of("PUT t a: 3 -> 4"), told(watch));
      put("a=5", "a=4");
      assertEquals(List.of(), told(watch));
    }
  }

  @Test
  void poll_waiting_comesBackWithTheCommit() throws Exception {
    try (Watch watch = store().watch()) {
      for (int i = 0; i < 3; i++) {
        AtomicReference<Thread> waiter = new AtomicReference<>();
        Future<List<String>> told =
            threads.submit(
                () -> {
                  waiter.set(Thread.currentThread());
                  Changes changes = watch.poll(LONG);
                  return changes == null ? List.of() : ChangesContract.told(changes);
                });
        while (waiter.get() == null) {
          Thread.onSpinWait();
        }
        awaitWaiting(waiter.get());
        put("k" + i + "=1");
        assertTrue(told.get().contains("PUT t k" + i + ": null -> 1"));
      }
    }
  }

  @Test
  void poll_changesNotReadToTheirEnd_tellsThemAgain() throws InterruptedException {
    put("a=1", "b=1");
    try (Watch watch = store().watch()) {
      put("a=2", "b=2");
      Changes changes = watch.poll(LONG);
      assertNotNull(changes);
      assertTrue(changes.next());
      put("a=1");
      assertEquals(List.of("PUT t b: 1 -> 2"), told(watch));
      assertThrows(IllegalStateException.class, changes::next);
      assertThrows(IllegalStateException.class, changes::key);
      assertEquals(List.of(), told(watch));
    }
  }

  @Test
  void poll_commitsOutsideTheScope_areSkippedAndLetGoOf() throws InterruptedException {
    ChangeScope scope = ChangeScope.table("t", KeyRange.atLeast(bytes("m")));
    try (Watch watch = store().watch(scope)) {
      putAll(store().table("u"), "z=1");
      assertEquals(List.of(), told(watch));
      put("a=1");
      assertEquals(List.of("TABLE_CREATED t"), told(watch));
      put("a=2", "m=1");
      assertEquals(List.of("PUT t m: null -> 1"), told(watch));
      put("a=3");
      assertNull(watch.poll(Duration.ofMillis(2)));
      put("m=2");
      assertEquals(List.of("PUT t m: 1 -> 2"), told(watch));
    }
  }

  @Test
  void watch_fromASnapshot_tellsWhatCameSinceAndTakesItOver() throws InterruptedException {
    put("a=1");
    ReadTxn from = store().beginRead();
    put("b=1");
    try (Watch watch = store().watch(from, ChangeScope.all())) {
      assertFalse(from.isOpen());
      assertThrows(IllegalStateException.class, from::id);
      from.close();
      put("c=1");
      assertEquals(List.of("PUT t b: null -> 1", "PUT t c: null -> 1"), told(watch));
    }
    assertEquals(0, store().stats().readers());
  }

  @Test
  void watch_fromSomethingElse_isRefusedAndLeavesIt() {
    ReadTxn closed = store().beginRead();
    closed.close();
    try (Store other = Store.inMemory();
        ReadTxn foreign = other.beginRead();
        WriteTxn writing = store().beginWrite()) {
      assertThrows(IllegalArgumentException.class, () -> store().watch(foreign, ChangeScope.all()));
      assertThrows(IllegalArgumentException.class, () -> store().watch(writing, ChangeScope.all()));
      assertThrows(IllegalStateException.class, () -> store().watch(closed, ChangeScope.all()));
      assertTrue(foreign.isOpen() && writing.isOpen());
    }
  }

  @Test
  void watch_slowUser_pinsOneSnapshot() throws InterruptedException {
    try (Watch watch = store().watch()) {
      for (int i = 0; i < 50; i++) {
        put("a=" + i);
      }
      assertEquals(1, store().stats().readers());
      Changes changes = watch.poll(LONG);
      assertNotNull(changes);
      assertEquals(2, store().stats().readers());
      while (changes.next()) {
        assertEquals("t", changes.table());
      }
      assertEquals(1, store().stats().readers());
      assertNull(watch.poll(Duration.ZERO));
      assertEquals(1, store().stats().readers());
    }
    assertEquals(0, store().stats().readers());
  }

  @Test
  void close_byAnother_endsTheWait() throws Exception {
    Watch watch = store().watch();
    AtomicReference<Thread> waiter = new AtomicReference<>();
    Future<Changes> polled =
        threads.submit(
            () -> {
              waiter.set(Thread.currentThread());
              return watch.poll(LONG);
            });
    while (waiter.get() == null) {
      Thread.onSpinWait();
    }
    awaitWaiting(waiter.get());
    assertThrows(IllegalStateException.class, () -> watch.poll(Duration.ZERO));
    watch.close();
    assertNull(polled.get());
    assertFalse(watch.isOpen());
    assertThrows(IllegalStateException.class, () -> watch.poll(Duration.ZERO));
    assertEquals(0, store().stats().readers());
    watch.close();
  }

  @Test
  void close_byAnotherWhileChangesAreRead_endsThemAtTheNextMove() throws Exception {
    put("a=1");
    Watch watch = store().watch();
    put("a=2", "b=2");
    Changes changes = watch.poll(LONG);
    assertNotNull(changes);
    assertTrue(changes.next());
    threads.submit(watch::close).get();
    assertEquals(2, store().stats().readers());
    assertThrows(IllegalStateException.class, changes::next);
    assertEquals(0, store().stats().readers());
  }

  @Test
  void close_whileAnotherReadsTheChanges_leavesThemToIt() throws Exception {
    put("a=1");
    Watch watch = store().watch();
    put("a=2", "b=2");
    Changes changes = watch.poll(LONG);
    assertNotNull(changes);
    assertTrue(threads.submit(changes::next).get());
    watch.close();
    assertEquals(2, store().stats().readers());
    threads.submit(() -> assertThrows(IllegalStateException.class, changes::next)).get();
    assertEquals(0, store().stats().readers());
  }

  @Test
  void close_byTheReader_letsGoAtOnce() throws InterruptedException {
    Watch watch = store().watch();
    put("a=1");
    Changes changes = watch.poll(LONG);
    assertNotNull(changes);
    watch.close();
    assertEquals(0, store().stats().readers());
    assertThrows(IllegalStateException.class, changes::next);
  }

  @Test
  void interrupt_waiting_endsTheWait() throws Exception {
    try (Watch watch = store().watch()) {
      CountDownLatch ended = new CountDownLatch(1);
      Thread waiter =
          new Thread(
              () -> {
                assertThrows(InterruptedException.class, () -> watch.poll(LONG));
                assertThrows(InterruptedException.class, () -> interruptedPoll(watch));
                ended.countDown();
              });
      waiter.start();
      awaitWaiting(waiter);
      waiter.interrupt();
      ended.await();
      put("a=1");
      assertEquals(2, told(watch).size());
    }
  }

  private static void interruptedPoll(Watch watch) throws InterruptedException {
    Thread.currentThread().interrupt();
    watch.poll(Duration.ZERO);
  }

  @Test
  void storeClosed_whileWaiting_endsTheWait() throws Exception {
    Watch watch = store().watch();
    Watch other = store().watch();
    AtomicReference<Thread> waiter = new AtomicReference<>();
    Future<?> polled =
        threads.submit(
            () -> {
              waiter.set(Thread.currentThread());
              assertThrows(IllegalStateException.class, () -> watch.poll(LONG));
            });
    Future<?> followed =
        threads.submit(
            () -> {
              other.follow(changes -> {});
              return null;
            });
    while (waiter.get() == null) {
      Thread.onSpinWait();
    }
    awaitWaiting(waiter.get());
    store().close();
    polled.get();
    followed.get();
    assertThrows(IllegalStateException.class, () -> watch.poll(Duration.ZERO));
    assertThrows(IllegalStateException.class, () -> store().watch());
    watch.close();
  }

  @Test
  void follow_untilClosed_handlesEverything() throws Exception {
    put("a=1");
    Watch watch = store().watch(ChangeScope.table("t"));
    List<String> told = new ArrayList<>();
    Future<?> following =
        threads.submit(
            () -> {
              watch.follow(
                  changes -> {
                    told.addAll(ChangesContract.told(changes));
                    if (told.getLast().startsWith("PUT t k19")) {
                      watch.close();
                    }
                  });
              return null;
            });
    for (int i = 10; i < 20; i++) {
      put("k" + i + "=1");
    }
    following.get();
    assertFalse(watch.isOpen());
    assertEquals(10, told.size());
    for (int i = 10; i < 20; i++) {
      assertEquals("PUT t k" + i + ": null -> 1", told.get(i - 10));
    }
  }

  @Test
  void follow_handlerFails_throwsAndTellsAgain() throws InterruptedException {
    put("a=1");
    try (Watch watch = store().watch()) {
      put("a=2");
      assertThrows(
          UnsupportedOperationException.class,
          () ->
              watch.follow(
                  changes -> {
                    throw new UnsupportedOperationException();
                  }));
      assertEquals(List.of("PUT t a: 1 -> 2"), told(watch));
    }
  }
}

package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Codecs;
import dev.quire.store.StoreMap;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// [StoreMap#getOrCompute] within one process.
@Timeout(60)
public abstract class LoadContract extends StoreContract {

  private static final Duration SHORT = Duration.ofMillis(30);

  protected LoadContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  private StoreMap<String, String> map() {
    return store().map("m", Codecs.STRING, Codecs.STRING);
  }

  private long leases() {
    return store().check().entries().getOrDefault("quire.loads", 0L);
  }

  /// Nothing but the map's entries is left in the store.
  private void assertNoLeases() {
    assertEquals(0, leases());
  }

  @Test
  void getOrCompute_missing_isLoadedOnceAndStored() throws Exception {
    StoreMap<String, String> map = map();
    String made =
        map.getOrCompute(
            "a",
            key -> {
              assertEquals(1, leases());
              return "made of " + key;
            });
    assertEquals("made of a", made);
    assertEquals("made of a", map.get("a"));
    String again =
        map.getOrCompute(
            "a",
            key -> {
              throw new AssertionError("it is there");
            });
    assertEquals("made of a", again);
    assertNoLeases();
  }

  @Test
  void getOrCompute_loaderWithoutAValue_storesNothing() throws Exception {
    assertNull(map().getOrCompute("a", key -> null));
    assertFalse(map().containsKey("a"));
    assertEquals("x", map().getOrCompute("a", key -> "x"));
    assertNoLeases();
  }

  @Test
  void getOrCompute_loaderThatThrows_freesTheKey() throws Exception {
    IOException broken = new IOException("broken on purpose");
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                map()
                    .getOrCompute(
                        "a",
                        key -> {
                          throw broken;
                        }));
    assertSame(broken, thrown);
    assertThrows(
        StackOverflowError.class,
        () ->
            map()
                .getOrCompute(
                    "a",
                    key -> {
                      throw new StackOverflowError();
                    }));
    assertNoLeases();
    assertEquals("x", map().getOrCompute("a", key -> "x"));
  }

  @Test
  void getOrCompute_sameKeyInTheLoader_isRefused() throws Exception {
    StoreMap<String, String> map = map();
    assertThrows(
        IllegalStateException.class,
        () -> map.getOrCompute("a", key -> map().getOrCompute("a", again -> "x")));
    assertThrows(
        IllegalStateException.class,
        () ->
            map.getOrCompute(
                "a", a -> map.getOrCompute("b", b -> map.getOrCompute("a", again -> "x"))));
    assertTrue(map.isEmpty());
    assertNoLeases();
  }

  @Test
  void getOrCompute_otherKeysAndWritesInTheLoader_areFine() throws Exception {
    StoreMap<String, String> map = map();
    String made =
        map.getOrCompute(
            "a",
            key -> {
              store().table("t").put(bytes("k"), bytes("v"));
              return map.getOrCompute("b", other -> "b") + map.get("b");
            });
    assertEquals("bb", made);
    assertEquals("bb", map.get("a"));
  }

  @Test
  void getOrCompute_inAWriteTransaction_isRefusedIfItIsMissing() throws Exception {
    StoreMap<String, String> map = map();
    map.put("there", "x");
    store()
        .write(
            txn -> {
              assertEquals("x", map.getOrCompute("there", key -> "y"));
              assertThrows(
                  IllegalStateException.class, () -> map.getOrCompute("missing", key -> "y"));
            });
    assertEquals(1, map.size());
  }

  @Test
  void getOrCompute_valuePutMeanwhile_stays() throws Exception {
    StoreMap<String, String> map = map();
    String got =
        map.getOrCompute(
            "a",
            key -> {
              map.put("a", "put");
              return "loaded";
            });
    assertEquals("put", got);
    assertEquals("put", map.get("a"));
    assertNoLeases();
  }

  @Test
  void getOrCompute_byManyThreads_loadsEachKeyOnce() throws Exception {
    int threads = 8;
    int keys = 25;
    AtomicInteger loads = new AtomicInteger();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        StoreMap<String, String> map = map();
        running.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < keys; i++) {
                    String value =
                        map.getOrCompute("k" + i, key -> key + "-" + loads.incrementAndGet());
                    assertTrue(value.startsWith("k" + i + "-"), value);
                  }
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    assertEquals(keys, loads.get());
    assertNoLeases();
  }

  @Test
  void getOrCompute_whileAnotherKeyIsLoaded_doesNotWait() throws Exception {
    StoreMap<String, String> map = map();
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch enough = new CountDownLatch(1);
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<String> slow =
          thread.submit(
              () ->
                  map.getOrCompute(
                      "slow",
                      key -> {
                        loading.countDown();
                        enough.await();
                        return "slow";
                      }));
      loading.await();
      assertEquals("fast", map.getOrCompute("fast", key -> "fast"));
      map.put("other", "x");
      assertFalse(slow.isDone());
      assertNull(map.get("slow"));
      enough.countDown();
      assertEquals("slow", slow.get());
    }
  }

  @Test
  void getOrCompute_loaderThatHangs_isOvertakenAndItsValueDiscarded() throws Exception {
    StoreMap<String, String> map = map();
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch enough = new CountDownLatch(1);
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<String> late =
          thread.submit(
              () ->
                  map.getOrCompute(
                      "a",
                      SHORT,
                      key -> {
                        loading.countDown();
                        enough.await();
                        return "late";
                      }));
      loading.await();
      String taken =
          map.getOrCompute(
              "a",
              SHORT,
              key -> {
                enough.countDown();
                return "taken over";
              });
      assertEquals("taken over", taken);
      assertEquals("taken over", late.get());
    }
    assertEquals("taken over", map.get("a"));
    assertNoLeases();
  }

  @Test
  void getOrCompute_loaderThatThrowsLate_leavesTheOtherLease() throws Exception {
    StoreMap<String, String> map = map();
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch overtaken = new CountDownLatch(1);
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<String> late =
          thread.submit(
              () ->
                  map.getOrCompute(
                      "a",
                      SHORT,
                      key -> {
                        loading.countDown();
                        overtaken.await();
                        throw new IOException("late");
                      }));
      loading.await();
      String taken =
          map.getOrCompute(
              "a",
              key -> {
                overtaken.countDown();
                assertThrows(Exception.class, late::get);
                return "taken over";
              });
      assertEquals("taken over", taken);
    }
    assertEquals("taken over", map.get("a"));
  }

  @Test
  void getOrCompute_interruptedWaiter_ends() throws Exception {
    StoreMap<String, String> map = map();
    String made =
        map.getOrCompute(
            "a",
            key -> {
              try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
                Future<?> waiter =
                    thread.submit(
                        () ->
                            assertThrows(
                                InterruptedException.class,
                                () -> map().getOrCompute("a", again -> "x")));
                thread.shutdownNow();
                waiter.get();
              }
              return "made";
            });
    assertEquals("made", made);
  }

  @Test
  void refresh_whileLoading_othersGetTheOldValueAndDoNotLoad() throws Exception {
    StoreMap<String, String> map = map();
    map.put("a", "old");
    String made =
        map.refresh(
            "a",
            SHORT,
            key -> {
              assertNull(map().refresh("a", SHORT, again -> "x"));
              assertEquals("old", map.getOrCompute("a", again -> "x"));
              assertEquals(1, leases());
              return "new";
            });
    assertEquals("new", made);
    assertEquals("new", map.get("a"));
    assertEquals("b", map.refresh("b", SHORT, key -> "b"));
    assertNoLeases();
  }

  @Test
  void refresh_withoutAResult_keepsTheOldValue() throws Exception {
    StoreMap<String, String> map = map();
    map.put("a", "old");
    assertNull(map.refresh("a", SHORT, key -> null));
    IOException broken = new IOException("broken on purpose");
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                map.refresh(
                    "a",
                    SHORT,
                    key -> {
                      throw broken;
                    }));
    assertSame(broken, thrown);
    assertEquals("old", map.get("a"));
    assertNoLeases();
    assertThrows(IllegalArgumentException.class, () -> map.refresh("a", Duration.ZERO, key -> "x"));
    assertThrows(NullPointerException.class, () -> map.refresh("a", SHORT, null));
  }

  @Test
  void refresh_valuePutOrRemovedMeanwhile_putStaysRemovedIsReplaced() throws Exception {
    StoreMap<String, String> map = map();
    map.put("a", "old");
    String got =
        map.refresh(
            "a",
            SHORT,
            key -> {
              map.put("a", "put");
              return "loaded";
            });
    assertEquals("put", got);
    String after =
        map.refresh(
            "a",
            SHORT,
            key -> {
              map.remove("a");
              return "loaded";
            });
    assertEquals("loaded", after);
    assertEquals("loaded", map.get("a"));
    assertNoLeases();
  }

  @Test
  void getOrCompute_misuse_isRefused() {
    StoreMap<String, String> map = map();
    assertThrows(NullPointerException.class, () -> map.getOrCompute(null, key -> "x"));
    assertThrows(NullPointerException.class, () -> map.getOrCompute("a", null));
    assertThrows(
        IllegalArgumentException.class, () -> map.getOrCompute("a", Duration.ZERO, key -> "x"));
    store().close();
    assertThrows(IllegalStateException.class, () -> map.getOrCompute("a", key -> "x"));
  }
}

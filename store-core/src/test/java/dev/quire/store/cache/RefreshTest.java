package dev.quire.store.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Codecs;
import dev.quire.store.Store;
import dev.quire.store.WriteTxn;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.CheckedStore;
import dev.quire.store.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Goal: a value is loaded anew when it is due, by one caller, and the others and its failures do
/// no harm.
class RefreshTest {

  private static final Duration LIFE = Duration.ofSeconds(10);

  private final ManualClock clock = new ManualClock();
  private final Store store =
      Store.inMemory(StoreOptions.defaults().withClock(clock).withSweepPeriod(Duration.ofDays(1)));

  @AfterEach
  void close() {
    CheckedStore.assertClean(store);
    store.close();
  }

  private static CacheBuilder<String, Long> builder() {
    return Cache.builder(Codecs.STRING, Codecs.INT64).expireAfterWrite(LIFE);
  }

  private Cache<String, Long> late() {
    return builder().refreshAfterWrite(Duration.ofSeconds(4)).recordStats().open(store, "c");
  }

  @Test
  void get_oldValue_isLoadedByOneWhileOthersGetIt() throws InterruptedException {
    Cache<String, Long> cache = late();
    assertEquals(1, cache.get("k", _ -> 1L));
    clock.move(Duration.ofMillis(3999));
    assertEquals(1, cache.get("k", _ -> 2L));
    clock.move(Duration.ofMillis(1));
    assertEquals(1, cache.getIfPresent("k"));
    Cache<String, Long> other = late();
    Long made =
        cache.get(
            "k",
            key -> {
              assertEquals(1, other.get(key, _ -> 9L));
              return 3L;
            });
    assertEquals(3, made);
    clock.move(Duration.ofMillis(3999));
    assertEquals(3, cache.get("k", _ -> 4L));
    assertEquals(2, cache.stats().loads());
    assertEquals(4, cache.stats().hits());
    assertEquals(0, other.stats().loads());
  }

  @Test
  void get_refreshThatFails_keepsTheValueUntilItExpires() throws Exception {
    Cache<String, Long> cache = late();
    cache.put("k", 1L);
    clock.move(Duration.ofSeconds(9));
    IOException failure = new IOException("no");
    ValueThrower thrower = new ValueThrower(failure);
    assertEquals(1, cache.get("k", thrower::load));
    assertEquals(1, cache.get("k", _ -> null));
    assertEquals(2, cache.stats().failedLoads());
    try (WriteTxn txn = store.beginWrite()) {
      assertEquals(1, cache.get("k", _ -> 5L));
      txn.rollback();
    }
    clock.move(Duration.ofSeconds(1));
    assertEquals(failure, assertThrows(IOException.class, () -> cache.get("k", thrower::load)));
  }

  private record ValueThrower(IOException failure) {
    Long load(String key) throws IOException {
      throw failure;
    }
  }

  @Test
  void get_refreshInterrupted_keepsTheInterrupt() throws InterruptedException {
    Cache<String, Long> cache = late();
    cache.put("k", 1L);
    clock.move(Duration.ofSeconds(5));
    Long found =
        cache.get(
            "k",
            _ -> {
              throw new InterruptedException();
            });
    assertEquals(1, found);
    assertTrue(Thread.interrupted());
  }

  @Test
  void get_eagerCache_refreshesOnceItHasLoaded() throws InterruptedException {
    Cache<String, Long> cache = builder().refreshEarly(1e30).open(store, "c");
    Cache<String, Long> other = builder().refreshEarly(1e30).open(store, "c");
    assertEquals(1, cache.get("k", _ -> 1L));
    assertEquals(1, other.get("k", _ -> 9L));
    assertEquals(2, cache.get("k", _ -> 2L));
    Cache<String, Long> lazy = builder().refreshEarly(1e-30).open(store, "c");
    assertEquals(3, lazy.get("l", _ -> 3L));
    assertEquals(3, lazy.get("l", _ -> 4L));
  }

  @Test
  void isDue_early_followsChanceLoadAndEagerness() {
    long load = TimeUnit.SECONDS.toNanos(1);
    Refresh usual = new Refresh(LIFE, Duration.ZERO, 1);
    Refresh eager = new Refresh(LIFE, Duration.ZERO, 2);
    double third = Math.exp(-3);
    assertTrue(usual.isDue(Duration.ofMillis(2999), load, third));
    assertFalse(usual.isDue(Duration.ofMillis(3001), load, third));
    assertTrue(usual.isDue(Duration.ofMillis(5999), 2 * load, third));
    assertFalse(usual.isDue(Duration.ofMillis(6001), 2 * load, third));
    assertTrue(eager.isDue(Duration.ofMillis(5999), load, third));
    assertFalse(eager.isDue(Duration.ofMillis(6001), load, third));
    assertFalse(usual.isDue(Duration.ofMillis(1), load, 1));
    assertFalse(usual.isDue(Duration.ofMillis(1), 0, third));
  }

  @Test
  void builder_refreshMisused_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> builder().refreshAfterWrite(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> builder().refreshEarly(0));
    assertThrows(IllegalArgumentException.class, () -> builder().refreshEarly(Double.NaN));
    assertThrows(
        IllegalStateException.class, () -> builder().refreshAfterWrite(LIFE).open(store, "c"));
    CacheBuilder<String, Long> without = Cache.builder(Codecs.STRING, Codecs.INT64);
    assertThrows(
        IllegalStateException.class,
        () -> without.refreshAfterWrite(Duration.ofSeconds(1)).open(store, "c"));
    assertThrows(
        IllegalStateException.class, () -> without.expireAfterAccess(LIFE).open(store, "c"));
    assertEquals(0, store.tables().size());
  }
}

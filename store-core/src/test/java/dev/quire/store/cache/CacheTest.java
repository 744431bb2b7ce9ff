package dev.quire.store.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Goal: a cache does what its builder asked for, and what it does goes through the store.
class CacheTest {

  private final ManualClock clock = new ManualClock();
  private final Store store =
      Store.inMemory(StoreOptions.defaults().withClock(clock).withSweepPeriod(Duration.ofDays(1)));
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void close() {
    CheckedStore.assertClean(store);
    store.close();
  }

  private static CacheBuilder<String, Long> builder() {
    return Cache.builder(Codecs.STRING, Codecs.INT64);
  }

  private Cache<String, Long> telling() {
    return builder()
        .removalListener((key, value, cause) -> told.add(key + "=" + value + " " + cause))
        .open(store, "c");
  }

  @Test
  void tutorial_ofTheDocument_works() throws InterruptedException {
    Cache<String, Long> lengths =
        Cache.builder(Codecs.STRING, Codecs.INT64)
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(10))
            .recordStats()
            .open(store, "lengths");
    Long length = lengths.get("quire", word -> (long) word.length());
    assertEquals(5, length);
    assertEquals(5, lengths.getIfPresent("quire"));
    assertEquals(0.5, lengths.stats().hitRate());
    clock.move(Duration.ofMinutes(10));
    assertNull(lengths.getIfPresent("quire"));
  }

  @Test
  void maximumSize_isKept() {
    Cache<String, Long> cache = builder().maximumSize(3).open(store, "c");
    for (long i = 0; i < 10; i++) {
      cache.put("k" + i, i);
      assertEquals(0L, i == 0 ? 0L : cache.asMap().getOrDefault("k0", 0L));
      assertTrue(cache.estimatedSize() <= 3);
    }
    assertEquals(Set.of("k0", "k8", "k9"), cache.asMap().keySet());
  }

  @Test
  void maximumWeight_isKept() {
    Cache<String, String> cache =
        Cache.builder(Codecs.STRING, Codecs.STRING).maximumWeight(5000).open(store, "c");
    for (int i = 0; i < 9; i++) {
      cache.put("k" + i, "v".repeat(998));
    }
    assertEquals(5, cache.estimatedSize());
    assertThrows(IllegalArgumentException.class, () -> cache.put("k", "v".repeat(5000)));
    assertEquals(5, cache.estimatedSize());
  }

  @Test
  @Timeout(30)
  void get_valueThatIsTooLarge_leavesNoLease() throws InterruptedException {
    Cache<String, String> cache =
        Cache.builder(Codecs.STRING, Codecs.STRING).maximumWeight(5000).open(store, "c");
    assertThrows(IllegalArgumentException.class, () -> cache.get("k", _ -> "v".repeat(5000)));
    assertEquals("v", cache.get("k", _ -> "v"));
  }

  @Test
  void expireAfterAccess_readsLetLive() {
    Cache<String, Long> cache = builder().expireAfterAccess(Duration.ofSeconds(4)).open(store, "c");
    cache.put("read", 1L);
    cache.put("all", 2L);
    cache.put("left", 3L);
    for (int i = 0; i < 10; i++) {
      clock.move(Duration.ofSeconds(3));
      assertEquals(1, cache.getIfPresent("read"));
      assertEquals(Map.of("all", 2L), cache.getAllPresent(List.of("all", "none")));
    }
    assertNull(cache.getIfPresent("left"));
    clock.move(Duration.ofSeconds(4));
    try (WriteTxn txn = store.beginWrite()) {
      assertEquals(1, cache.getIfPresent("read"));
      txn.rollback();
    }
    clock.move(Duration.ofSeconds(1));
    assertNull(cache.getIfPresent("read"));
  }

  @Test
  void expireAfterAccess_readsSoonAfterEachOther_writeNothing() {
    Cache<String, Long> cache = builder().expireAfterAccess(Duration.ofSeconds(4)).open(store, "c");
    cache.put("k", 1L);
    long commits = store.activity().totals().commits();
    clock.move(Duration.ofSeconds(1));
    assertEquals(1, cache.getIfPresent("k"));
    assertEquals(commits, store.activity().totals().commits());
    clock.move(Duration.ofMillis(1));
    assertEquals(1, cache.getIfPresent("k"));
    assertEquals(1, cache.getIfPresent("k"));
    assertEquals(commits + 1, store.activity().totals().commits());
  }

  @Test
  void get_missing_loadsOnceAndCounts() throws Exception {
    Cache<String, Long> cache = builder().recordStats().open(store, "c");
    assertEquals(7, cache.get("k", _ -> 7L));
    assertEquals(7, cache.get("k", _ -> 8L));
    assertNull(cache.get("null", _ -> null));
    IOException failure = new IOException("no");
    assertEquals(
        failure,
        assertThrows(
            IOException.class,
            () ->
                cache.get(
                    "bad",
                    _ -> {
                      throw failure;
                    })));
    CacheStats stats = cache.stats();
    assertEquals(new CacheStats(1, 3, 1, 2, stats.loadNanos()), stats);
    assertEquals(0.25, stats.hitRate());
  }

  @Test
  void stats_withoutRecordStats_areZero() throws InterruptedException {
    Cache<String, Long> cache = builder().open(store, "c");
    assertEquals(7, cache.get("k", _ -> 7L));
    assertEquals(new CacheStats(0, 0, 0, 0, 0), cache.stats());
    assertEquals(1, cache.stats().hitRate());
  }

  @Test
  void getAll_someMissing_loadsThoseTogether() {
    Cache<String, Long> cache = builder().recordStats().open(store, "c");
    cache.put("a", 1L);
    Map<String, Long> found =
        cache.getAll(
            List.of("a", "b", "c"),
            missing -> {
              assertEquals(Set.of("b", "c"), missing);
              return Map.of("b", 2L, "unasked", 9L);
            });
    assertEquals(Map.of("a", 1L, "b", 2L), found);
    assertEquals(Map.of("a", 1L, "b", 2L), cache.asMap());
    assertEquals(1, cache.stats().hits());
    assertEquals(2, cache.stats().misses());
  }

  @Test
  void listener_isToldOfWhatThisObjectRemoves() {
    Cache<String, Long> cache = telling();
    Cache<String, Long> other = builder().open(store, "c");
    cache.put("a", 1L);
    cache.put("a", 2L);
    cache.putAll(Map.of("b", 3L, "c", 4L, "d", 5L));
    cache.invalidate("b");
    cache.invalidate("none");
    cache.invalidateAll(List.of("c", "none"));
    other.invalidate("d");
    assertEquals(List.of("a=1 REPLACED", "b=3 EXPLICIT", "c=4 EXPLICIT"), told);
    told.clear();
    cache.put("e", 6L);
    cache.invalidateAll();
    assertEquals(List.of("a=2 EXPLICIT", "e=6 EXPLICIT"), told);
    assertEquals(0, cache.estimatedSize());
  }

  @Test
  void invalidate_withoutListener_removes() {
    Cache<String, Long> cache = builder().open(store, "c");
    cache.putAll(Map.of("a", 1L, "b", 2L, "c", 3L));
    cache.invalidate("a");
    cache.invalidateAll(List.of("b"));
    assertEquals(Set.of("c"), cache.asMap().keySet());
    cache.invalidateAll();
    assertTrue(cache.asMap().isEmpty());
  }

  @Test
  void builder_misused_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> builder().maximumSize(0));
    assertThrows(IllegalArgumentException.class, () -> builder().maximumWeight(4095));
    assertThrows(IllegalArgumentException.class, () -> builder().expireAfterWrite(Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> builder().expireAfterAccess(Duration.ofMillis(3)));
    CacheBuilder<String, Long> expiring = builder().expireAfterWrite(Duration.ofSeconds(1));
    assertThrows(
        IllegalStateException.class, () -> expiring.expireAfterAccess(Duration.ofSeconds(1)));
    assertNotNull(expiring.open(store, "c"));
    assertThrows(IllegalArgumentException.class, () -> builder().open(store, "c"));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Cache.builder(Codecs.STRING, Codecs.STRING)
                .expireAfterWrite(Duration.ofSeconds(1))
                .open(store, "c"));
    assertFalse(store.tables().contains("quire.queue"));
  }
}

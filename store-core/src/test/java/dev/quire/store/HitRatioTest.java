package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.ReferenceSieve;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Goal: a bounded table evicts as well as SIEVE does, and better than LRU where scans pass by.
///
/// Method: three traces of keys, made from a seed that is always the same. Each key is looked up,
/// and put if it is missing: in a table, in a reference of SIEVE, in an LRU map and in Caffeine
/// (W-TinyLFU). The share of lookups that find their key is compared. In a campaign the traces are
/// longer: those figures are in `docs/BENCHMARKS.md`.
class HitRatioTest {

  private static final int CAPACITY = Campaign.isLong() ? 20_000 : 500;
  private static final int LENGTH = CAPACITY * (Campaign.isLong() ? 40 : 20);
  private static final int KEYS = CAPACITY * 10;
  private static final int BATCH = 1_000;

  /// A cache: looks a key up, and puts it if it is missing.
  private interface Tried {
    boolean find(long key);
  }

  private record Ratios(double table, double sieve, double lru, double tinyLfu) {}

  private static Ratios measure(String name, long[] trace) {
    ReferenceSieve<Long> sieve = new ReferenceSieve<>(CAPACITY);
    Map<Long, Boolean> lru =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > CAPACITY;
          }
        };
    Cache<Long, Boolean> tinyLfu =
        Caffeine.newBuilder().maximumSize(CAPACITY).executor(Runnable::run).build();
    Ratios found =
        new Ratios(
            ofTable(trace),
            ratio(
                trace,
                key -> {
                  boolean hit = sieve.get(key);
                  sieve.put(key);
                  return hit;
                }),
            ratio(trace, key -> lru.get(key) != null || lru.put(key, true) != null),
            ratio(
                trace,
                key -> {
                  boolean hit = tinyLfu.getIfPresent(key) != null;
                  if (!hit) {
                    tinyLfu.put(key, true);
                  }
                  return hit;
                }));
    Campaign.note(
        String.format(
            Locale.ROOT,
            "hit ratios, %s, %d keys, bound %d: table %.2f %%, SIEVE %.2f %%, LRU %.2f %%,"
                + " W-TinyLFU %.2f %%",
            name,
            trace.length,
            CAPACITY,
            found.table(),
            found.sieve(),
            found.lru(),
            found.tinyLfu()));
    assertEquals(found.sieve(), found.table(), 2, name);
    return found;
  }

  private static double ratio(long[] trace, Tried cache) {
    long hits = 0;
    for (long key : trace) {
      hits += cache.find(key) ? 1 : 0;
    }
    return 100.0 * hits / trace.length;
  }

  private static double ofTable(long[] trace) {
    TableOptions options = TableOptions.defaults().withIntegerKeys(true).withMaxEntries(CAPACITY);
    long hits = 0;
    try (Store store = Store.inMemory()) {
      for (int from = 0; from < trace.length; from += BATCH) {
        try (WriteTxn txn = store.beginWrite()) {
          Table table = txn.table("cache", options);
          for (int i = from; i < from + BATCH; i++) {
            boolean hit = table.contains(trace[i]);
            hits += hit ? 1 : 0;
            boolean _ = !hit && table.put(trace[i], new byte[8]);
          }
          txn.commit();
        }
      }
      assertEquals(CAPACITY, store.table("cache").count());
    }
    return 100.0 * hits / trace.length;
  }

  /// Chooses ranks: that of rank r with a chance proportional to 1 / r^0.9.
  private static final class Ranks {
    private final double[] sums = new double[KEYS];
    private final SplittableRandom random = new SplittableRandom(42);

    Ranks() {
      double sum = 0;
      for (int i = 0; i < KEYS; i++) {
        sum += Math.pow(i + 1, -0.9);
        sums[i] = sum;
      }
    }

    int next() {
      int at = Arrays.binarySearch(sums, random.nextDouble() * sums[KEYS - 1]);
      return at < 0 ? Math.min(~at, KEYS - 1) : at;
    }
  }

  @Test
  void zipf_hitRatio_isThatOfSieve() {
    Ranks ranks = new Ranks();
    long[] trace = new long[LENGTH];
    Arrays.setAll(trace, _ -> ranks.next());
    measure("Zipf", trace);
  }

  /// Every so often keys pass by that nobody asks for again, as many as the cache holds.
  @Test
  void scans_hitRatio_isThatOfSieveAndAboveLru() {
    Ranks ranks = new Ranks();
    long[] trace = new long[LENGTH];
    long scanned = KEYS;
    for (int i = 0; i < LENGTH; i++) {
      trace[i] = i % (4 * CAPACITY) < CAPACITY ? scanned++ : ranks.next();
    }
    Ratios found = measure("Zipf with scans", trace);
    assertTrue(found.table() > found.lru(), found::toString);
  }

  /// What is asked for most moves on all the time.
  @Test
  void shifting_hitRatio_isThatOfSieve() {
    Ranks ranks = new Ranks();
    long[] trace = new long[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      trace[i] = ranks.next() + (long) i / 8;
    }
    measure("shifting Zipf", trace);
  }
}

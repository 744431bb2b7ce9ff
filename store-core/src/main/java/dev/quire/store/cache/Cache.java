package dev.quire.store.cache;

import dev.quire.store.Codec;
import dev.quire.store.KeyCodec;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.StoreMap;
import dev.quire.store.ValueLoader;
import dev.quire.store.cache.RemovalListener.Cause;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A cache in a table of a store: shared by all processes that have the store open, kept when they
/// end if the store is. For any number of threads; it needs no closing.
///
/// ```java
/// Cache<String, User> users =
///     Cache.builder(Codecs.STRING, USERS).maximumSize(10_000).open(store, "users");
/// User user = users.get(id, key -> database.find(key));
/// ```
///
/// Each change is a transaction of the store, with its durability. Neither keys nor values are
/// null. Operating failures are the subclasses of [dev.quire.store.errors.StoreException].
public final class Cache<K, V> {

  /// What a cache does besides.
  ///
  /// @param accessLife how long entries live after a read at least; zero: reads change nothing
  record Ways<K, V>(
      Duration accessLife,
      Refresh refresh,
      boolean counted,
      @Nullable RemovalListener<? super K, ? super V> listener) {}

  private final Store store;
  private final String name;
  private final StoreMap<K, V> map;
  private final KeyCodec<K> keys;
  private final Ways<K, V> ways;
  private final CacheCounts counts;

  Cache(Store store, String name, StoreMap<K, V> map, KeyCodec<K> keys, Ways<K, V> ways) {
    this.store = store;
    this.name = name;
    this.map = map;
    this.keys = keys;
    this.ways = ways;
    this.counts = new CacheCounts(ways.counted);
  }

  /// Begins to make a cache.
  public static <K, V> CacheBuilder<K, V> builder(KeyCodec<K> keys, Codec<V> values) {
    return new CacheBuilder<>(keys, values);
  }

  // -- reading ------------------------------------------------------------------------------------

  /// The value of a key, or null if it has none.
  public @Nullable V getIfPresent(K key) {
    V found = find(key);
    counts.asked(found != null);
    return found;
  }

  /// The value of a key; if it has none, what the loader makes: once for all threads and processes.
  /// See [StoreMap#getOrCompute]. A value that is due for a refresh is loaded anew, unless somebody
  /// is doing so; if that fails the old one is returned, and stays for its time.
  ///
  /// @return null if the loader returns it
  /// @throws X what the loader throws, if there is no value
  /// @throws InterruptedException if the thread is interrupted while it waits for another one
  public <X extends Exception> @Nullable V get(K key, ValueLoader<? super K, ? extends V, X> loader)
      throws X, InterruptedException {
    V found = find(key);
    counts.asked(found != null);
    if (found == null) {
      return map.getOrCompute(key, asked -> load(asked, loader));
    }
    V fresh = ways.refresh.isNever() || !isDue(key) ? null : refresh(key, loader);
    return fresh == null ? found : fresh;
  }

  private boolean isDue(K key) {
    Duration left = store.table(name).timeLeft(keys.encode(key));
    double chance = 1 - ThreadLocalRandom.current().nextDouble();
    return left != null && ways.refresh.isDue(left, counts.lastLoadNanos(), chance);
  }

  private <X extends Exception> @Nullable V refresh(
      K key, ValueLoader<? super K, ? extends V, X> loader) {
    try {
      return map.refresh(key, StoreMap.DEFAULT_LEASE, asked -> load(asked, loader));
    } catch (Exception e) {
      // Counted if it is the loader's. There is a value, and it is good until it expires.
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      return null;
    }
  }

  private <X extends Exception> @Nullable V load(
      K key, ValueLoader<? super K, ? extends V, X> loader) throws X {
    long begin = System.nanoTime();
    V loaded = null;
    try {
      loaded = loader.load(key);
      return loaded;
    } finally {
      counts.loaded(loaded != null, System.nanoTime() - begin);
    }
  }

  /// The values of those keys that have one, from one snapshot.
  public Map<K, V> getAllPresent(Iterable<? extends K> asked) {
    Map<K, V> found = new LinkedHashMap<>();
    store.read(
        txn -> {
          ConcurrentNavigableMap<K, V> seen = map.within(txn);
          for (K key : asked) {
            V value = seen.get(key);
            counts.asked(value != null);
            if (value != null) {
              found.put(key, value);
            }
          }
        });
    if (!ways.accessLife.isZero()) {
      found.keySet().forEach(this::find);
    }
    return found;
  }

  /// The values of keys; those that have none are loaded together and put in one transaction.
  /// Unlike [#get] this waits for nobody: two that ask at the same time both load, and the later
  /// one stays.
  ///
  /// @param loader gets the keys without a value, and brings what it has for them
  public Map<K, V> getAll(
      Iterable<? extends K> asked,
      Function<? super Set<K>, ? extends Map<? extends K, ? extends V>> loader) {
    Map<K, V> found = getAllPresent(asked);
    Set<K> missing = new LinkedHashSet<>();
    asked.forEach(missing::add);
    missing.removeAll(found.keySet());
    if (!missing.isEmpty()) {
      Map<K, V> loaded = new LinkedHashMap<>(loader.apply(missing));
      loaded.keySet().retainAll(missing);
      map.putAll(loaded);
      found.putAll(loaded);
    }
    return found;
  }

  /// The value of a key, which lives on for being read.
  private @Nullable V find(K key) {
    if (ways.accessLife.isZero()) {
      return map.get(key);
    }
    byte[] bytes = keys.encode(key);
    Duration left;
    V found;
    try (ReadTxn txn = store.beginRead()) {
      found = map.within(txn).get(key);
      left = txn.table(name).timeLeft(bytes);
    }
    if (left != null && left.compareTo(ways.accessLife) < 0) {
      liveOn(bytes);
    }
    return found;
  }

  private void liveOn(byte[] key) {
    try {
      boolean _ = store.table(name).touch(key);
    } catch (IllegalStateException e) {
      // Read-only, or this thread has a write transaction: the entry lives as long as it does.
    }
  }

  // -- changing -----------------------------------------------------------------------------------

  /// Sets the value of a key.
  ///
  /// @throws IllegalArgumentException if the entry is larger than the cache may be
  public void put(K key, V value) {
    if (ways.listener == null) {
      map.putAll(Map.of(key, value));
      return;
    }
    V before = map.put(key, value);
    if (before != null) {
      ways.listener.removed(key, before, Cause.REPLACED);
    }
  }

  /// Sets the values of keys in one transaction. No listener is told of what was there.
  public void putAll(Map<? extends K, ? extends V> entries) {
    map.putAll(entries);
  }

  /// Removes the value of a key.
  public void invalidate(K key) {
    if (ways.listener == null) {
      boolean _ = map.keySet().remove(key);
      return;
    }
    V before = map.remove(key);
    if (before != null) {
      ways.listener.removed(key, before, Cause.EXPLICIT);
    }
  }

  /// Removes the values of keys in one transaction.
  public void invalidateAll(Iterable<? extends K> removed) {
    Map<K, V> before = new LinkedHashMap<>();
    store.write(
        txn -> {
          ConcurrentNavigableMap<K, V> own = map.within(txn);
          for (K key : removed) {
            V value = own.remove(key);
            if (value != null) {
              before.put(key, value);
            }
          }
        });
    tell(before);
  }

  /// Removes everything. With a listener all values are read for it.
  public void invalidateAll() {
    if (ways.listener == null) {
      map.clear();
      return;
    }
    Map<K, V> before = new LinkedHashMap<>();
    store.write(
        txn -> {
          ConcurrentNavigableMap<K, V> own = map.within(txn);
          before.putAll(own);
          own.clear();
        });
    tell(before);
  }

  private void tell(Map<K, V> before) {
    if (ways.listener != null) {
      before.forEach((key, value) -> ways.listener.removed(key, value, Cause.EXPLICIT));
    }
  }

  // -- the whole ----------------------------------------------------------------------------------

  /// The cache as a map of the store. What is done through it is neither counted nor told to a
  /// listener, and its reads let no entry live on.
  public StoreMap<K, V> asMap() {
    return map;
  }

  /// Number of entries that have not expired, exact at this moment.
  public long estimatedSize() {
    return store.table(name).count();
  }

  /// What was counted; zeros unless [CacheBuilder#recordStats] was called.
  public CacheStats stats() {
    return counts.stats();
  }
}

package dev.quire.store.cache;

import dev.quire.store.Codec;
import dev.quire.store.KeyCodec;
import dev.quire.store.Store;
import dev.quire.store.StoreMap;
import dev.quire.store.TableOptions;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a cache is made: [Cache#builder]. Not for several threads at once.
///
/// Bound and expiry are options of the table, which keeps them for its life: a cache that exists is
/// opened with the same ones.
public final class CacheBuilder<K, V> {

  private final KeyCodec<K> keys;
  private final Codec<V> values;
  private TableOptions options;
  private Duration accessLife = Duration.ZERO;
  private Duration refreshAge = Duration.ZERO;
  private double eagerness;
  private boolean counted;
  private @Nullable RemovalListener<? super K, ? super V> listener;

  CacheBuilder(KeyCodec<K> keys, Codec<V> values) {
    this.keys = keys;
    this.values = values;
    this.options = TableOptions.defaults().withIntegerKeys(keys.fixedBytes() == Long.BYTES);
  }

  /// Most entries that the cache holds.
  ///
  /// @throws IllegalArgumentException if it is not 1 or more
  public CacheBuilder<K, V> maximumSize(long entries) {
    options = options.withMaxEntries(requirePositive("maximumSize", entries));
    return this;
  }

  /// Most bytes that keys and values have together, as their codecs write them.
  ///
  /// @throws IllegalArgumentException if it is less than [TableOptions#MIN_MAX_BYTES]
  public CacheBuilder<K, V> maximumWeight(long bytes) {
    options = options.withMaxBytes(requirePositive("maximumWeight", bytes));
    return this;
  }

  private static long requirePositive(String what, long number) {
    if (number <= 0) {
      throw new IllegalArgumentException(what + " " + number + ": allowed are 1 and up");
    }
    return number;
  }

  /// An entry lives so long after it was put.
  ///
  /// @throws IllegalArgumentException if it is not a whole number of milliseconds, 1 and up
  /// @throws IllegalStateException if entries expire already
  public CacheBuilder<K, V> expireAfterWrite(Duration life) {
    requireNoExpiry();
    options = options.withExpiry(requirePositive("expireAfterWrite", life));
    return this;
  }

  /// An entry lives so long after it was last put or read, or up to a quarter longer: a read writes
  /// to the store only if a quarter of that time has gone since the last one that did.
  ///
  /// @throws IllegalArgumentException if it is not a whole number of milliseconds, 4 and up
  /// @throws IllegalStateException if entries expire already
  public CacheBuilder<K, V> expireAfterAccess(Duration life) {
    requireNoExpiry();
    long millis = requirePositive("expireAfterAccess", life).toMillis();
    if (millis < 4) {
      throw new IllegalArgumentException("expireAfterAccess " + life + ": allowed are 4 ms and up");
    }
    options = options.withExpiry(life.plusMillis(millis / 4));
    accessLife = life;
    return this;
  }

  private static Duration requirePositive(String what, Duration life) {
    if (life.isZero() || life.isNegative()) {
      throw new IllegalArgumentException(what + " " + life + ": must be positive");
    }
    return life;
  }

  private void requireNoExpiry() {
    if (!options.expiry().isZero()) {
      throw new IllegalStateException("expireAfterWrite or expireAfterAccess, once");
    }
  }

  /// [Cache#get] loads a value anew that is so old: in the thread of one caller among those of all
  /// processes, while the others get the old value. Needs [#expireAfterWrite].
  ///
  /// @throws IllegalArgumentException if it is not positive
  public CacheBuilder<K, V> refreshAfterWrite(Duration age) {
    refreshAge = requirePositive("refreshAfterWrite", age);
    return this;
  }

  /// [Cache#get] loads a value anew before it expires: at random, the more likely the nearer that
  /// is and the longer the last load of this cache object took (XFetch). It does so as
  /// [#refreshAfterWrite] does, and needs [#expireAfterWrite] too.
  ///
  /// @param times how much earlier than usual, which is 1
  /// @throws IllegalArgumentException if it is not positive
  public CacheBuilder<K, V> refreshEarly(double times) {
    if (!(times > 0 && times < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("refreshEarly " + times + ": must be positive");
    }
    eagerness = times;
    return this;
  }

  private Refresh refresh() {
    Refresh refresh = new Refresh(options.expiry(), refreshAge, eagerness);
    if (refresh.isNever()) {
      return Refresh.NEVER;
    }
    if (options.expiry().isZero() || !accessLife.isZero()) {
      throw new IllegalStateException("refreshing needs expireAfterWrite");
    }
    if (refreshAge.compareTo(options.expiry()) >= 0) {
      throw new IllegalStateException(
          "refreshAfterWrite " + refreshAge + " is not before expiry, " + options.expiry());
    }
    return refresh;
  }

  /// [Cache#stats] counts.
  public CacheBuilder<K, V> recordStats() {
    counted = true;
    return this;
  }

  /// Tells what the cache object removes.
  public CacheBuilder<K, V> removalListener(RemovalListener<? super K, ? super V> told) {
    listener = Objects.requireNonNull(told, "listener");
    return this;
  }

  /// Opens the cache in a table of the store, which is made if it does not exist.
  ///
  /// @throws IllegalArgumentException if the table exists with other options or codecs
  /// @throws IllegalStateException if entries are to be refreshed that do not expire after a write,
  ///   or do so before
  /// @throws UnsupportedOperationException if the backend has neither bounds nor expiry and is
  ///   asked for them
  public Cache<K, V> open(Store store, String name) {
    Refresh refresh = refresh();
    var _ = store.table(name, options);
    StoreMap<K, V> map = store.map(name, keys, values);
    return new Cache<>(
        store, name, map, keys, new Cache.Ways<>(accessLife, refresh, counted, listener));
  }
}

package dev.quire.store;

import java.time.Duration;
import java.util.concurrent.ConcurrentNavigableMap;
import org.jspecify.annotations.Nullable;

/// A table as an ordered map of objects: [Store#map].
///
/// Each method that changes the map is one write transaction of the store, with its durability; one
/// that throws has changed nothing. Methods that find nothing to change begin none. Reads see the
/// newest commit of any process. Neither keys nor values are null.
///
/// - **Functions** of `compute`, `computeIfAbsent`, `computeIfPresent` and `merge` run inside the
///   write transaction, once, and everybody who writes waits for them: they must be short. They may
///   read the store. Writing to it throws the [IllegalStateException] of a second write
///   transaction. For what takes long there is [#getOrCompute].
/// - **Parts** (`subMap`, `headMap`, `tailMap`, `descendingMap`, `keySet` and so on) are views:
///   they show and change the table.
/// - **Iterators** are weakly consistent. They read some entries at a time, each time from one
///   snapshot, and hold nothing in between: an entry that is there all the while is met once. For
///   one state of the whole map take a [#snapshot]. `remove` removes the key, whatever its value is
///   by then.
/// - **Entries** are as they were read; `setValue` throws [UnsupportedOperationException].
/// - `size` of the whole map takes no time; that of a part walks over it.
/// - `putAll` is one transaction, and reads no old value; `replaceAll` is one for each entry.
/// - Methods that return an old value throw [dev.quire.store.errors.CodecException] if that cannot
///   be read; `keySet().remove` and `putAll` do not look at it.
///
/// Operating failures are the subclasses of [dev.quire.store.errors.StoreException].
public interface StoreMap<K, V> extends ConcurrentNavigableMap<K, V> {

  /// How long a loader may take before somebody else loads the value as well.
  Duration DEFAULT_LEASE = Duration.ofMinutes(1);

  /// The value of a key; if it has none, `loader` makes it, once for all threads and processes that
  /// ask: the others wait for its value, or load it themselves one after the other if it throws,
  /// has none, dies with its process, or takes longer than the lease. Nobody else waits.
  ///
  /// The loader runs without a transaction, and may use the store. If it asks for the same key,
  /// that is an [IllegalStateException]; two loaders that wait for each other do so for the lease.
  /// What a loader brings after its lease was taken over is discarded, and this method waits for
  /// the other value. If somebody has put a value meanwhile, that stays, and is returned.
  ///
  /// @return null if the loader returns it
  /// @throws X what the loader throws
  /// @throws InterruptedException if the thread is interrupted while it waits for another one
  /// @throws IllegalStateException also if this thread has a write transaction, or the store is
  ///   read-only, and there is no value
  /// @throws UnsupportedOperationException if the store's backend has no leases
  default <X extends Exception> @Nullable V getOrCompute(
      K key, ValueLoader<? super K, ? extends V, X> loader) throws X, InterruptedException {
    return getOrCompute(key, DEFAULT_LEASE, loader);
  }

  /// The same with another lease.
  ///
  /// @param lease how long the loader may take (1 ms and up): who waits for it takes over when it
  ///   has seen it loading for so long
  <X extends Exception> @Nullable V getOrCompute(
      K key, Duration lease, ValueLoader<? super K, ? extends V, X> loader)
      throws X, InterruptedException;

  /// Loads the value of a key anew, though it may have one, which everybody else reads until the
  /// new one is there. One loader at a time, also among those of [#getOrCompute]; this method waits
  /// for none. A value that somebody has put meanwhile stays, and is returned.
  ///
  /// @param lease how long the loader may take (1 ms and up): for those who wait in getOrCompute
  /// @return null, and nothing has changed, if somebody else is loading the key or the loader
  ///   returns null
  /// @throws X what the loader throws; the old value stays
  /// @throws IllegalStateException if this thread has a write transaction, or the store is
  ///   read-only
  /// @throws UnsupportedOperationException if the store's backend has no leases
  <X extends Exception> @Nullable V refresh(
      K key, Duration lease, ValueLoader<? super K, ? extends V, X> loader) throws X;

  /// The map as it is now, for as long as it is open.
  MapSnapshot<K, V> snapshot();

  /// The map as a transaction of the same store sees it; with a [WriteTxn], changes belong to that.
  ///
  /// @return valid as long as the transaction, to be used as that is; with a snapshot, changing
  ///   methods throw [UnsupportedOperationException]
  ConcurrentNavigableMap<K, V> within(ReadTxn txn);
}

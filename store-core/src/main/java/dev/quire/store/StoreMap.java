package dev.quire.store;

import java.util.concurrent.ConcurrentNavigableMap;

/// A table as an ordered map of objects: [Store#map].
///
/// Each method that changes the map is one write transaction of the store, with its durability; one
/// that throws has changed nothing. Methods that find nothing to change begin none. Reads see the
/// newest commit of any process. Neither keys nor values are null.
///
/// - **Functions** of `compute`, `computeIfAbsent`, `computeIfPresent` and `merge` run inside the
///   write transaction, once, and everybody who writes waits for them: they must be short. They may
///   read the store. Writing to it throws the [IllegalStateException] of a second write
///   transaction. For what takes long there is `getOrCompute`.
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

  /// The map as it is now, for as long as it is open.
  MapSnapshot<K, V> snapshot();

  /// The map as a transaction of the same store sees it; with a [WriteTxn], changes belong to that.
  ///
  /// @return valid as long as the transaction, to be used as that is; with a snapshot, changing
  ///   methods throw [UnsupportedOperationException]
  ConcurrentNavigableMap<K, V> within(ReadTxn txn);
}

package dev.quire.store.internal.view;

import java.util.Comparator;

/// What all parts of one map share.
///
/// @param order of the keys, the same as that of their bytes
public record TypedTable<K, V>(
    EntrySource source, TypedBytes<K> keys, TypedBytes<V> values, Comparator<? super K> order) {}

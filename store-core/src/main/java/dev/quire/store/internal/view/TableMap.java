package dev.quire.store.internal.view;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A table as a map of objects. Each method that changes it is one write transaction, and nothing
/// is changed if it throws.
///
/// Functions that are passed to `compute` and its like run inside that transaction, so that nobody
/// changes the entry between what they see and what they return. They may read the store. If they
/// write to it, they get the [IllegalStateException] of a second write transaction, and the method
/// ends with it.
///
/// Values are equal by their `equals`, not by their bytes: two encodings of one object may differ.
public class TableMap<K, V> extends OrderedView<K, V> {

  public TableMap(TypedTable<K, V> table) {
    this(table, ByteInterval.ALL, false);
  }

  private TableMap(TypedTable<K, V> table, ByteInterval interval, boolean descending) {
    super(table, interval, descending);
  }

  @Override
  final ConcurrentNavigableMap<K, V> part(ByteInterval part, boolean backwards) {
    return new TableMap<>(table, part, backwards);
  }

  private byte[] valueBytes(V value) {
    return table.values().encode(value);
  }

  // -- one entry ----------------------------------------------------------------------------------

  /// Changes one entry as a function of the user says, and returns what it returned.
  ///
  /// @param work gets the value that is there, or null, and returns the one that shall be, or null
  ///   for none. It may return the same object, changed
  private @Nullable V update(byte[] key, Function<@Nullable V, @Nullable V> work) {
    return table
        .source()
        .change(
            entries -> {
              byte[] bytesBefore = entries.get(key);
              V after = work.apply(decode(bytesBefore));
              byte[] bytesAfter = after == null ? null : valueBytes(after);
              if (bytesAfter == null) {
                boolean _ = bytesBefore != null && entries.delete(key);
              } else if (!Arrays.equals(bytesBefore, bytesAfter)) {
                entries.put(key, bytesAfter);
              }
              return after;
            });
  }

  @Override
  public final @Nullable V put(K key, V value) {
    byte[] encoded = valueBytes(value);
    byte[] keyBytes = ownKeyBytes(key);
    return table
        .source()
        .change(
            entries -> {
              V before = decode(entries.get(keyBytes));
              entries.put(keyBytes, encoded);
              return before;
            });
  }

  @Override
  public final void putAll(Map<? extends K, ? extends V> added) {
    List<RawEntry> encoded = new ArrayList<>();
    added.forEach((key, value) -> encoded.add(new RawEntry(ownKeyBytes(key), valueBytes(value))));
    if (!encoded.isEmpty()) {
      boolean _ =
          table
              .source()
              .change(
                  entries -> {
                    encoded.forEach(each -> entries.put(each.key(), each.value()));
                    return true;
                  });
    }
  }

  @Override
  public final @Nullable V putIfAbsent(K key, V value) {
    byte[] encoded = valueBytes(value);
    byte[] keyBytes = ownKeyBytes(key);
    V there = decode(find(keyBytes));
    if (there != null) {
      return there;
    }
    return table
        .source()
        .change(
            entries -> {
              V before = decode(entries.get(keyBytes));
              if (before == null) {
                entries.put(keyBytes, encoded);
              }
              return before;
            });
  }

  @Override
  public final @Nullable V remove(Object key) {
    byte[] bytes = keyBytes(key);
    return find(bytes) == null
        ? null
        : table
            .source()
            .change(
                entries -> {
                  V before = decode(entries.get(bytes));
                  boolean _ = entries.delete(bytes);
                  return before;
                });
  }

  @Override
  public final boolean remove(Object key, @Nullable Object value) {
    byte[] bytes = keyBytes(key);
    return value != null
        && value.equals(decode(find(bytes)))
        && table
            .source()
            .change(entries -> value.equals(decode(entries.get(bytes))) && entries.delete(bytes));
  }

  @Override
  public final @Nullable V replace(K key, V value) {
    byte[] encoded = valueBytes(value);
    byte[] bytes = ownKeyBytes(key);
    return find(bytes) == null
        ? null
        : table
            .source()
            .change(
                entries -> {
                  V before = decode(entries.get(bytes));
                  if (before != null) {
                    entries.put(bytes, encoded);
                  }
                  return before;
                });
  }

  @Override
  public final boolean replace(K key, V expected, V value) {
    Objects.requireNonNull(expected, "expected");
    byte[] encoded = valueBytes(value);
    byte[] bytes = ownKeyBytes(key);
    return expected.equals(decode(find(bytes)))
        && table
            .source()
            .change(
                entries -> {
                  boolean isThere = expected.equals(decode(entries.get(bytes)));
                  if (isThere) {
                    entries.put(bytes, encoded);
                  }
                  return isThere;
                });
  }

  @Override
  public final @Nullable V computeIfAbsent(
      K key, Function<? super K, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    byte[] bytes = ownKeyBytes(key);
    V there = decode(find(bytes));
    if (there != null) {
      return there;
    }
    return update(bytes, before -> before == null ? function.apply(key) : before);
  }

  @Override
  public final @Nullable V computeIfPresent(
      K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    byte[] bytes = ownKeyBytes(key);
    return find(bytes) == null
        ? null
        : update(bytes, before -> before == null ? null : function.apply(key, before));
  }

  @Override
  public final @Nullable V compute(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    return update(ownKeyBytes(key), before -> function.apply(key, before));
  }

  @Override
  public final @Nullable V merge(
      K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(function, "function");
    return update(
        ownKeyBytes(key), before -> before == null ? value : function.apply(before, value));
  }

  // -- many entries -------------------------------------------------------------------------------

  @Override
  public final Map.@Nullable Entry<K, V> pollFirstEntry() {
    return poll(descending);
  }

  @Override
  public final Map.@Nullable Entry<K, V> pollLastEntry() {
    return poll(!descending);
  }

  private Map.@Nullable Entry<K, V> poll(boolean greatest) {
    if (interval.isEmpty()) {
      return null;
    }
    return table
        .source()
        .change(
            entries -> {
              List<RawEntry> found = entries.read(interval, greatest, 1, true);
              if (found.isEmpty()) {
                return null;
              }
              Map.Entry<K, V> polled = entry(found.getFirst());
              boolean _ = entries.delete(found.getFirst().key());
              return polled;
            });
  }

  @Override
  public final void clear() {
    boolean _ =
        table
            .source()
            .change(
                entries -> {
                  if (!interval.isEmpty()) {
                    entries.deleteAll(interval);
                  }
                  return true;
                });
  }

  @Override
  final boolean removeKey(Object key) {
    byte[] bytes = keyBytes(key);
    return find(bytes) != null && table.source().change(entries -> entries.delete(bytes));
  }

  @Override
  final void removeRaw(byte[] key) {
    boolean _ = table.source().change(entries -> entries.delete(key));
  }
}

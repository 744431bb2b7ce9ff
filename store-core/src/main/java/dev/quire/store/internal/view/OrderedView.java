package dev.quire.store.internal.view;

import java.util.AbstractMap;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import org.jspecify.annotations.Nullable;

/// The reading half of a [TableMap]: lookups, neighbours, parts and walks.
///
/// A view is a table, an interval of its keys and a direction; it holds nothing else. Ends are kept
/// as bytes, so that no object is compared: the codec of the keys keeps their order.
abstract class OrderedView<K, V> extends AbstractMap<K, V> implements ConcurrentNavigableMap<K, V> {

  final TypedTable<K, V> table;
  final ByteInterval interval;
  final boolean descending;

  OrderedView(TypedTable<K, V> table, ByteInterval interval, boolean descending) {
    this.table = table;
    this.interval = interval;
    this.descending = descending;
  }

  /// Another part of the same table.
  abstract ConcurrentNavigableMap<K, V> part(ByteInterval interval, boolean descending);

  // -- keys and entries ---------------------------------------------------------------------------

  /// The bytes of what is asked for; of another class than the keys, it may be refused.
  @SuppressWarnings("unchecked")
  final byte[] keyBytes(Object key) {
    return table.keys().encode((K) key);
  }

  /// The bytes of a key that is to be written.
  ///
  /// @throws IllegalArgumentException if it does not belong to this part
  final byte[] ownKeyBytes(Object key) {
    byte[] bytes = keyBytes(key);
    if (!interval.contains(bytes)) {
      throw new IllegalArgumentException("key out of the range of this part of the map: " + key);
    }
    return bytes;
  }

  /// The value's bytes, or null.
  final byte @Nullable [] find(byte[] key) {
    return interval.contains(key) ? table.source().get(key) : null;
  }

  final Map.Entry<K, V> entry(RawEntry raw) {
    K key = table.keys().decode(raw.key());
    return new SimpleImmutableEntry<>(key, table.values().decode(raw.value()));
  }

  final @Nullable V decode(byte @Nullable [] value) {
    return value == null ? null : table.values().decode(value);
  }

  private @Nullable RawEntry end(ByteInterval part, boolean greatest, boolean withValue) {
    if (part.isEmpty()) {
      return null;
    }
    List<RawEntry> found = table.source().read(part, greatest, 1, withValue);
    return found.isEmpty() ? null : found.getFirst();
  }

  private Map.@Nullable Entry<K, V> endEntry(ByteInterval part, boolean greatest) {
    RawEntry found = end(part, greatest, true);
    return found == null ? null : entry(found);
  }

  private @Nullable K endKey(ByteInterval part, boolean greatest) {
    RawEntry found = end(part, greatest, false);
    return found == null ? null : table.keys().decode(found.key());
  }

  // -- reading ------------------------------------------------------------------------------------

  @Override
  public final @Nullable V get(Object key) {
    return decode(find(keyBytes(key)));
  }

  @Override
  public final V getOrDefault(Object key, V defaultValue) {
    V value = get(key);
    return value == null ? defaultValue : value;
  }

  @Override
  public final boolean containsKey(Object key) {
    return find(keyBytes(key)) != null;
  }

  @Override
  public final boolean containsValue(Object value) {
    Objects.requireNonNull(value, "value");
    return super.containsValue(value);
  }

  @Override
  public final int size() {
    return (int) Math.min(Integer.MAX_VALUE, table.source().count(interval));
  }

  @Override
  public final boolean isEmpty() {
    return end(interval, false, false) == null;
  }

  @Override
  public final @Nullable Comparator<? super K> comparator() {
    Comparator<? super K> order = table.order();
    boolean natural = order.equals(Comparator.naturalOrder());
    if (descending) {
      return natural ? reversed(order) : Collections.reverseOrder(order);
    }
    return natural ? null : order;
  }

  private static <T> Comparator<T> reversed(Comparator<T> natural) {
    return natural.reversed();
  }

  // -- neighbours ---------------------------------------------------------------------------------

  /// What lies at or beyond a key in the view's direction.
  private ByteInterval beyond(K key, boolean inclusive) {
    byte[] bytes = keyBytes(key);
    return descending ? interval.withTo(bytes, inclusive) : interval.withFrom(bytes, inclusive);
  }

  /// What lies at or before a key in the view's direction.
  private ByteInterval before(K key, boolean inclusive) {
    byte[] bytes = keyBytes(key);
    return descending ? interval.withFrom(bytes, inclusive) : interval.withTo(bytes, inclusive);
  }

  @Override
  public final Map.@Nullable Entry<K, V> lowerEntry(K key) {
    return endEntry(before(key, false), !descending);
  }

  @Override
  public final @Nullable K lowerKey(K key) {
    return endKey(before(key, false), !descending);
  }

  @Override
  public final Map.@Nullable Entry<K, V> floorEntry(K key) {
    return endEntry(before(key, true), !descending);
  }

  @Override
  public final @Nullable K floorKey(K key) {
    return endKey(before(key, true), !descending);
  }

  @Override
  public final Map.@Nullable Entry<K, V> ceilingEntry(K key) {
    return endEntry(beyond(key, true), descending);
  }

  @Override
  public final @Nullable K ceilingKey(K key) {
    return endKey(beyond(key, true), descending);
  }

  @Override
  public final Map.@Nullable Entry<K, V> higherEntry(K key) {
    return endEntry(beyond(key, false), descending);
  }

  @Override
  public final @Nullable K higherKey(K key) {
    return endKey(beyond(key, false), descending);
  }

  @Override
  public final Map.@Nullable Entry<K, V> firstEntry() {
    return endEntry(interval, descending);
  }

  @Override
  public final Map.@Nullable Entry<K, V> lastEntry() {
    return endEntry(interval, !descending);
  }

  @Override
  public final K firstKey() {
    return require(endKey(interval, descending));
  }

  @Override
  public final K lastKey() {
    return require(endKey(interval, !descending));
  }

  private K require(@Nullable K key) {
    if (key == null) {
      throw new NoSuchElementException("the map is empty");
    }
    return key;
  }

  // -- parts --------------------------------------------------------------------------------------

  @Override
  public final ConcurrentNavigableMap<K, V> subMap(
      K fromKey, boolean fromInclusive, K toKey, boolean toInclusive) {
    byte[] from = keyBytes(fromKey);
    byte[] to = keyBytes(toKey);
    int order = Arrays.compareUnsigned(from, to);
    if (descending ? order < 0 : order > 0) {
      throw new IllegalArgumentException("the first key, " + fromKey + ", is behind " + toKey);
    }
    return cut(from, fromInclusive).cutEnd(to, toInclusive).part();
  }

  @Override
  public final ConcurrentNavigableMap<K, V> headMap(K toKey, boolean inclusive) {
    return new Cut(interval).cutEnd(keyBytes(toKey), inclusive).part();
  }

  @Override
  public final ConcurrentNavigableMap<K, V> tailMap(K fromKey, boolean inclusive) {
    return cut(keyBytes(fromKey), inclusive).part();
  }

  private Cut cut(byte[] from, boolean inclusive) {
    return new Cut(interval).cutBeginning(from, inclusive);
  }

  /// An interval that is being made smaller.
  private final class Cut {

    private ByteInterval left;

    Cut(ByteInterval whole) {
      this.left = whole;
    }

    Cut cutBeginning(byte[] key, boolean inclusive) {
      requireInside(key, inclusive);
      left = descending ? left.withTo(key, inclusive) : left.withFrom(key, inclusive);
      return this;
    }

    Cut cutEnd(byte[] key, boolean inclusive) {
      requireInside(key, inclusive);
      left = descending ? left.withFrom(key, inclusive) : left.withTo(key, inclusive);
      return this;
    }

    private void requireInside(byte[] key, boolean inclusive) {
      if (!interval.mayEndAt(key, inclusive)) {
        throw new IllegalArgumentException("a key out of the range of this part of the map");
      }
    }

    ConcurrentNavigableMap<K, V> part() {
      return OrderedView.this.part(left, descending);
    }
  }

  @Override
  public final ConcurrentNavigableMap<K, V> subMap(K fromKey, K toKey) {
    return subMap(fromKey, true, toKey, false);
  }

  @Override
  public final ConcurrentNavigableMap<K, V> headMap(K toKey) {
    return headMap(toKey, false);
  }

  @Override
  public final ConcurrentNavigableMap<K, V> tailMap(K fromKey) {
    return tailMap(fromKey, true);
  }

  @Override
  public final ConcurrentNavigableMap<K, V> descendingMap() {
    return part(interval, !descending);
  }

  // -- walks --------------------------------------------------------------------------------------

  final EntryWalk walk(boolean withValues) {
    return new EntryWalk(table.source(), interval, descending, withValues);
  }

  @Override
  public final NavigableSet<K> keySet() {
    return navigableKeySet();
  }

  @Override
  public final NavigableSet<K> navigableKeySet() {
    return new KeySetView<>(this);
  }

  @Override
  public final NavigableSet<K> descendingKeySet() {
    return descendingMap().navigableKeySet();
  }

  @Override
  public final Set<Map.Entry<K, V>> entrySet() {
    return new EntrySetView<>(this);
  }

  @Override
  public final Collection<V> values() {
    return new ValuesView<>(this);
  }

  /// Removes an entry, without a look at its value.
  abstract boolean removeKey(Object key);

  /// Removes what a walk has come by.
  abstract void removeRaw(byte[] key);
}

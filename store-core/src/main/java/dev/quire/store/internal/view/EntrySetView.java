package dev.quire.store.internal.view;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The entries of a map, in its direction. Each is as it was read and cannot be changed.
final class EntrySetView<K, V> extends AbstractSet<Map.Entry<K, V>> {

  private final OrderedView<K, V> map;

  EntrySetView(OrderedView<K, V> map) {
    this.map = map;
  }

  @Override
  public Iterator<Map.Entry<K, V>> iterator() {
    return new ObjectWalk<>(map, true, map::entry);
  }

  @Override
  public int size() {
    return map.size();
  }

  @Override
  public boolean isEmpty() {
    return map.isEmpty();
  }

  @Override
  public boolean contains(@Nullable Object object) {
    if (object instanceof Map.Entry<?, ?> entry
        && entry.getKey() != null
        && entry.getValue() != null) {
      return entry.getValue().equals(map.get(entry.getKey()));
    }
    return false;
  }

  @Override
  public boolean remove(@Nullable Object object) {
    return object instanceof Map.Entry<?, ?> entry
        && entry.getKey() != null
        && entry.getValue() != null
        && map.remove(entry.getKey(), entry.getValue());
  }

  @Override
  public void clear() {
    map.clear();
  }
}

package dev.quire.store.internal.view;

import java.util.AbstractCollection;
import java.util.Iterator;

/// The values of a map, in the order of its keys.
final class ValuesView<K, V> extends AbstractCollection<V> {

  private final OrderedView<K, V> map;

  ValuesView(OrderedView<K, V> map) {
    this.map = map;
  }

  @Override
  public Iterator<V> iterator() {
    return new ObjectWalk<>(map, true, raw -> map.table.values().decode(raw.value()));
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
  public void clear() {
    map.clear();
  }
}

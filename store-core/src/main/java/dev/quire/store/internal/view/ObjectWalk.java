package dev.quire.store.internal.view;

import java.util.Iterator;
import java.util.function.Function;

/// A walk over what entries stand for.
final class ObjectWalk<T> implements Iterator<T> {

  private final OrderedView<?, ?> view;
  private final EntryWalk walk;
  private final Function<RawEntry, T> read;

  ObjectWalk(OrderedView<?, ?> view, boolean withValues, Function<RawEntry, T> read) {
    this.view = view;
    this.walk = view.walk(withValues);
    this.read = read;
  }

  @Override
  public boolean hasNext() {
    return walk.hasNext();
  }

  @Override
  public T next() {
    return read.apply(walk.next());
  }

  @Override
  public void remove() {
    view.removeRaw(walk.takeCurrent());
  }
}

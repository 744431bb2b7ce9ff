package dev.quire.store.internal.view;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// A walk over entries that holds nothing while nobody asks it for the next one.
///
/// Entries are read some at a time, each portion from one state of the table, and the next portion
/// begins behind the last key of the one before. So an entry that is there during the whole walk is
/// met once; of one that comes or goes meanwhile nothing is said. A walk that is left half way
/// keeps no snapshot.
final class EntryWalk implements Iterator<RawEntry> {

  private static final int FIRST_PORTION = 8;
  private static final int LARGEST_PORTION = 512;

  private final EntrySource source;
  private final boolean descending;
  private final boolean withValues;
  private ByteInterval rest;
  private int limit = FIRST_PORTION;
  private List<RawEntry> portion = List.of();
  private int next;
  private boolean ended;
  private @Nullable RawEntry current;

  EntryWalk(EntrySource source, ByteInterval interval, boolean descending, boolean withValues) {
    this.source = source;
    this.rest = interval;
    this.descending = descending;
    this.withValues = withValues;
    this.ended = interval.isEmpty();
  }

  @Override
  public boolean hasNext() {
    if (next == portion.size() && !ended) {
      readPortion();
    }
    return next < portion.size();
  }

  private void readPortion() {
    portion = source.read(rest, descending, limit, withValues);
    next = 0;
    if (portion.isEmpty()) {
      ended = true;
    } else {
      rest = rest.behind(portion.getLast().key(), descending);
      limit = Math.min(LARGEST_PORTION, limit * 4);
    }
  }

  @Override
  public RawEntry next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the walk is at its end");
    }
    RawEntry found = portion.get(next++);
    current = found;
    return found;
  }

  /// The key that is to be removed, once.
  ///
  /// @throws IllegalStateException if there is none
  byte[] takeCurrent() {
    RawEntry taken = current;
    if (taken == null) {
      throw new IllegalStateException("nothing to remove: call next first, and remove once");
    }
    current = null;
    return taken.key();
  }
}

package dev.quire.store;

import dev.quire.store.internal.view.ByteInterval;
import dev.quire.store.internal.view.ChangeableEntries;
import dev.quire.store.internal.view.RawEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The entries of a table, for map views.
class TableEntries implements ChangeableEntries {

  /// A portion of a walk ends when it has so many bytes.
  private static final long PORTION_BYTES = 256 << 10;

  private final Table table;

  TableEntries(Table table) {
    this.table = table;
  }

  @Override
  public final byte @Nullable [] get(byte[] key) {
    return table.get(key);
  }

  @Override
  public final long count(ByteInterval interval) {
    if (interval.equals(ByteInterval.ALL)) {
      return table.count();
    }
    long count = 0;
    try (Cursor cursor = table.cursor(range(interval, false))) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  @Override
  public final List<RawEntry> read(
      ByteInterval interval, boolean descending, int limit, boolean withValues) {
    List<RawEntry> found = new ArrayList<>();
    long bytes = 0;
    try (Cursor cursor = table.cursor(range(interval, descending))) {
      while (found.size() < limit && bytes < PORTION_BYTES && cursor.next()) {
        RawEntry entry = new RawEntry(cursor.key(), withValues ? cursor.valueBytes() : new byte[0]);
        found.add(entry);
        bytes += entry.key().length + entry.value().length;
      }
    }
    return found;
  }

  @Override
  public final void put(byte[] key, byte[] value) {
    boolean _ = table.put(key, value);
  }

  @Override
  public final boolean delete(byte[] key) {
    return table.delete(key);
  }

  @Override
  public final void deleteAll(ByteInterval interval) {
    if (interval.equals(ByteInterval.ALL)) {
      table.clear();
    } else {
      long _ = table.deleteRange(range(interval, false));
    }
  }

  private static KeyRange range(ByteInterval interval, boolean descending) {
    byte[] from = interval.from();
    byte[] to = interval.to();
    KeyRange range;
    if (from != null && to != null) {
      range = KeyRange.between(from, interval.fromInclusive(), to, interval.toInclusive());
    } else if (from != null) {
      range = interval.fromInclusive() ? KeyRange.atLeast(from) : KeyRange.greaterThan(from);
    } else if (to != null) {
      range = interval.toInclusive() ? KeyRange.atMost(to) : KeyRange.lessThan(to);
    } else {
      range = KeyRange.all();
    }
    return descending ? range.reversed() : range;
  }
}

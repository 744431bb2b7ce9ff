package dev.quire.store.internal.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reading entries of one table.
public interface Entries {

  /// The value of a key, or null.
  byte @Nullable [] get(byte[] key);

  /// Number of entries in an interval.
  long count(ByteInterval interval);

  /// The first entries of an interval, all of one state of the table.
  ///
  /// @param descending whether they are the last ones, the greatest key first
  /// @param limit so many at most (at least 1); fewer if they are large
  /// @param withValues whether values are wanted
  /// @return empty only if the interval has no entry
  List<RawEntry> read(ByteInterval interval, boolean descending, int limit, boolean withValues);
}

package dev.quire.store.internal.view;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One table as a map view needs it. Each read sees some state of it, the newest one or always the
/// same.
public interface EntrySource extends Entries {

  /// Changes the table in one transaction; if `work` throws, nothing is changed.
  ///
  /// @throws UnsupportedOperationException if the table cannot be changed through this source
  <T extends @Nullable Object> T change(Function<ChangeableEntries, T> work);
}

package dev.quire.store.lmdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The views of a write transaction: each lives until the next change, which may move its value.
final class ChangeableViews {

  private @Nullable Arena lifetime;

  /// What LMDB gave, as a view.
  MemorySegment view(MemorySegment value) {
    Arena current = lifetime;
    if (current == null) {
      current = Arena.ofConfined();
      lifetime = current;
    }
    return SegmentProxy.view(value, current);
  }

  /// Ends all views.
  void end() {
    Arena ended = lifetime;
    if (ended != null) {
      lifetime = null;
      ended.close();
    }
  }
}

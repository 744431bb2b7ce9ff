package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.PendingPages;
import dev.quire.store.internal.page.RestingMap;
import dev.quire.store.internal.page.SpaceMap;
import dev.quire.store.internal.region.NativeBuffers;
import java.util.function.Consumer;

/// What the floors that inspect a store may see of its inside.
public final class EngineView {

  private final EngineParts parts;
  private final Checkpoint checkpoint;

  EngineView(EngineParts parts, Checkpoint checkpoint) {
    this.parts = parts;
    this.checkpoint = checkpoint;
  }

  /// What never changes in a store, from the superblock that it was opened with.
  public Superblock superblock() {
    return parts.superblock;
  }

  /// Memory that lives as long as the store.
  public NativeBuffers buffers() {
    return parts.buffers;
  }

  /// One published state that nobody changes while it is looked at: snapshot and bitmaps agree.
  ///
  /// @param snapshot pinned; ended by whoever asked
  /// @param map the bitmaps
  /// @param pending the pending pages
  /// @param resting the durable space map
  public record Still(Snapshot snapshot, SpaceMap map, PendingPages pending, RestingMap resting) {}

  /// Calls `action` while nothing is published. Writers wait for it.
  public void whileStill(Consumer<Still> action) {
    checkpoint.whileStill(
        resting -> {
          Snapshot snapshot = parts.readers.begin();
          try {
            action.accept(new Still(snapshot, parts.map, parts.pending, resting));
          } finally {
            snapshot.end();
          }
        });
  }
}

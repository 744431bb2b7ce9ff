package dev.quire.store.internal.copy;

import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.txn.EngineView;
import dev.quire.store.internal.txn.EngineView.Pinned;

/// A state that can be copied.
///
/// @param pages what it consists of
/// @param origin what never changes in its store
/// @param ringSizeBytes length of the redo ring that a copy gets
/// @param head what its transaction left
/// @param stampLimit all its stamps are below
/// @param mostPages it cannot have more pages
record CopyState(
    PageReader pages,
    Superblock origin,
    long ringSizeBytes,
    Head head,
    long stampLimit,
    long mostPages) {

  /// The newest transaction of an open store.
  static CopyState of(EngineView view, Pinned pinned) {
    Superblock own = view.superblock();
    return new CopyState(
        pinned.snapshot(),
        own,
        view.isVolatile() ? view.options().ringSizeBytes() : own.ringSizeBytes(),
        pinned.head(),
        pinned.nextStamp(),
        pinned.snapshot().highWater());
  }
}

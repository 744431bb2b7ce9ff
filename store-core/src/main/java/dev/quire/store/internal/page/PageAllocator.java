package dev.quire.store.internal.page;

import dev.quire.store.internal.format.PageType;
import java.lang.foreign.MemorySegment;

/// The capability to change pages: copy-on-write in private memory.
///
/// References to private pages have the scratch bit set until commit. A page that a caller stops
/// referring to is handed to [#retire]. Memory of one call stays where it is while further pages
/// are allocated: segments obtained earlier remain valid.
public interface PageAllocator extends PageReader {

  /// A private copy of the page that may be edited; the page itself, if it already is one of the
  /// transaction (and of its innermost savepoint). The original is retired.
  long writable(long ref);

  /// A new private page with an initialised, empty header (birth, number and stamp come at commit).
  long allocate(PageType type, int level);

  /// Changes whenever a private page is given up, or must be copied before it is edited again: a
  /// reference to one that could be edited stays good for edits as long as this is the same.
  int generation();

  /// The tree no longer refers to this page (of the tree, or the first of an overflow run).
  void retire(long ref);

  /// Writes an overflow run with the given bytes, at once, into pages that nothing refers to yet.
  ///
  /// @return a reference to the run's first page (never scratch)
  long writeRun(MemorySegment source, long sourceOffset, long length);

  /// The same, with bytes pulled from `source` until `length` have arrived.
  long writeRun(RunSource source, long length);

  /// Where the bytes of an overflow run come from.
  @FunctionalInterface
  interface RunSource {
    /// Fills `target` completely.
    void fill(MemorySegment target);
  }
}

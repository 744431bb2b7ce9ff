package dev.quire.store.internal.page;

import java.lang.foreign.MemorySegment;

/// The capability to read pages: all that the lookup needs.
///
/// A reference ([dev.quire.store.internal.format.PageRef]) names one page in one state. Following
/// it checks that the page lies below the snapshot's high-water page, carries its own number and
/// the stamp that the reference expects.
public interface PageReader {

  /// Size of every page.
  int pageSizeBytes();

  /// The segment in which the page lies. Valid as long as the transaction.
  MemorySegment segmentOf(long ref);

  /// Offset of the page's first byte in [#segmentOf].
  ///
  /// @throws dev.quire.store.errors.CorruptPageException if the page is not the one that `ref`
  ///   names
  long offsetOf(long ref);

  /// A key was looked up in these pages, for a user. Ends as a read does: see [MappedFaults].
  default void countLookup(boolean found) {}

  /// Notes that an entry of a bounded table was used.
  ///
  /// @param hash of its key
  default void touch(long hash) {}

  /// Whether somebody cut the file that these pages lie in. Looks at the file.
  boolean isTruncated();

  /// The file turned out to be shorter than these pages need: the store refuses writes from now on.
  void noteTruncated();
}

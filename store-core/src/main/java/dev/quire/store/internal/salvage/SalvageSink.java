package dev.quire.store.internal.salvage;

import dev.quire.store.internal.format.PageEntry;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Takes what was saved and what was lost.
interface SalvageSink {

  /// An entry; its key is whole.
  void entry(PageEntry key, MemorySegment value, long offset, long length, long expiryMillis);

  /// An entry with a long value, whose run was found whole.
  void longEntry(PageEntry key, long runRef, long length, long expiryMillis);

  /// Entries that cannot be read.
  ///
  /// @param from least key, or null
  /// @param to first key that is not meant, or null
  void lost(byte @Nullable [] from, byte @Nullable [] to, String reason);
}

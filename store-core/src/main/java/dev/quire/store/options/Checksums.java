package dev.quire.store.options;

/// What is done with the CRC32C of pages.
public enum Checksums {
  /// Pages carry none. The redo ring and the superblocks always do.
  OFF,
  /// Computed when a page is written; verified by the checker, recovery and backup.
  WRITE,
  /// Computed when a page is written, and meant to be verified each time a page is followed.
  /// Reading does not do so yet: today this is the same as [#WRITE].
  VERIFY
}

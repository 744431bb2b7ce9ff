package dev.quire.store.options;

/// What is done with the CRC32C of pages.
public enum Checksums {
  /// Pages carry none. The redo ring and the superblocks always do.
  OFF,
  /// Computed when a page is written; verified by the checker, recovery and backup.
  WRITE,
  /// Computed when a page is written, and verified each time a page is followed, by reads and by
  /// writes, before anything in it is used. Of a value in pages of its own the whole is verified. A
  /// store that was created with [#OFF] has nothing to verify.
  VERIFY
}

package dev.quire.store.internal.txn;

/// What one step of a compaction has done.
///
/// @param movedPages pages that have other places now
/// @param last whether nothing is left to be done for now
/// @param fileSizeBytes length of the file
public record CompactionStep(long movedPages, boolean last, long fileSizeBytes) {}

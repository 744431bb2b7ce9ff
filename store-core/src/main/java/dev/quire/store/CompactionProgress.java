package dev.quire.store;

/// What one step of [Store#compact(int)] has done.
///
/// @param movedPages pages that lie elsewhere now
/// @param last whether nothing is left to be moved for now
/// @param fileSizeBytes length of the file
public record CompactionProgress(long movedPages, boolean last, long fileSizeBytes) {}

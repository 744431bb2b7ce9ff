package dev.quire.store;

/// Counters and sizes of a store at one moment. Numbers of different fields may be a commit apart.
///
/// @param txnId number of the newest committed transaction
/// @param durableTxnId number of the transaction that the last checkpoint brought to rest; what was
///   synced since then is in the redo log, and kept as well
/// @param pageSizeBytes size of a page
/// @param fileSizeBytes size of the data, superblocks and redo ring included
/// @param mappedBytes how much of it is mapped into this process
/// @param usedPages pages that are not free
/// @param livePages pages that the newest snapshot reaches
/// @param freePages pages below the high-water mark that may be reused at once
/// @param pendingPages pages that wait for a reader or a checkpoint
/// @param ringSizeBytes size of the redo ring
/// @param ringUsedBytes how much of it holds commits since the last checkpoint
/// @param readers open snapshots
/// @param commits commits since the store was opened
/// @param checkpoints checkpoints since the store was opened
/// @param syncs waits for the medium since the store was opened
/// @param ringFullWaits commits that had to wait for a checkpoint
/// @param failed whether a write or sync has failed, so that writes are refused until reopening
/// @param behind whether the store was opened read-only without having been closed in order: it is
///   seen as of its last checkpoint, later commits are not
/// @param isNew whether this process made the store when it opened it
public record StoreStats(
    long txnId,
    long durableTxnId,
    int pageSizeBytes,
    long fileSizeBytes,
    long mappedBytes,
    long usedPages,
    long livePages,
    long freePages,
    long pendingPages,
    long ringSizeBytes,
    long ringUsedBytes,
    int readers,
    long commits,
    long checkpoints,
    long syncs,
    long ringFullWaits,
    boolean failed,
    boolean behind,
    boolean isNew) {}

package dev.quire.store.internal.txn;

/// STUB.
public record EngineStats(
    long txnId,
    long durableTxnId,
    int pageSizeBytes,
    long fileSizeBytes,
    long mappedBytes,
    long highWaterPages,
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
    boolean poisoned) {}

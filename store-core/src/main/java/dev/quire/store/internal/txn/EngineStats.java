package dev.quire.store.internal.txn;

/// What an open store can say about itself.
///
/// @param txnId newest published transaction
/// @param durableTxnId transaction of the durable superblock
/// @param pageSizeBytes size of a page
/// @param fileSizeBytes length of the data file
/// @param mappedBytes address space that mappings of the data file take, in this process
/// @param highWaterPages pages below the first that was never allocated
/// @param usedPages pages that must not be allocated
/// @param livePages pages that the newest transaction reaches
/// @param freePages pages between the ring and the high-water page that can be allocated
/// @param pendingPages pages that were replaced and may still be read
/// @param ringSizeBytes length of the redo ring
/// @param ringUsedBytes log since the durable superblock
/// @param readers snapshots that are pinned, in any process
/// @param commits transactions published since `shm` was made
/// @param checkpoints checkpoints since then
/// @param syncs syncs of the log since then
/// @param ringFullWaits commits that found the ring full since then
/// @param poisoned whether writes are refused after a failure
/// @param behind whether there are later transactions than those to be seen
/// @param isNew whether the store was made by this opening
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
    boolean poisoned,
    boolean behind,
    boolean isNew) {

  static EngineStats of(EngineParts parts) {
    SharedState state = parts.state;
    parts.spaceLock.lock();
    try {
      state.areas().mapAll();
      long highWater = state.highWater();
      long used = parts.map.countUsed(highWater);
      return new EngineStats(
          state.headTxnId(),
          state.durableTxnId(),
          parts.pageSizeBytes(),
          parts.region.sizeBytes(),
          parts.data.mapping().byteSize(),
          highWater,
          used,
          parts.map.countLive(highWater),
          highWater - parts.superblock.firstPage() - used,
          parts.pending.countPages(),
          parts.ring.sizeBytes(),
          state.newestLsn() - state.durableLsn(),
          parts.readers.countPins(),
          MetricsTable.total(state, Counter.COMMITS),
          MetricsTable.total(state, Counter.CHECKPOINTS),
          MetricsTable.total(state, Counter.LOG_SYNCS),
          MetricsTable.total(state, Counter.RING_FULL_WAITS),
          state.isPoisoned(),
          parts.behind(),
          parts.isNew);
    } finally {
      parts.spaceLock.unlock();
    }
  }
}

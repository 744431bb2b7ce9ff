package dev.quire.store.cli.pipeline;

import dev.quire.store.Store;
import dev.quire.store.Table;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;

/// Puts blocks into a table, each under its number and in a transaction of its own, so that the
/// consumer sees it at once.
///
/// The consumer deletes what it has read. As long as it leaves too much, the producer waits: that
/// keeps the store small.
final class StoreSender implements BlockSender {

  private static final ValueLayout.OfLong KEY =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final long PAUSE_NANOS = 20_000;

  private final Store store;
  private final Table blocks;
  private final MemorySegment key = Arena.ofAuto().allocate(Long.BYTES);
  private long next;

  StoreSender(Store store) {
    this.store = store;
    this.blocks = store.table(SampleStore.TABLE, SampleStore.NUMBERS);
  }

  @Override
  public void send(MemorySegment block) throws InterruptedException {
    while (blocks.count() >= SampleStore.MOST_BLOCKS) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(this, PAUSE_NANOS);
    }
    key.set(KEY, 0, next++);
    blocks.put(key, block);
  }

  @Override
  public void close() {
    store.close();
  }
}

package dev.quire.store.cli.pipeline;

import dev.quire.store.ChangeScope;
import dev.quire.store.Changes;
import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Keys;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.Watch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/// Reads blocks where they lie in the store, as the commits come that bring them, and deletes those
/// that were read, many at a time: a deletion needs the writer's turn, which the producer has.
final class StoreReceiver implements BlockReceiver {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Store store;
  private final Table blocks;
  private long next;
  private long deletedBelow;

  StoreReceiver(Store store) {
    this.store = store;
    this.blocks = store.table(SampleStore.TABLE, SampleStore.NUMBERS);
  }

  @Override
  public void receive(Handler handler) throws IOException, InterruptedException {
    ReadTxn start = store.beginRead();
    boolean more = read(start.table(SampleStore.TABLE), handler);
    try (Watch watch = store.watch(start, ChangeScope.table(SampleStore.TABLE))) {
      while (more) {
        Changes changes = watch.poll(PATIENCE);
        if (changes == null) {
          throw new IOException("the producer has sent nothing for " + PATIENCE.toSeconds() + " s");
        }
        more = read(changes, handler);
        if (next - deletedBelow >= SampleStore.DELETED_TOGETHER) {
          deleteRead();
        }
      }
    }
    deleteRead();
  }

  /// What is there already.
  private boolean read(Table snapshot, Handler handler) {
    try (Cursor cursor = snapshot.cursor()) {
      while (cursor.next()) {
        next = cursor.longKey() + 1;
        if (!handler.handle(cursor.value())) {
          return false;
        }
      }
    }
    return true;
  }

  /// What has come since. The blocks that were deleted since are told as well.
  private boolean read(Changes changes, Handler handler) {
    while (changes.next()) {
      MemorySegment block = changes.newValue();
      if (block != null) {
        next = changes.longKey() + 1;
        if (!handler.handle(block)) {
          return false;
        }
      }
    }
    return true;
  }

  private void deleteRead() {
    blocks.deleteRange(KeyRange.lessThan(Keys.ofLong(next)));
    deletedBelow = next;
  }

  @Override
  public void close() {
    store.close();
  }
}

package dev.quire.store.cli.pipeline;

import dev.quire.store.Store;
import dev.quire.store.TableOptions;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Path;

/// The store that carries blocks: one table, from the number of a block to the block.
public final class SampleStore {

  /// The longest that the file may get, on the way through memory: the blocks that wait, as many
  /// again that are deleted but were still in a snapshot of the consumer's watch, and as much as
  /// both for the tree, for growth in steps, and for what is free but not in one piece.
  public static final long MOST_BYTES = 4L * SampleStore.MOST_BLOCKS * SampleBlock.BYTES;

  static final String TABLE = "blocks";
  static final TableOptions NUMBERS = TableOptions.defaults().withIntegerKeys(true);

  /// How many blocks lie there before the producer waits.
  static final int MOST_BLOCKS = 256;

  /// How many blocks the consumer deletes in one transaction.
  static final int DELETED_TOGETHER = MOST_BLOCKS / 2;

  private SampleStore() {}

  /// Options of the store on a disk: commits are visible at once, and durable at the next
  /// checkpoint.
  public static StoreOptions diskOptions() {
    return StoreOptions.defaults().withDurability(Durability.CHECKPOINT);
  }

  static Store openShared(String token) {
    return Store.sharedTemporary(token);
  }

  static Store openOnDisk(String path) {
    return Store.open(Path.of(path), diskOptions().withCreateIfMissing(false));
  }
}

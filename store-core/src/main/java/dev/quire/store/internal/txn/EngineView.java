package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.NoteRecord;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.PendingPages;
import dev.quire.store.internal.page.RestingMap;
import dev.quire.store.internal.page.SpaceMap;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the floors that inspect a store may see of its inside.
public final class EngineView {

  /// Stamps that a superblock reserves.
  public static final long STAMP_RESERVE = EngineParts.STAMP_RESERVE;

  private final EngineParts parts;
  private final Checkpoint checkpoint;

  EngineView(EngineParts parts, Checkpoint checkpoint) {
    this.parts = parts;
    this.checkpoint = checkpoint;
  }

  /// What never changes in a store, from the superblock that it was opened with.
  public Superblock superblock() {
    return parts.superblock;
  }

  /// Memory that lives as long as the store.
  public NativeBuffers buffers() {
    return parts.buffers;
  }

  /// Whether the store has no superblock, no log and no space map at rest.
  public boolean isVolatile() {
    return parts.isVolatile();
  }

  /// Length of the data file.
  public long fileSizeBytes() {
    return parts.region.sizeBytes();
  }

  /// Copies bytes of the data file to private memory, not by way of a mapping: a file that somebody
  /// cut short is no fault here.
  ///
  /// @return number of bytes read, less than `length` only at the end of the file
  public long read(long offset, MemorySegment target, long targetOffset, long length) {
    return parts.region.read(offset, target, targetOffset, length);
  }

  /// One published state that nobody changes while it is looked at: snapshot and bitmaps agree.
  ///
  /// @param snapshot pinned; ended by whoever asked
  /// @param map the bitmaps
  /// @param pending the pending pages
  /// @param resting the durable space map
  /// @param marks the words beside them
  public record Still(
      Snapshot snapshot, SpaceMap map, PendingPages pending, RestingMap resting, Marks marks) {}

  /// Words of one published state.
  ///
  /// @param head what its transaction left
  /// @param durableSequence sequence of the durable superblock
  /// @param durableTxnId transaction of the durable superblock
  /// @param nextStamp every page has a stamp below
  /// @param highWaterPage first page number that was never given out
  /// @param settled whether nothing is half done; false only after a failure
  public record Marks(
      Head head,
      long durableSequence,
      long durableTxnId,
      long nextStamp,
      long highWaterPage,
      boolean settled) {}

  /// Calls `action` while nothing is published and nothing brought to rest. Writers wait for it.
  ///
  /// @param timeout how long to wait for a transaction, and for a checkpoint, of another process
  /// @return false if one of them went on
  public boolean tryWhileStill(Duration timeout, Consumer<Still> action) {
    return checkpoint.tryWhileStill(
        timeout,
        resting -> {
          Snapshot snapshot = parts.readers.pin();
          try {
            action.accept(new Still(snapshot, parts.map, parts.pending, resting, marks()));
          } finally {
            snapshot.end();
          }
        });
  }

  /// A transaction and what its head record says.
  ///
  /// @param snapshot pinned; ended by whoever asked
  /// @param head what its transaction left
  /// @param nextStamp every page of it has a stamp below
  public record Pinned(Snapshot snapshot, Head head, long nextStamp) {}

  /// Pins the newest transaction, while others publish.
  public Pinned pinState() {
    while (true) {
      Snapshot snapshot = parts.readers.begin();
      Head head = snapshot.copyHead();
      if (head != null) {
        snapshot.noteSince(System.currentTimeMillis());
        return new Pinned(snapshot, head, parts.state.nextStamp());
      }
      snapshot.end();
    }
  }

  /// What the store was opened with.
  public StoreOptions options() {
    return parts.options;
  }

  /// Pins the newest transaction, whatever became of its pages; to be ended by the caller.
  public Snapshot pinHead() {
    return parts.readers.pin();
  }

  /// Pins the transaction of the durable superblock, to be ended by the caller. Only while still.
  public Snapshot pinDurable(Superblock durable) {
    return parts.readers.begin(durable);
  }

  /// All snapshots that are read now, by any process.
  public List<EngineActivity.Pin> pins() {
    return EngineActivity.pins(parts);
  }

  /// Whether the page is given out, at this moment.
  public boolean isUsed(long pageNo) {
    return pageNo < parts.map.capacityPages() && parts.map.isUsed(pageNo);
  }

  /// Who has the writer's turn, or had it last, in words.
  public String describeTurn() {
    return parts.turn.describeHolder();
  }

  /// The process that a record of its owner word and start names, or null if it has gone.
  public EngineActivity.@Nullable Name findProcess(long owner, long startMillis) {
    ProcessLife.Name name = new ProcessLife.Name(owner, startMillis);
    return owner != 0 && parts.life.isAlive(name)
        ? EngineActivity.nameOf(parts.state, name.slot())
        : null;
  }

  private Marks marks() {
    return new Marks(
        parts.state.head(),
        parts.state.durableSequence(),
        parts.state.durableTxnId(),
        parts.state.nextStamp(),
        parts.allocator.highWater(),
        parts.note.state() == NoteRecord.NONE);
  }
}

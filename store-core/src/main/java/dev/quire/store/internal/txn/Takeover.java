package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.NoteRecord;
import dev.quire.store.internal.format.RedoRecord;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.RestingMap;
import dev.quire.store.internal.page.RunList;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.internal.region.SharedRegion;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Opening after the process died, on the same boot of the machine: the page cache has every page
/// that the head in `shm` reaches, so nothing is lost and nothing replayed.
///
/// `shm` is trusted only if it is whole, of this boot, of these files and not poisoned; if the
/// newest superblock is the one that it calls durable, or the candidate; and if every page that the
/// head reaches and that is newer than that superblock is what its reference says. Otherwise
/// [Recovery] has the word.
final class Takeover {

  private Takeover() {}

  /// Brings up an engine on an existing `shm`.
  ///
  /// @return null if it cannot be trusted
  static @Nullable Engine tryResume(
      Region region,
      StoreOptions options,
      StoreFiles files,
      Superblock newest,
      SharedIdentity identity,
      Path sharedPath) {
    SharedRegion shared = SharedRegion.open(sharedPath);
    boolean resumed = false;
    try {
      SharedState state = new SharedState(shared);
      if (!isTrusted(state, newest, identity, shared)) {
        return null;
      }
      ReaderTable.clear(state);
      long owner = 1L << 32 | ProcessTable.enter(state, 0);
      EngineParts parts = new EngineParts(options, newest, region, state, files.buffers(), owner);
      RestingMap resting = complete(parts);
      if (!isWhole(parts)) {
        return null;
      }
      files.own(shared, sharedPath);
      resumed = true;
      return new Engine(parts, files, resting);
    } catch (StoreFullException e) {
      if (region.storable()) {
        // Without a log there is nothing else to open it by: try again when there is room.
        throw e;
      }
      return null;
    } catch (StoreException | IndexOutOfBoundsException e) {
      // Whatever is wrong with `shm`, the superblock and the log do not depend on it.
      return null;
    } finally {
      if (!resumed) {
        shared.close();
      }
    }
  }

  private static boolean isTrusted(
      SharedState state, Superblock newest, SharedIdentity identity, SharedRegion shared) {
    return shared.sizeBytes() >= SharedState.FIRST_SIZE_BYTES
        && identity.matches(state.segment())
        && !state.isPoisoned()
        && (newest.sequence() == state.durableSequence()
            || newest.sequence() == state.candidateSequence());
  }

  /// Whether the file has the pages that the head reaches. Those of a store in memory are where
  /// they were stored as long as the file has its length; each is looked at when it is followed.
  private static boolean isWhole(EngineParts parts) {
    return parts.isVolatile()
        ? parts.state.head().fileSizeBytes() <= parts.region.sizeBytes()
        : NewPages.areSound(parts);
  }

  /// Finishes what the dead process was doing, and makes anew what can be.
  private static RestingMap complete(EngineParts parts) {
    SharedState state = parts.state;
    resolveCandidate(parts);
    resolveNote(parts);
    RestingMap resting = Recovery.loadResting(parts);
    for (int leaf = 0; leaf < resting.leafCount(); leaf++) {
      // A checkpoint that died may have taken a leaf's changes for its own.
      parts.map.markLeafChanged(leaf);
    }
    parts.map.copyLiveToUsed();
    resting.forEach(page -> parts.map.setUsed(page, 1));
    for (long at = parts.pending.start(); at < parts.pending.end(); at++) {
      if (parts.pending.count(at) != 0) {
        parts.map.setUsed(parts.pending.pageNo(at), parts.pending.count(at));
      }
    }
    parts.allocator.reset(Math.max(state.head().highWaterPage(), parts.superblock.highWaterPage()));
    endDeadLog(parts);
    return resting;
  }

  /// A candidate that is the newest superblock of the file is made durable; another was never
  /// written.
  private static void resolveCandidate(EngineParts parts) {
    SharedState state = parts.state;
    if (state.candidateSequence() == state.durableSequence()) {
      return;
    }
    if (parts.superblock.sequence() == state.candidateSequence()) {
      parts.region.sync(SyncRole.CHECKPOINT);
      state.setDurable(state.candidateSequence());
    } else {
      state.dropCandidate();
    }
  }

  private static void resolveNote(EngineParts parts) {
    long noteState = parts.note.state();
    if (noteState == NoteRecord.PUBLISH) {
      parts.note.publish();
    } else if (noteState == NoteRecord.PREPARED) {
      if (parts.state.durableTxnId() == parts.note.head().txnId()) {
        parts.note.publishPrepared();
      } else {
        parts.note.withdraw();
      }
    }
  }

  /// Writes a void record of a new epoch where the log stands: what the dead process may have
  /// appended behind it can never come back.
  private static void endDeadLog(EngineParts parts) {
    if (parts.isVolatile()) {
      return;
    }
    Head head = parts.state.head();
    int length = (int) RedoRecord.lengthBytes(0);
    if (parts.ring.endOf(head.lsn(), length) - parts.state.durableLsn() > parts.ring.sizeBytes()) {
      throw new StoreFullException("no room for a void record in the redo ring");
    }
    MemorySegment record = parts.buffers.allocate(length);
    RedoRing.End end =
        parts.ring.append(
            new RedoRecord.Header(
                length,
                head.lsn(),
                head.txnId(),
                head.loggedTxnId(),
                parts.state.durableSequence(),
                head.epoch() + 1,
                RedoRecord.VOID,
                head.userTerm(),
                head.userIndex(),
                0),
            head.chainCrc(),
            record);
    parts.ring.sync(parts.state.syncedLsn(), end.lsn());
    parts.state.setSyncedLsn(end.lsn());
    Head ended =
        new Head(
            head.txnId(),
            head.catalogueRef(),
            head.highWaterPage(),
            head.fileSizeBytes(),
            end.lsn(),
            end.chainCrc(),
            head.epoch() + 1,
            head.loggedTxnId(),
            head.nextTableId(),
            head.userTerm(),
            head.userIndex());
    // By a note: whoever opens after another death in here finds the whole head or none of it.
    parts.note.require(0, 0, head.highWaterPage());
    parts.note.write(ended, new RunList(), new RunList(), NoteRecord.PUBLISH);
    parts.note.publish();
  }
}

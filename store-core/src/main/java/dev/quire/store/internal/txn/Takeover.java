package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.region.SharedRegion;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Opening after the process died, on the same boot of the machine: the page cache has every page
/// that the head in `shm` reaches, so nothing is lost and nothing replayed.
///
/// `shm` is trusted only if it is whole and sound, of this boot, of these files and not poisoned;
/// if the newest superblock is the one that it calls durable, or the candidate; and if every page
/// that the head reaches and that is newer than that superblock is what its reference says.
/// Otherwise [Recovery] has the word.
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
      ProcessTable.clear(state);
      files.locks().enter(state);
      EngineParts parts = new EngineParts(options, newest, region, state, files);
      complete(parts);
      if (!isWhole(parts)) {
        return null;
      }
      files.own(shared, sharedPath);
      resumed = true;
      return new Engine(parts, files);
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
            || newest.sequence() == state.candidateSequence())
        && SharedSoundness.holds(state, shared, newest);
  }

  /// Whether the file has the pages that the head reaches. Those of a store in memory are where
  /// they were stored as long as the file has its length; each is looked at when it is followed.
  private static boolean isWhole(EngineParts parts) {
    return parts.isVolatile()
        ? parts.state.head().fileSizeBytes() <= parts.region.sizeBytes()
        : NewPages.areSound(parts);
  }

  /// Finishes what the dead process was doing, and makes anew what can be.
  private static void complete(EngineParts parts) {
    Successor successor = new Successor(parts);
    successor.completeSpace(true);
    if (!parts.isVolatile() && !successor.hasRoomForVoid()) {
      throw new StoreFullException("no room for a void record in the redo ring");
    }
    successor.endDeadLog();
    parts.state.endTurn(-1, true);
  }
}

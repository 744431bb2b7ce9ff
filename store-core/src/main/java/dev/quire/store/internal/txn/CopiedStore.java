package dev.quire.store.internal.txn;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.MappedRegion;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.region.SharedRegion;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/// A store whose files were copied while it was open: `shm` names another `data` than the one
/// beside it.
///
/// What was copied first may name pages that were used again before they were copied. References
/// show that by their stamps, but the inside of a long value has none. So every page is checked
/// before anything is read of such a store or written to it. The `shm` that tells stays until the
/// store is recovered.
final class CopiedStore {

  private CopiedStore() {}

  /// Whether a `shm` (whole, if it is there) is that of another `data`.
  static boolean isOne(Path sharedPath, SharedIdentity identity, StoreFiles files) {
    if (!Files.exists(sharedPath)) {
      return false;
    }
    MemorySegment header = files.buffers().allocate(SharedHeader.SIZE_BYTES);
    try (MappedRegion shared = MappedRegion.openReadOnly(sharedPath)) {
      return shared.read(0, header, 0, header.byteSize()) == header.byteSize()
          && identity.isOfOtherData(header);
    }
  }

  /// Fails unless every page that the superblock reaches is what it must be.
  static void requireSound(Region region, StoreOptions options, Superblock superblock) {
    try (SharedRegion shared = SharedRegion.temporary(SharedState.FIRST_SIZE_BYTES);
        StoreFiles own = new StoreFiles(Steps.NONE)) {
      SharedState state = new SharedState(shared);
      state.createAreas();
      Engine engine = Recovery.asOfSuperblock(region, options, own, superblock, state);
      NewPages.requireAllSound(engine.parts(), superblock);
    } catch (CorruptPageException e) {
      throw new CorruptPageException(
          new Violation(
              -1,
              "a store that was closed when it was copied",
              "one that was copied while it was written (" + e.getMessage() + "); copy it again"));
    }
  }
}

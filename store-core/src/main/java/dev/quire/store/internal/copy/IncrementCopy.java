package dev.quire.store.internal.copy;

import dev.quire.store.errors.StoreIoException;
import dev.quire.store.internal.format.FileHeader;
import dev.quire.store.internal.format.Increment;
import dev.quire.store.internal.format.IncrementPage;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.FileAccess;
import dev.quire.store.internal.region.FileIdentity;
import dev.quire.store.internal.region.MappedRegion;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.EngineView;
import dev.quire.store.internal.txn.EngineView.Pinned;
import dev.quire.store.internal.txn.NewDataFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.UnaryOperator;

/// What a snapshot of an open store has and earlier backups have not: pages that follow theirs by
/// their numbers, and refer to theirs ([IncrementTree]).
///
/// The backups are read and not changed. The file appears under its name when it is whole and
/// durable.
public final class IncrementCopy {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final CopyState state;
  private final BackupChain chain;
  private final Region region;

  private IncrementCopy(CopyState state, BackupChain chain, Region region) {
    this.state = state;
    this.chain = chain;
    this.region = region;
  }

  /// Makes an increment.
  ///
  /// @param since a store, then increments in the order in which they were made
  /// @return the transaction that it shows
  /// @throws IllegalArgumentException if the backups are not of this store, or one does not build
  ///   on the one before
  public static long toFile(Engine engine, Path target, List<Path> since) {
    return toFile(engine, target, since, UnaryOperator.identity());
  }

  /// @param seam what stands before the new file
  static long toFile(Engine engine, Path target, List<Path> since, UnaryOperator<Region> seam) {
    if (!since.isEmpty() && engine.isOf(since.getFirst())) {
      throw new IllegalArgumentException(
          since.getFirst() + " is the store itself; give a backup of it, in another directory");
    }
    try (BackupChain chain = BackupChain.open(since, engine.options())) {
      requireSameStore(engine.view(), chain, since.getFirst());
      return create(engine, chain, target, seam);
    }
  }

  private static void requireSameStore(EngineView view, BackupChain chain, Path base) {
    Superblock own = view.superblock();
    Superblock other = chain.origin();
    if (own.storeIdHigh() != other.storeIdHigh()
        || own.storeIdLow() != other.storeIdLow()
        || own.pageSizeBytes() != other.pageSizeBytes()
        || own.flags() != other.flags()) {
      throw new IllegalArgumentException(
          base + " is not a backup of this store; begin with a whole one");
    }
  }

  private static long create(
      Engine engine, BackupChain chain, Path target, UnaryOperator<Region> seam) {
    requireNone(target);
    NewDataFile.requireForeign(target);
    Path unfinished = target.resolveSibling(target.getFileName() + ".new");
    Directories.delete(unfinished);
    try (MappedRegion file = MappedRegion.create(unfinished, FileAccess.OWNER)) {
      try {
        long txnId = write(engine, chain, seam.apply(file));
        requireNone(target);
        if (!isAt(unfinished, file)) {
          throw new StoreIoException(
              "something else makes " + target + " at the same time; give another name");
        }
        file.moveTo(target);
        return txnId;
      } catch (RuntimeException | Error e) {
        if (isAt(unfinished, file)) {
          Directories.delete(unfinished);
        }
        throw e;
      }
    }
  }

  /// Whether a name is that of a file: who makes one of the same name replaces what is unfinished.
  private static boolean isAt(Path path, MappedRegion file) {
    return Files.exists(path) && file.identity().isSameFile(FileIdentity.of(path));
  }

  private static void requireNone(Path target) {
    if (Files.exists(target)) {
      throw new StoreIoException(target + " exists already; give a new name");
    }
  }

  private static long write(Engine engine, BackupChain chain, Region region) {
    EngineView view = engine.view();
    Pinned pinned = view.pinState();
    try {
      CopyState state = CopyState.of(view, pinned);
      new IncrementCopy(state, chain, region).run();
      return state.head().txnId();
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(pinned.snapshot(), e);
    } finally {
      pinned.snapshot().end();
    }
  }

  private void run() {
    Superblock origin = state.origin();
    int pageSize = origin.pageSizeBytes();
    long firstPage = chain.endPage();
    try (NativeBuffers memory = new NativeBuffers()) {
      IncrementPages pages =
          new IncrementPages(region, pageSize, firstPage, state.mostPages(), memory);
      IncrementTree.Copying copying =
          new IncrementTree.Copying(state.pages(), chain, origin.checksums(), pages, memory);
      long root =
          IncrementTree.copyCatalogue(copying, state.head().catalogueRef(), chain.catalogueRef());
      MemorySegment header = memory.allocate(pageSize);
      header.fill((byte) 0);
      IncrementPage.write(header, 0, increment(firstPage, pages.count(), root));
      FileHeader.setCrc(header, 0, IncrementFile.crc(header));
      pages.writeFirst(header);
      region.sync(Region.SyncRole.CHECKPOINT);
    }
  }

  private Increment increment(long firstPage, long pages, long root) {
    Superblock origin = state.origin();
    return new Increment(
        origin.pageSizeBytes(),
        origin.flags(),
        origin.storeIdHigh(),
        origin.storeIdLow(),
        origin.createdMillis(),
        1 + RANDOM.nextLong(Long.MAX_VALUE - 1),
        chain.identity(),
        firstPage,
        pages,
        state.head().txnId(),
        root,
        state.stampLimit(),
        state.head().userTerm(),
        state.head().userIndex(),
        state.head().nextTableId());
  }
}

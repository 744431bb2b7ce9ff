package dev.quire.store.internal.copy;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.Increment;
import dev.quire.store.internal.format.Increment.Parent;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.EngineView;
import dev.quire.store.internal.txn.EngineView.Pinned;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A backup that is a store, and increments that build on it, each on the one before: together the
/// pages of one state. The numbers of an increment's pages follow those of what it builds on.
final class BackupChain implements PageReader, AutoCloseable {

  private final Path basePath;
  private final Engine engine;
  private final Pinned base;
  private final List<IncrementFile> increments = new ArrayList<>();

  private BackupChain(Path basePath, Engine engine) {
    this.basePath = basePath;
    this.engine = engine;
    this.base = engine.view().pinState();
  }

  /// Opens backups to read them.
  ///
  /// @param paths a store, then increments in the order in which they were made
  /// @throws IllegalArgumentException if one does not build on the one before, or the store has
  ///   been written to since
  static BackupChain open(List<Path> paths, StoreOptions options) {
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("give the backup to build on");
    }
    StoreOptions reading = options.withReadOnly(true).withCreateIfMissing(false);
    Engine engine = Engine.open(paths.getFirst(), reading);
    BackupChain chain;
    try {
      chain = new BackupChain(paths.getFirst(), engine);
    } catch (RuntimeException | Error e) {
      engine.close();
      throw e;
    }
    try {
      for (Path path : paths.subList(1, paths.size())) {
        chain.add(IncrementFile.open(path));
      }
      return chain;
    } catch (RuntimeException | Error e) {
      chain.close();
      throw e;
    }
  }

  private void add(IncrementFile file) {
    Increment next = file.increment();
    Parent end = identity();
    long endPage = endPage();
    Path before = increments.isEmpty() ? basePath : increments.getLast().path();
    increments.add(file);
    if (!next.isOf(origin())) {
      throw new IllegalArgumentException(
          file.path() + " is an increment of another store than that of " + basePath);
    }
    if (!next.parent().equals(end) || next.firstPage() < endPage) {
      throw new IllegalArgumentException(
          file.path()
              + " does not build on "
              + before
              + ": it needs transaction "
              + next.parent().txnId()
              + ", that is transaction "
              + end.txnId()
              + (next.parent().txnId() == end.txnId() ? " of another backup" : "")
              + "; give the backups in the order in which they were made, and all of them");
    }
  }

  /// What never changes in the store.
  Superblock origin() {
    return engine.view().superblock();
  }

  /// The state that an increment of this chain builds on.
  Parent identity() {
    long id = increments.isEmpty() ? 0 : increments.getLast().increment().id();
    long root = catalogueRef();
    long stamp = root == PageRef.NONE ? 0 : PageLoad.stamp(this, root);
    return new Parent(id, txnId(), root, stamp);
  }

  long catalogueRef() {
    return increments.isEmpty()
        ? base.head().catalogueRef()
        : increments.getLast().increment().catalogueRef();
  }

  private long txnId() {
    return increments.isEmpty() ? base.head().txnId() : increments.getLast().increment().txnId();
  }

  /// First page number behind all pages of the chain.
  long endPage() {
    return increments.isEmpty()
        ? base.snapshot().highWater()
        : increments.getLast().increment().endPage();
  }

  /// The state as a whole.
  CopyState state() {
    EngineView view = engine.view();
    if (increments.isEmpty()) {
      return CopyState.of(view, base);
    }
    Increment last = increments.getLast().increment();
    Head first = base.head();
    Head head =
        new Head(
            last.txnId(),
            last.catalogueRef(),
            last.endPage(),
            last.endPage() * pageSizeBytes(),
            first.lsn(),
            first.chainCrc(),
            first.epoch(),
            last.txnId(),
            last.nextTableId(),
            last.userTerm(),
            last.userIndex());
    return new CopyState(
        this, origin(), origin().ringSizeBytes(), head, last.stampLimit(), last.endPage());
  }

  @Override
  public int pageSizeBytes() {
    return base.snapshot().pageSizeBytes();
  }

  /// The increment that has a page, or null if it is one of the store.
  private @Nullable IncrementFile find(long pageNo) {
    for (int i = increments.size() - 1; i >= 0; i--) {
      Increment increment = increments.get(i).increment();
      if (pageNo >= increment.firstPage()) {
        if (pageNo >= increment.endPage()) {
          throw new CorruptPageException(
              new Violation(pageNo, "a page below " + increment.endPage(), "a reference to it"));
        }
        return increments.get(i);
      }
    }
    return null;
  }

  @Override
  public MemorySegment segmentOf(long ref) {
    IncrementFile file = find(PageRef.pageNo(ref));
    return file == null ? base.snapshot().segmentOf(ref) : file.segment();
  }

  @Override
  public long offsetOf(long ref) {
    long pageNo = PageRef.pageNo(ref);
    IncrementFile file = find(pageNo);
    return file == null ? base.snapshot().offsetOf(ref) : file.offsetOf(ref, pageNo);
  }

  @Override
  public boolean isTruncated() {
    for (IncrementFile file : increments) {
      if (file.isTruncated()) {
        return true;
      }
    }
    return base.snapshot().isTruncated();
  }

  @Override
  public void noteTruncated() {
    base.snapshot().noteTruncated();
  }

  @Override
  public void close() {
    try {
      base.snapshot().end();
      engine.close();
    } finally {
      for (IncrementFile file : increments) {
        file.close();
      }
    }
  }
}

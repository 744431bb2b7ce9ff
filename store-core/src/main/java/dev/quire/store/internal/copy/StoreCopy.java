package dev.quire.store.internal.copy;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.SuperblockPage;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeWalk;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.internal.txn.Catalogue;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.EngineView;
import dev.quire.store.internal.txn.EngineView.Pinned;
import dev.quire.store.internal.txn.NewDataFile;
import dev.quire.store.internal.txn.Snapshot;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/// A snapshot of an open store, written as the data file of a closed one, from its first byte to
/// its last. Writers go on; the snapshot is pinned meanwhile.
///
/// 1. How many pages the tables have stand in their records, so the superblock, which comes first,
///    is known before the first page is read.
/// 2. Superblocks, an empty redo ring, the pages ([TreeCopy]), the space map ([MapImage]).
///
/// Store id, user words and stamps stay what they were; the log and the superblocks begin anew.
public final class StoreCopy {

  private final EngineView view;
  private final Pinned pinned;
  private final NativeBuffers memory;
  private final PageOutput out;

  private StoreCopy(EngineView view, Pinned pinned, CopySink sink, NativeBuffers memory) {
    this.view = view;
    this.pinned = pinned;
    this.memory = memory;
    this.out = new PageOutput(sink, memory);
  }

  /// Writes the copy to a channel.
  ///
  /// @return the transaction that it shows
  public static long toChannel(Engine engine, WritableByteChannel channel) {
    return copy(engine, new ChannelSink(channel));
  }

  /// Makes a store in a directory, which appears there when it is whole and durable.
  ///
  /// @return the transaction that it shows
  public static long toDirectory(Engine engine, Path directory) {
    return toDirectory(engine, directory, UnaryOperator.identity());
  }

  /// @param seam what stands before the new file
  static long toDirectory(Engine engine, Path directory, UnaryOperator<Region> seam) {
    long[] txnId = new long[1];
    NewDataFile.create(
        directory, engine.options(), file -> txnId[0] = copyDurably(engine, seam.apply(file)));
    return txnId[0];
  }

  /// Puts a copy without free pages in the place of a store's file. Nobody may have it open, and
  /// nobody can open it meanwhile; if it fails, the store is what it was.
  public static void inPlace(Path directory, StoreOptions options) {
    inPlace(directory, options, UnaryOperator.identity());
  }

  /// @param seam what stands before the new file
  static void inPlace(Path directory, StoreOptions options, UnaryOperator<Region> seam) {
    Engine resting = NewDataFile.openResting(directory, options);
    try {
      NewDataFile.replace(directory, file -> copyDurably(resting, seam.apply(file)));
    } finally {
      resting.close();
    }
  }

  private static long copyDurably(Engine engine, Region region) {
    long txnId = copy(engine, new RegionSink(region));
    region.sync(Region.SyncRole.CHECKPOINT);
    return txnId;
  }

  private static long copy(Engine engine, CopySink sink) {
    EngineView view = engine.view();
    Pinned pinned = view.pinState();
    Snapshot snapshot = pinned.snapshot();
    try (NativeBuffers memory = new NativeBuffers()) {
      new StoreCopy(view, pinned, sink, memory).run();
      return pinned.head().txnId();
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(snapshot, e);
    } finally {
      snapshot.end();
    }
  }

  private void run() {
    Snapshot snapshot = pinned.snapshot();
    Superblock own = view.superblock();
    long ringSize = view.isVolatile() ? view.options().ringSizeBytes() : own.ringSizeBytes();
    int pageSize = own.pageSizeBytes();
    long firstPage = Superblock.SUPERBLOCK_PAGES + ringSize / pageSize;
    long catalogue = snapshot.catalogueRef();
    long treePages = countPages(catalogue);
    MapImage map = new MapImage(pageSize, firstPage, treePages);
    Superblock target = superblock(map, ringSize, firstPage + treePages - 1, rootStamp(catalogue));
    writeSuperblocks(target);
    out.addRing(ringSize);
    if (catalogue != PageRef.NONE) {
      TreeCopy trees = new TreeCopy(snapshot, target, out, firstPage + treePages, memory);
      long root = trees.copyCatalogue(catalogue);
      if (root != target.catalogueRef()) {
        throw new CorruptPageException(
            new Violation(
                -1,
                treePages + " pages, as the tables' records say",
                trees.nextPage() - firstPage + " pages"));
      }
    }
    map.writeTo(
        out,
        memory.allocate(pageSize),
        new MapImage.Marks(pinned.nextStamp(), target.txnId(), target.checksums()));
    out.flush();
  }

  /// Pages of the catalogue and of everything below.
  private long countPages(long catalogue) {
    Snapshot snapshot = pinned.snapshot();
    if (catalogue == PageRef.NONE) {
      return 0;
    }
    PageCount count = new PageCount();
    TreeWalk.walk(snapshot, catalogue, count);
    TreeCursor cursor = new TreeCursor(snapshot);
    ValueSlot slot = new ValueSlot();
    cursor.open(catalogue);
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      cursor.value(slot);
      TableRecord table = Catalogue.decode(slot);
      count.pages += table.leafPages() + table.branchPages() + table.overflowPages();
    }
    MappedFaults.settle(snapshot);
    long most = snapshot.highWater();
    if (count.pages < 0 || count.pages > most) {
      throw new CorruptPageException(
          new Violation(-1, "tables with at most " + most + " pages", count.pages + " pages"));
    }
    return count.pages;
  }

  /// Counts the pages of a tree.
  private static final class PageCount implements TreeWalk.Visitor {
    private long pages;

    @Override
    public boolean page(long ref, MemorySegment segment, long page, int depth) {
      pages++;
      return true;
    }

    @Override
    public void run(long ref, long lengthBytes) {
      throw new CorruptPageException(
          new Violation(PageRef.pageNo(ref), "table names and records without a run", "one"));
    }
  }

  private static long rootStamp(long catalogue) {
    return PageRef.stampBits(catalogue);
  }

  private Superblock superblock(MapImage map, long ringSize, long rootPage, long rootStamp) {
    Superblock own = view.superblock();
    Head head = pinned.head();
    boolean empty = head.catalogueRef() == PageRef.NONE;
    return new Superblock(
        own.pageSizeBytes(),
        own.flags(),
        own.storeIdHigh(),
        own.storeIdLow(),
        own.createdMillis(),
        1,
        head.txnId(),
        empty ? PageRef.NONE : PageRef.of(rootPage, rootStamp),
        map.rootRef(pinned.nextStamp()),
        map.levels(),
        map.highWater(),
        map.highWater() * own.pageSizeBytes(),
        ringSize,
        0,
        0,
        1,
        pinned.nextStamp() + map.pages() + EngineView.STAMP_RESERVE,
        head.userTerm(),
        head.userIndex(),
        head.nextTableId());
  }

  /// Both slots with the same state: each page that a checker looks at is there.
  private void writeSuperblocks(Superblock first) {
    Superblock second = first.withStamps(first.sequence() + 1, first.stampLimit());
    writeSlot(second);
    writeSlot(first);
  }

  private void writeSlot(Superblock b) {
    MemorySegment page = memory.allocate(b.pageSizeBytes());
    page.fill((byte) 0);
    SuperblockPage.write(page, 0, b);
    int length = SuperblockPage.SIZE_BYTES - SuperblockPage.CRC_START;
    SuperblockPage.setCrc(page, 0, new Checksum().of(page, SuperblockPage.CRC_START, length));
    out.add(page, 0, b.pageSizeBytes());
    out.add(page, 0, b.pageSizeBytes());
  }
}

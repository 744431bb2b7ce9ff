package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.LockRecord;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.SuperblockPage;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeWalk;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.EngineActivity;
import dev.quire.store.internal.txn.EngineView;
import dev.quire.store.internal.txn.Snapshot;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Looks into a store for the command line: what its superblocks, pages and trees are, and who uses
/// it. Everything is told in plain types, so that who looks needs no class of the engine.
public final class Inspector implements AutoCloseable {

  private static final byte[] LOCKS = "quire.locks".getBytes(StandardCharsets.UTF_8);

  private final Engine engine;
  private final EngineView view;

  private Inspector(Engine engine) {
    this.engine = engine;
    this.view = engine.view();
  }

  /// Opens a store that exists.
  ///
  /// @param options as another user of this process has it open with, if one has
  public static Inspector open(Path directory, StoreOptions options) {
    return new Inspector(Engine.open(directory, options));
  }

  /// What never changes in a store.
  ///
  /// @param id its random identity, in hexadecimal
  /// @param ringSizeBytes of the redo ring; 0 of one in memory
  public record Facts(
      String id,
      int formatVersion,
      long createdMillis,
      int pageSizeBytes,
      boolean checksums,
      long ringOffsetBytes,
      long ringSizeBytes,
      long firstPage,
      boolean isVolatile) {}

  /// What never changes in the store.
  public Facts facts() {
    Superblock block = view.superblock();
    return new Facts(
        Long.toHexString(block.storeIdHigh()) + Long.toHexString(block.storeIdLow()),
        SuperblockPage.FORMAT_VERSION,
        block.createdMillis(),
        block.pageSizeBytes(),
        block.checksums(),
        block.ringOffsetBytes(),
        view.isVolatile() ? 0 : block.ringSizeBytes(),
        block.firstPage(),
        view.isVolatile());
  }

  /// A snapshot that is read.
  ///
  /// @param sinceMillis 0 if it was not noted
  /// @param pid 0 if its process has just gone
  /// @param pinnedBytes replaced pages that it needs
  public record Reader(
      long txnId, long sinceMillis, int slot, long pid, String host, long pinnedBytes) {}

  /// All snapshots that are read now.
  public List<Reader> readers() {
    List<Reader> readers = new ArrayList<>();
    for (EngineActivity.Pin pin : view.pins()) {
      EngineActivity.OldestReader reader = pin.reader();
      EngineActivity.Name process = reader.process();
      readers.add(
          new Reader(
              reader.txnId(),
              reader.sinceMillis(),
              process == null ? -1 : process.slot(),
              process == null ? 0 : process.pid(),
              process == null ? "" : process.host(),
              pin.pinnedPages() * view.superblock().pageSizeBytes()));
    }
    return readers;
  }

  /// Who has the writer's turn, or had it last, in words.
  public String turn() {
    return view.describeTurn();
  }

  /// A named lock.
  ///
  /// @param pid of its holder, 0 if it is free
  /// @param taken how often it was taken
  public record Lock(String name, long pid, String host, long taken) {}

  /// All named locks that were ever used.
  public List<Lock> locks() {
    return SnapshotLook.of(
        engine,
        snapshot -> {
          List<Lock> locks = new ArrayList<>();
          TableRecord table = snapshot.findTable(LOCKS);
          if (table == null || table.rootRef() == PageRef.NONE) {
            return locks;
          }
          TreeCursor cursor = new TreeCursor(snapshot);
          cursor.open(table.rootRef());
          ValueSlot slot = new ValueSlot();
          for (boolean more = cursor.first(); more; more = cursor.next()) {
            byte[] name = new byte[cursor.keyLength()];
            cursor.copyKey(name);
            cursor.value(slot);
            LockRecord record = LockRecord.read(slot.segment, slot.offset);
            EngineActivity.Name holder = view.findProcess(record.owner(), record.startMillis());
            locks.add(
                new Lock(
                    new String(name, StandardCharsets.UTF_8),
                    holder == null ? 0 : holder.pid(),
                    holder == null ? "" : holder.host(),
                    record.fence()));
          }
          return locks;
        });
  }

  /// What a page is used for.
  public enum Use {
    FREE,
    SUPERBLOCK,
    RING,
    /// Of the space map, or replaced and not free yet, or just being written.
    OTHER,
    LEAF,
    BRANCH,
    OVERFLOW
  }

  /// One level of a tree.
  ///
  /// @param level 0 of leaves
  /// @param entries of leaves; of branches their children
  /// @param usedBytes of the pages, the rest of them is empty
  public record Level(int level, long pages, long entries, long usedBytes) {}

  /// A tree: a table, or the catalogue, which is called `quire.catalogue`.
  ///
  /// @param levels from the root down
  /// @param overflowBytes of long values and keys, in `overflowPages`
  public record Tree(
      String name, long entries, List<Level> levels, long overflowPages, long overflowBytes) {}

  /// Where everything is.
  ///
  /// @param txnId the transaction that is shown
  /// @param uses the use of each page
  /// @param owners index into `trees` of the tree of each page, -1 if it is of none
  /// @param trees in the order of their names
  public record SpaceMap(long txnId, Use[] uses, short[] owners, List<Tree> trees) {}

  /// Walks all trees of the newest transaction.
  public SpaceMap map() {
    return SnapshotLook.of(engine, snapshot -> new MapWalk(snapshot, view).walk());
  }

  /// What is in a page.
  ///
  /// @param image its bytes, fewer at the end of the file
  /// @param parts what they mean, in their order
  public record Page(long pageNo, String kind, byte[] image, List<Part> parts) {}

  /// Some bytes of a page that mean something.
  public record Part(int offset, int length, String name, String value) {}

  /// Looks at a page.
  ///
  /// @throws IllegalArgumentException if the file has no such page
  public Page page(long pageNo) {
    int size = view.superblock().pageSizeBytes();
    if (pageNo < 0 || pageNo >= view.fileSizeBytes() / size) {
      throw new IllegalArgumentException(
          "page " + pageNo + ": the file has pages 0 to " + (view.fileSizeBytes() / size - 1));
    }
    try (NativeBuffers memory = new NativeBuffers()) {
      MemorySegment page = memory.allocate(size + 64L);
      view.read(pageNo * size, page, 0, size);
      return new PageText(view.superblock(), page, size).describe(pageNo, view.isVolatile());
    }
  }

  /// One walk through all trees.
  private static final class MapWalk implements TreeWalk.Visitor {

    private final Snapshot snapshot;
    private final Use[] uses;
    private final short[] owners;
    private final List<Tree> trees = new ArrayList<>();
    private final long pageSizeBytes;
    private long[][] levels = {};
    private long overflowPages;
    private long overflowBytes;

    MapWalk(Snapshot snapshot, EngineView view) {
      this.snapshot = snapshot;
      this.pageSizeBytes = view.superblock().pageSizeBytes();
      int pages = Math.toIntExact(snapshot.highWater());
      this.uses = new Use[pages];
      this.owners = new short[pages];
      Arrays.fill(owners, (short) -1);
      long first = Math.min(pages, view.superblock().firstPage());
      for (int page = 0; page < first; page++) {
        uses[page] = page < Superblock.SUPERBLOCK_PAGES ? Use.SUPERBLOCK : Use.RING;
      }
      for (int page = (int) first; page < pages; page++) {
        uses[page] = view.isUsed(page) ? Use.OTHER : Use.FREE;
      }
    }

    SpaceMap walk() {
      add("quire.catalogue", 0, snapshot.catalogueRef());
      SnapshotLook.tables(
          snapshot, (name, record) -> add(name, record.entries(), record.rootRef()));
      return new SpaceMap(snapshot.txnId(), uses, owners, List.copyOf(trees));
    }

    private void add(String name, long entries, long rootRef) {
      levels = new long[0][];
      overflowPages = 0;
      overflowBytes = 0;
      TreeWalk.walk(snapshot, rootRef, this);
      List<Level> found = new ArrayList<>();
      for (int depth = 0; depth < levels.length; depth++) {
        long[] level = levels[depth];
        found.add(new Level(levels.length - 1 - depth, level[0], level[1], level[2]));
      }
      trees.add(new Tree(name, entries, found, overflowPages, overflowBytes));
    }

    @Override
    public boolean page(long ref, MemorySegment segment, long page, int depth) {
      long shape = PageHeader.shape(segment, page);
      if (depth == levels.length) {
        levels = Arrays.copyOf(levels, depth + 1);
        levels[depth] = new long[3];
      }
      boolean leaf = PageHeader.level(shape) == 0;
      levels[depth][0]++;
      levels[depth][1] += PageHeader.count(shape) + (leaf ? 0 : 1);
      levels[depth][2] += PageExtent.lowEnd(shape) + PageHeader.heapBytes(shape);
      mark(PageRef.pageNo(ref), 1, leaf ? Use.LEAF : Use.BRANCH);
      return true;
    }

    @Override
    public void run(long ref, long lengthBytes) {
      long pages = OverflowPage.pages(lengthBytes, (int) pageSizeBytes);
      overflowPages += pages;
      overflowBytes += lengthBytes;
      mark(PageRef.pageNo(ref), pages, Use.OVERFLOW);
    }

    private void mark(long pageNo, long count, Use use) {
      for (long page = pageNo; page < pageNo + count && page < uses.length; page++) {
        uses[(int) page] = use;
        owners[(int) page] = (short) trees.size();
      }
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}

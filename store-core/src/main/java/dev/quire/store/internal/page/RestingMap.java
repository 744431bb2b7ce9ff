package dev.quire.store.internal.page;

import dev.quire.store.internal.format.MapPage;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// The space map of the durable superblock: which pages hold it, and how the next one is made.
///
/// The map at rest has a bit for every page that its snapshot reaches, and for its own pages. It is
/// a tree of fixed shape, written copy-on-write: a new map has new pages for the leaves that
/// changed and for all index pages, and keeps the others. Where a page of the new map comes to lie,
/// or one of the old map lay, the leaf with its bit changes too; [#plan] adds leaves until nothing
/// is missing. It and [#fillFresh] take time in proportion to the number of leaves.
///
/// An object is one map: all its page references. It is immutable but for [#plan] of its successor.
public final class RestingMap {

  /// Gives a page of the new map its number and stamp.
  @FunctionalInterface
  public interface NewPages {
    /// @return a reference to a page that nothing refers to
    long allocate();
  }

  private final int pageSizeBytes;
  private final long bitsPerLeaf;
  private final long[][] levels;
  private final boolean[][] fresh;
  private final long looks;

  private RestingMap(int pageSizeBytes, long[][] levels, boolean[][] fresh, long looks) {
    this.pageSizeBytes = pageSizeBytes;
    this.bitsPerLeaf = MapPage.bitsPerLeaf(pageSizeBytes);
    this.levels = levels;
    this.fresh = fresh;
    this.looks = looks;
  }

  /// The map of a store without pages.
  public static RestingMap empty(int pageSizeBytes) {
    return new RestingMap(pageSizeBytes, new long[][] {{PageRef.NONE}}, new boolean[1][1], 0);
  }

  /// Reads the references of a map at rest.
  public static RestingMap load(PageReader pages, long rootRef, int levelCount) {
    int size = pages.pageSizeBytes();
    int fanOut = MapPage.refsPerIndex(size);
    long[][] levels = new long[levelCount][];
    levels[levelCount - 1] = new long[] {rootRef};
    for (int level = levelCount - 2; level >= 0; level--) {
      long[] above = levels[level + 1];
      levels[level] = new long[above.length * fanOut];
      for (int i = 0; i < above.length; i++) {
        if (above[i] != PageRef.NONE) {
          readIndex(pages, above[i], levels[level], i * fanOut);
        }
      }
      levels[level] = trimmed(levels[level]);
    }
    boolean[][] fresh = new boolean[levelCount][];
    for (int level = 0; level < levelCount; level++) {
      fresh[level] = new boolean[levels[level].length];
    }
    return new RestingMap(size, levels, fresh, 0);
  }

  /// Without the references to nothing at the end: an index page has room for more than there is.
  private static long[] trimmed(long[] refs) {
    int length = refs.length;
    while (length > 1 && refs[length - 1] == PageRef.NONE) {
      length--;
    }
    return Arrays.copyOf(refs, length);
  }

  private static void readIndex(PageReader pages, long ref, long[] target, int first) {
    MemorySegment s = pages.segmentOf(ref);
    long page = pages.offsetOf(ref);
    if (PageHeader.typeCode(PageHeader.shape(s, page)) != PageType.MAP_INDEX.code()) {
      int type = PageHeader.typeCode(PageHeader.shape(s, page));
      throw PageHeader.corrupt(s, page, "an index page of the space map", "type " + type);
    }
    for (int i = 0; i < MapPage.refsPerIndex(pages.pageSizeBytes()); i++) {
      target[first + i] = MapPage.ref(s, page, i);
    }
  }

  /// The map's root, or [PageRef#NONE].
  public long rootRef() {
    return levels[levels.length - 1][0];
  }

  public int levelCount() {
    return levels.length;
  }

  /// Reference to the leaf with this index, or [PageRef#NONE] if all its bits are zero.
  public long leafRef(int leaf) {
    return leaf < levels[0].length ? levels[0][leaf] : PageRef.NONE;
  }

  /// Number of leaves that there may be.
  public int leafCount() {
    return levels[0].length;
  }

  /// Calls `visitor` with every page of the map.
  public void forEach(LongConsumer visitor) {
    for (long[] level : levels) {
      for (long ref : level) {
        if (ref != PageRef.NONE) {
          visitor.accept(PageRef.pageNo(ref));
        }
      }
    }
  }

  /// Calls `visitor` with every page of this map that `other` does not have.
  public void forEachNotIn(RestingMap other, LongConsumer visitor) {
    for (int level = 0; level < levels.length; level++) {
      for (int i = 0; i < levels[level].length; i++) {
        long ref = levels[level][i];
        if (ref != PageRef.NONE && other.refAt(level, i) != ref) {
          visitor.accept(PageRef.pageNo(ref));
        }
      }
    }
  }

  private long refAt(int level, int index) {
    return level < levels.length && index < levels[level].length
        ? levels[level][index]
        : PageRef.NONE;
  }

  /// Plans the map that follows this one: which leaves it writes anew and where.
  ///
  /// @param changed what changed since this map was made
  /// @param highWater first page number that the new map need not cover; called again after each
  ///   allocation
  public RestingMap plan(SpaceMap changed, LongSupplier highWater, NewPages newPages) {
    return new Planning(changed, highWater, newPages).plan();
  }

  /// The making of the next map. Leaves that it must write wait in a queue; where a page of the old
  /// or the new map lies, the leaf with its bit is put there. Each page is looked at once.
  private final class Planning {
    private final SpaceMap changed;
    private final LongSupplier highWater;
    private final NewPages newPages;
    private long[] leaves = new long[0];
    private boolean[] freshLeaves = new boolean[0];
    private long[] indexPages = new long[0];

    /// The leaves that are fresh, in the order in which they are written.
    private int[] queue = new int[0];

    private int queued;
    private long looks;

    Planning(SpaceMap changed, LongSupplier highWater, NewPages newPages) {
      this.changed = changed;
      this.highWater = highWater;
      this.newPages = newPages;
    }

    RestingMap plan() {
      reach();
      for (int next = 0; next < queued || indexPages.length < neededIndexPages(); ) {
        if (next < queued) {
          int leaf = queue[next++];
          look(leaves[leaf]);
          leaves[leaf] = allocate();
        } else {
          long page = allocate();
          indexPages = Arrays.copyOf(indexPages, indexPages.length + 1);
          indexPages[indexPages.length - 1] = page;
        }
      }
      return assemble(leaves, freshLeaves, indexPages, looks);
    }

    private int neededIndexPages() {
      return countIndexPages(leaves.length);
    }

    private long allocate() {
      long ref = newPages.allocate();
      reach();
      look(ref);
      return ref;
    }

    /// Covers all pages that there are. A file that was cut needs fewer leaves than before.
    private void reach() {
      int before = leaves.length;
      int count = leafCount(highWater.getAsLong());
      if (before > 0 && count <= before) {
        return;
      }
      leaves = Arrays.copyOf(before == 0 ? levels[0] : leaves, count);
      freshLeaves = Arrays.copyOf(freshLeaves, count);
      queue = Arrays.copyOf(queue, count);
      for (int leaf = before; leaf < count; leaf++) {
        if (changed.isChanged(leaf)) {
          write(leaf);
        }
      }
      for (int leaf = count; leaf < levels[0].length; leaf++) {
        look(levels[0][leaf]);
      }
      for (int level = 1; level < levels.length; level++) {
        for (long ref : levels[level]) {
          look(ref);
        }
      }
    }

    /// A page of the old or the new map: its bit is another in the new map.
    private void look(long ref) {
      looks++;
      if (ref != PageRef.NONE && PageRef.pageNo(ref) / bitsPerLeaf < leaves.length) {
        write((int) (PageRef.pageNo(ref) / bitsPerLeaf));
      }
    }

    private void write(int leaf) {
      if (!freshLeaves[leaf]) {
        freshLeaves[leaf] = true;
        queue[queued++] = leaf;
      }
    }
  }

  private int leafCount(long highWater) {
    return (int) Math.max(1, (highWater + bitsPerLeaf - 1) / bitsPerLeaf);
  }

  private int countIndexPages(int leafCount) {
    int total = 0;
    int width = leafCount;
    while (width > 1) {
      width =
          (width + MapPage.refsPerIndex(pageSizeBytes) - 1) / MapPage.refsPerIndex(pageSizeBytes);
      total += width;
    }
    return total;
  }

  private RestingMap assemble(long[] leaves, boolean[] freshLeaves, long[] indexPages, long looks) {
    int fanOut = MapPage.refsPerIndex(pageSizeBytes);
    int levelCount = MapPage.levels(leaves.length, pageSizeBytes);
    long[][] newLevels = new long[levelCount][];
    boolean[][] newFresh = new boolean[levelCount][];
    newLevels[0] = leaves;
    newFresh[0] = freshLeaves;
    int used = 0;
    for (int level = 1; level < levelCount; level++) {
      int width = (newLevels[level - 1].length + fanOut - 1) / fanOut;
      newLevels[level] = Arrays.copyOfRange(indexPages, used, used + width);
      newFresh[level] = new boolean[width];
      Arrays.fill(newFresh[level], true);
      used += width;
    }
    return new RestingMap(pageSizeBytes, newLevels, newFresh, looks);
  }

  /// How many references were looked at to plan this map.
  long looks() {
    return looks;
  }

  /// Number of pages that a new map has to write.
  public int freshCount() {
    int count = 0;
    for (boolean[] level : fresh) {
      for (boolean isFresh : level) {
        count += isFresh ? 1 : 0;
      }
    }
    return count;
  }

  /// What filling the new pages hands over.
  @FunctionalInterface
  public interface Target {
    /// @param ref of the page to write
    /// @param at offset of its image in the memory that was given to [#fillFresh(SpaceMap,
    ///   MemorySegment, Target)]
    void filled(long ref, long at);
  }

  /// Fills the images of all new pages: leaves from the live bits and the map's own pages, then the
  /// index pages.
  ///
  /// @param images zeroed memory for [#freshCount] pages
  public void fillFresh(SpaceMap live, MemorySegment images, Target target) {
    long[] leafImages = new long[levels[0].length];
    long at = 0;
    for (int leaf = 0; leaf < leafImages.length; leaf++) {
      leafImages[leaf] = -1;
      if (fresh[0][leaf]) {
        PageHeader.init(images, at, PageType.MAP_LEAF, 0);
        fillLeaf(live, leaf, images, at);
        leafImages[leaf] = at;
        at += pageSizeBytes;
      }
    }
    forEach(
        pageNo -> {
          long image = leafImages[(int) (pageNo / bitsPerLeaf)];
          if (image >= 0) {
            MapPage.setBit(images, image, (int) (pageNo % bitsPerLeaf));
          }
        });
    for (int level = 1; level < levels.length; level++) {
      for (int i = 0; i < levels[level].length; i++) {
        if (fresh[level][i]) {
          PageHeader.init(images, at, PageType.MAP_INDEX, level);
          fillIndex(level, i, images, at);
          at += pageSizeBytes;
        }
      }
    }
    tell(target);
  }

  private void tell(Target target) {
    long at = 0;
    for (int level = 0; level < levels.length; level++) {
      for (int i = 0; i < levels[level].length; i++) {
        if (fresh[level][i]) {
          target.filled(levels[level][i], at);
          at += pageSizeBytes;
        }
      }
    }
  }

  private void fillLeaf(SpaceMap live, int leaf, MemorySegment images, long at) {
    int words = (int) (bitsPerLeaf / Long.SIZE);
    for (int word = 0; word < words; word++) {
      MapPage.setWord(images, at, word, live.liveWord((long) leaf * words + word));
    }
  }

  private void fillIndex(int level, int index, MemorySegment images, long at) {
    int fanOut = MapPage.refsPerIndex(pageSizeBytes);
    for (int i = 0; i < fanOut; i++) {
      MapPage.setRef(images, at, i, refAt(level - 1, index * fanOut + i));
    }
  }
}

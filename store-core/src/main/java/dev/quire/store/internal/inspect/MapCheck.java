package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.MapPage;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.RestingMap;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The space map at rest: its pages, and the bits in them. Its pages are used again as soon as a
/// later checkpoint replaced them, so it is read while nothing is brought to rest.
final class MapCheck {

  private final PageFile file;
  private final Findings findings;
  private final Superblock superblock;
  private final long nextStamp;
  private final int wordsPerLeaf;
  private final PageBits pages;
  private final PageBits marked;
  private final MemorySegment[] images;

  /// @param superblock the durable one
  /// @param nextStamp every stamp is below
  MapCheck(PageFile file, Superblock superblock, long nextStamp) {
    this.file = file;
    this.findings = file.findings();
    this.superblock = superblock;
    this.nextStamp = nextStamp;
    this.wordsPerLeaf = (int) (MapPage.bitsPerLeaf(file.pageSizeBytes()) / Long.SIZE);
    this.pages = new PageBits(superblock.highWaterPage());
    this.marked = new PageBits(superblock.highWaterPage());
    this.images = new MemorySegment[superblock.mapLevels()];
    Arrays.fill(images, MemorySegment.NULL);
  }

  /// The pages of the map.
  PageBits pages() {
    return pages;
  }

  /// The pages that the map says are in use.
  PageBits marked() {
    return marked;
  }

  /// Reads the whole map.
  ///
  /// @param resting the same map, as the engine keeps it
  void check(RestingMap resting) {
    if (superblock.mapRef() != PageRef.NONE) {
      visit(-1, superblock.mapRef(), images.length - 1, 0);
    }
    long[] known = {0};
    resting.forEach(
        pageNo -> {
          known[0]++;
          if (!pages.contains(pageNo)) {
            findings.violation(pageNo, "a page of the space map at rest", "none");
          }
        });
    if (known[0] != pages.count()) {
      findings.violation(
          known[0] + " pages of the space map at rest", Long.toString(pages.count()));
    }
  }

  private void visit(long holder, long ref, int level, long index) {
    long pageNo = PageRef.pageNo(ref);
    if (PageRef.isScratch(ref)
        || pageNo < superblock.firstPage()
        || pageNo >= superblock.highWaterPage()) {
      findings.violation(holder, "a reference to a page of the space map", Long.toHexString(ref));
      return;
    }
    if (pages.add(pageNo, 1) >= 0) {
      findings.violation(
          pageNo, "one reference to the page of the space map", "another one from page " + holder);
      return;
    }
    if (images[level].byteSize() == 0) {
      images[level] = file.newPage();
    }
    MemorySegment page = images[level];
    if (!file.load(ref, page) || !checkHeader(pageNo, page, level)) {
      return;
    }
    file.checkCrc(pageNo, page);
    if (level == 0) {
      readLeaf(pageNo, page, index);
      return;
    }
    int fanOut = MapPage.refsPerIndex(file.pageSizeBytes());
    for (int i = 0; i < fanOut; i++) {
      long below = MapPage.ref(page, 0, i);
      if (below != PageRef.NONE) {
        visit(pageNo, below, level - 1, index * fanOut + i);
      }
    }
  }

  private boolean checkHeader(long pageNo, MemorySegment page, int level) {
    long birth = PageHeader.birth(page, 0);
    if (birth <= 0 || birth > superblock.txnId()) {
      findings.violation(pageNo, "a birth from 1 to " + superblock.txnId(), "birth " + birth);
    }
    long stamp = PageHeader.stamp(page, 0);
    if (stamp <= 0 || stamp >= nextStamp) {
      findings.violation(pageNo, "a stamp from 1 to " + (nextStamp - 1), "stamp " + stamp);
    }
    long shape = PageHeader.shape(page, 0);
    int type = (level == 0 ? PageType.MAP_LEAF : PageType.MAP_INDEX).code();
    int found = PageHeader.typeCode(shape);
    if (found != type || PageHeader.level(shape) != level) {
      findings.violation(
          pageNo,
          PageKinds.name(type) + " of level " + level,
          PageKinds.name(found) + " of level " + PageHeader.level(shape));
      return false;
    }
    findings.pages(PageKinds.name(type), 1);
    return true;
  }

  private void readLeaf(long pageNo, MemorySegment page, long leaf) {
    for (int i = 0; i < wordsPerLeaf; i++) {
      long bits = MapPage.word(page, 0, i);
      long index = leaf * wordsPerLeaf + i;
      if (index < marked.wordCount()) {
        marked.setWord((int) index, bits);
      } else if (bits != 0) {
        findings.violation(
            pageNo,
            "no bit for pages from " + superblock.highWaterPage() + " on",
            "bits for pages from " + index * Long.SIZE + " on");
      }
    }
  }
}

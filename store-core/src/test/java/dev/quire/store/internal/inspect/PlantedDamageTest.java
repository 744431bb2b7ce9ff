package dev.quire.store.internal.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.BranchPage;
import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.IntegerLeafPage;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.MapPage;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.inspect.StoreImage.Page;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: each kind of damage is found, and the page is named.
///
/// Method: one thing is changed in the file of a closed store; where a checksum would already give
/// it away, the checksum is made right again, so that the check that looks closer must find it.
class PlantedDamageTest {

  private static final int PAGE_NO = 4;
  private static final int STAMP = 8;
  private static final int BIRTH = 16;
  private static final int TYPE = 24;
  private static final int LEVEL = 25;
  private static final int COUNT = 26;
  private static final int PREFIX_LENGTH = 28;
  private static final int HEAP_BYTES = 30;

  @TempDir private Path parent;

  private DamagedStore store;
  private StoreImage image;
  private Page leaf;
  private Page branch;

  @BeforeEach
  void makeStore() {
    store = new DamagedStore(parent);
    image = store.image();
    leaf = image.pages(DamagedStore.TEXT, 0).get(5);
    branch = image.pages(DamagedStore.TEXT, 1).get(1);
  }

  private void assertFound(Page page, String expected) {
    store.assertFound(image, page.number, expected);
  }

  private void assertFoundSealed(Page page, String expected) {
    page.seal();
    assertFound(page, expected);
  }

  private long offsets(Page page) {
    return PageHeader.SIZE_BYTES + PageHeader.prefixLength(page.shape()) + page.count();
  }

  private long leafHeads(Page page) {
    return LeafPage.heads(0, page.shape());
  }

  @Test
  void check_undamaged_isClean() {
    assertEquals(3, image.table(DamagedStore.TEXT).depth());
    assertEquals(List.of(), store.check(image));
  }

  // -- identity -----------------------------------------------------------------------------------

  @Test
  void check_flippedByte_isFound() {
    leaf.setU8(image.pageSizeBytes() - 1, leaf.u8(image.pageSizeBytes() - 1) ^ 1);
    assertFound(leaf, "checksum");
  }

  @Test
  void check_missingChecksum_isFound() {
    leaf.setU8(TYPE, leaf.u8(TYPE) & 0x7F);
    assertFound(leaf, "a page with a checksum");
  }

  @Test
  void check_wrongPageNumber_isFound() {
    leaf.setU32(PAGE_NO, (int) leaf.number + 1);
    assertFoundSealed(leaf, "page number");
  }

  @Test
  void check_pageOfAnotherTime_isFound() {
    leaf.setU64(STAMP, leaf.u64(STAMP) - 1);
    assertFoundSealed(leaf, "stamp");
  }

  @Test
  void check_stampNeverGiven_isFound() {
    leaf.setU64(STAMP, leaf.u64(STAMP) + (1L << 31));
    assertFoundSealed(leaf, "a stamp from 1 to");
  }

  @Test
  void check_birthAfterTheSnapshot_isFound() {
    leaf.setU64(BIRTH, leaf.u64(BIRTH) + 1_000);
    assertFoundSealed(leaf, "a birth from 1 to");
  }

  @Test
  void check_zeroedPage_isFound() {
    for (int i = 0; i < image.pageSizeBytes(); i += 8) {
      leaf.setU64(i, 0);
    }
    assertFound(leaf, "page number 0");
  }

  // -- frame --------------------------------------------------------------------------------------

  @Test
  void check_wrongType_isFound() {
    leaf.setU8(TYPE, leaf.u8(TYPE) & 0x80 | IntegerLeafPage.TYPE_CODE);
    assertFoundSealed(leaf, "leaf of level 0");
  }

  @Test
  void check_unknownType_isFound() {
    branch.setU8(TYPE, leaf.u8(TYPE) & 0x80 | 99);
    assertFoundSealed(branch, "type 99");
  }

  @Test
  void check_wrongLevel_isFound() {
    branch.setU8(LEVEL, 2);
    assertFoundSealed(branch, "branch of level 1");
  }

  @Test
  void check_emptyLeaf_isFound() {
    leaf.setU16(COUNT, 0);
    assertFoundSealed(leaf, "a page with entries");
  }

  @Test
  void check_oneEntryLess_isFound() {
    leaf.setU16(COUNT, leaf.count() - 1);
    assertFoundSealed(leaf, "cell");
  }

  @Test
  void check_moreEntriesThanFit_isFound() {
    leaf.setU16(COUNT, 60_000);
    assertFoundSealed(leaf, "arrays and cells that fit a page");
  }

  @Test
  void check_longPrefix_isFound() {
    leaf.setU16(PREFIX_LENGTH, 1_000);
    assertFoundSealed(leaf, "a prefix of at most");
  }

  @Test
  void check_heapLargerThanPage_isFound() {
    leaf.setU16(HEAP_BYTES, 0xFFFF);
    assertFound(leaf, "arrays and cells that fit a page");
  }

  @Test
  void check_heapWithHole_isFound() {
    leaf.setU16(HEAP_BYTES, PageHeader.heapBytes(leaf.shape()) + 8);
    assertFoundSealed(leaf, "behind the one before");
  }

  @Test
  void check_cellOutsideTheHeap_isFound() {
    leaf.setU16(offsets(leaf), 40);
    assertFoundSealed(leaf, "cell 0 between");
  }

  @Test
  void check_twoEntriesWithOneCell_isFound() {
    leaf.setU16(offsets(leaf), leaf.u16(offsets(leaf) + 2));
    assertFoundSealed(leaf, "behind the one before");
  }

  @Test
  void check_cellThatLeavesThePage_isFound() {
    int last = image.pageSizeBytes();
    for (int i = 0; i < leaf.count(); i++) {
      int cell = leaf.u16(offsets(leaf) + 2L * i);
      last = cell > last || last == image.pageSizeBytes() ? cell : last;
    }
    leaf.setU8(last, 0xFE);
    leaf.setU8(last + 1, 0x7E);
    assertFoundSealed(leaf, "between");
  }

  // -- keys ---------------------------------------------------------------------------------------

  @Test
  void check_wrongFingerprint_isFound() {
    long at = offsets(leaf) - leaf.count() + 3;
    leaf.setU8(at, leaf.u8(at) ^ 0x10);
    assertFoundSealed(leaf, "fingerprint 3");
  }

  @Test
  void check_wrongHead_isFound() {
    long at = leafHeads(leaf) + 4L * 2;
    leaf.setU32(at, leaf.u32(at) + 1);
    assertFoundSealed(leaf, "head 2");
  }

  @Test
  void check_keysOutOfOrder_isFound() {
    int cell = leaf.u16(offsets(leaf));
    leaf.setU16(offsets(leaf), leaf.u16(offsets(leaf) + 2));
    leaf.setU16(offsets(leaf) + 2, cell);
    assertFoundSealed(leaf, "key 1 greater than");
  }

  @Test
  void check_wrongPrefix_isFound() {
    assertTrue(PageHeader.prefixLength(leaf.shape()) > 0);
    leaf.setU8(PageHeader.SIZE_BYTES, 'z');
    assertFoundSealed(leaf, "key 0 less than");
  }

  @Test
  void check_leavesExchanged_isFound() {
    long first = ChildRefs.get(branch.segment(), branch.at, branch.shape(), 1);
    long second = ChildRefs.get(branch.segment(), branch.at, branch.shape(), 2);
    ChildRefs.set(branch.segment(), branch.at, branch.shape(), 1, second);
    ChildRefs.set(branch.segment(), branch.at, branch.shape(), 2, first);
    branch.seal();
    store.assertFound(image, PageRef.pageNo(first), "from 0x");
    store.assertFound(image, PageRef.pageNo(second), "less than 0x");
  }

  @Test
  void check_wrongHint_isFound() {
    long at = BranchPage.heads(0, branch.shape()) - 4L * BranchPage.HINTS;
    branch.setU32(at, branch.u32(at) ^ 1);
    assertFoundSealed(branch, "hint 0");
  }

  @Test
  void check_separatorsOutOfOrder_isFound() {
    long at = BranchPage.heads(0, branch.shape());
    branch.setU32(at + 4, branch.u32(at) - 1);
    assertFoundSealed(branch, "key 1 greater than");
  }

  @Test
  void check_integersOutOfOrder_isFound() {
    Page numbers = image.pages(DamagedStore.NUMBERS, 0).get(1);
    long key = numbers.u64(PageHeader.SIZE_BYTES);
    numbers.setU64(PageHeader.SIZE_BYTES + 8, key);
    assertFoundSealed(numbers, "key 1 greater than");
  }

  @Test
  void check_integerOutOfBounds_isFound() {
    Page numbers = image.pages(DamagedStore.NUMBERS, 0).get(1);
    numbers.setU64(PageHeader.SIZE_BYTES, 0);
    assertFoundSealed(numbers, "key 0 from");
  }

  // -- references ---------------------------------------------------------------------------------

  private void setChild(int index, long ref) {
    ChildRefs.set(branch.segment(), branch.at, branch.shape(), index, ref);
  }

  @Test
  void check_childBehindTheFile_isFound() {
    setChild(0, PageRef.of(0xFFFF_FFF0L, 1));
    assertFoundSealed(branch, "a reference to 1 pages");
  }

  @Test
  void check_scratchReference_isFound() {
    setChild(0, PageRef.scratch(3));
    assertFoundSealed(branch, "a reference to 1 pages");
  }

  @Test
  void check_childThatIsTheParent_isFound() {
    setChild(0, PageRef.of(branch.number, branch.u64(STAMP)));
    assertFoundSealed(branch, "one reference to the page");
  }

  @Test
  void check_oneChildTwice_isFound() {
    long ref = ChildRefs.get(branch.segment(), branch.at, branch.shape(), 1);
    setChild(2, ref);
    branch.seal();
    store.assertFound(image, PageRef.pageNo(ref), "one reference to the page");
  }

  @Test
  void check_childOfAnotherTable_isFound() {
    Page other = image.pages(DamagedStore.NUMBERS, 0).get(0);
    setChild(2, PageRef.of(other.number, other.u64(STAMP)));
    branch.seal();
    store.assertFound(image, other.number, "one reference to the page");
  }

  // -- runs ---------------------------------------------------------------------------------------

  @Test
  void check_flippedByteOfAValue_isFound() {
    Page run = image.runs(DamagedStore.LARGE).getLast();
    run.setU8(15_000, run.u8(15_000) ^ 1);
    assertFound(run, "checksum");
  }

  @Test
  void check_wrongLengthOfARun_isFound() {
    Page run = image.runs(DamagedStore.LARGE).get(3);
    run.setU64(PageHeader.SIZE_BYTES, OverflowPage.dataLength(run.segment(), run.at) - 1);
    run.sealRun();
    assertFound(run, "a run of");
  }

  @Test
  void check_endlessRun_isFound() {
    Page run = image.runs(DamagedStore.LARGE).get(3);
    run.setU64(PageHeader.SIZE_BYTES, Long.MAX_VALUE);
    assertFound(run, "a run of");
  }

  @Test
  void check_runThatIsALeaf_isFound() {
    Page run = image.runs(DamagedStore.LARGE).get(3);
    run.setU8(TYPE, run.u8(TYPE) & 0x80 | LeafPage.TYPE_CODE);
    assertFound(run, "an overflow run");
  }

  @Test
  void check_runWithAShape_isFound() {
    Page run = image.runs(DamagedStore.LARGE).get(3);
    run.setU16(COUNT, 1);
    run.sealRun();
    assertFound(run, "zero in level");
  }

  // -- catalogue ----------------------------------------------------------------------------------

  private void assertRecordFound(int offset, long value, String expected) {
    Page page = image.recordPage(DamagedStore.TEXT);
    long at = image.recordOffset(DamagedStore.TEXT) + offset;
    page.setU64(at, page.u64(at) + value);
    assertFoundSealed(page, expected);
  }

  @Test
  void check_wrongCounts_areFound() {
    assertRecordFound(8, 1, "4000 entries");
    assertRecordFound(24, 1, "leaf pages");
    assertRecordFound(32, 1, "branch pages");
    assertRecordFound(40, 1, "overflow pages");
  }

  @Test
  void check_wrongDepth_isFound() {
    Page root = image.page(PageRef.pageNo(image.table(DamagedStore.TEXT).rootRef()));
    Page page = image.recordPage(DamagedStore.TEXT);
    page.setU8(image.recordOffset(DamagedStore.TEXT) + 21, 2);
    page.seal();
    assertFound(root, "branch of level 1");
  }

  @Test
  void check_wrongKind_isFound() {
    Page page = image.recordPage(DamagedStore.TEXT);
    page.setU8(image.recordOffset(DamagedStore.TEXT) + 20, 7);
    assertFoundSealed(page, "kind 1 or 2");
  }

  @Test
  void check_tableWithoutRoot_isFound() {
    Page page = image.recordPage(DamagedStore.TEXT);
    page.setU64(image.recordOffset(DamagedStore.TEXT), 0);
    assertFoundSealed(page, "a root if it has entries");
  }

  @Test
  void check_twoTablesWithOneId_isFound() {
    Page page = image.recordPage(DamagedStore.TEXT);
    page.setU32(
        image.recordOffset(DamagedStore.TEXT) + 16, image.table(DamagedStore.NUMBERS).tableId());
    page.seal();
    store.assertFound(image, -1, "an id for each table");
  }

  // -- superblock and space map -------------------------------------------------------------------

  @Test
  void check_usedPageMarkedFree_isFound() {
    Page map = image.page(PageRef.pageNo(image.superblock().mapRef()));
    Page last = image.pages(DamagedStore.TEXT, 0).getLast();
    long at = PageHeader.SIZE_BYTES + last.number / 8;
    map.setU8(at, map.u8(at) & ~(1 << last.number % 8));
    map.seal();
    store.assertFound(image, last.number, "");
  }

  @Test
  void check_lostPage_isFound() {
    Page map = image.page(PageRef.pageNo(image.superblock().mapRef()));
    long lost = MapPage.bitsPerLeaf(image.pageSizeBytes()) - 1;
    map.setU8(image.pageSizeBytes() - 1, 0x80);
    map.seal();
    store.assertFound(image, lost, "no live bit");
    assertTrue(store.report(image).leaks().stream().anyMatch(leak -> leak.pageNo() == lost));
  }

  @Test
  void check_manyDamagedPages_stopsAtTheLimit() {
    for (Page page : image.pages(DamagedStore.TEXT, 0)) {
      for (int i = 0; i < page.count(); i++) {
        long at = offsets(page) - page.count() + i;
        page.setU8(at, page.u8(at) ^ 1);
      }
    }
    IntegrityChecker.Report report = store.report(image);
    assertEquals(Findings.MAX_VIOLATIONS, report.violations().size());
    assertTrue(report.notes().getFirst().contains("more violations"));
  }
}

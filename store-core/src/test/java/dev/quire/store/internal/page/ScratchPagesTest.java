package dev.quire.store.internal.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class ScratchPagesTest {

  private int chunks;

  private final ScratchPages pages = new ScratchPages(4096, this::chunk);

  private MemorySegment chunk(long sizeBytes) {
    assertEquals(256 * 4096, sizeBytes);
    chunks++;
    return Arena.ofAuto().allocate(sizeBytes);
  }

  @Test
  void allocate_beyondAChunk_leavesEarlierPagesInPlace() {
    MemorySegment first = pages.segmentOf(pages.allocate());
    for (int i = 1; i < 600; i++) {
      assertEquals(i, pages.allocate());
    }
    assertEquals(3, chunks);
    assertSame(first, pages.segmentOf(255));
    assertEquals(255 * 4096, pages.offsetOf(255));
    assertEquals(0, pages.offsetOf(256));
    assertEquals(600, pages.limit());
    assertEquals(600, pages.liveCount());
  }

  @Test
  void reset_keepsChunks() {
    for (int i = 0; i < 300; i++) {
      pages.allocate();
    }
    pages.savepoint();
    pages.reset();
    assertEquals(0, pages.limit());
    assertEquals(0, pages.liveCount());
    assertFalse(pages.isLive(0));
    for (int i = 0; i < 512; i++) {
      assertTrue(pages.isEditable(pages.allocate()));
    }
    assertEquals(2, chunks);
  }

  @Test
  void free_withoutSavepoint_reusesAtOnce() {
    pages.allocate();
    int index = pages.allocate();
    pages.free(index);
    assertFalse(pages.isLive(index));
    assertEquals(index, pages.allocate());
  }

  @Test
  void savepoint_earlierPage_isNotEditableAndSurvivesFree() {
    int before = pages.allocate();
    int savepoint = pages.savepoint();
    assertFalse(pages.isEditable(before));
    pages.free(before);
    assertTrue(pages.isLive(before));
    int inside = pages.allocate();
    assertTrue(pages.isEditable(inside));
    pages.rollbackTo(savepoint);
    assertTrue(pages.isLive(before));
    assertFalse(pages.isLive(inside));
    pages.free(before);
    pages.release(savepoint);
    assertFalse(pages.isLive(before));
    assertEquals(0, pages.liveCount());
  }

  @Test
  void release_nested_keepsWhatTheOuterMayWant() {
    int base = pages.allocate();
    int outer = pages.savepoint();
    int middle = pages.allocate();
    int inner = pages.savepoint();
    int last = pages.allocate();
    pages.free(base);
    pages.free(middle);
    pages.release(inner);
    assertTrue(pages.isLive(base));
    assertFalse(pages.isLive(middle));
    assertTrue(pages.isEditable(last));
    pages.rollbackTo(outer);
    assertTrue(pages.isLive(base));
    assertFalse(pages.isLive(last));
    pages.release(outer);
    assertTrue(pages.isEditable(base));
    assertEquals(1, pages.liveCount());
  }

  @Test
  void rollbackTo_pageFreedAndReusedInside_isFreedOnce() {
    int savepoint = pages.savepoint();
    for (int i = 0; i < 10; i++) {
      pages.free(pages.allocate());
    }
    pages.allocate();
    pages.rollbackTo(savepoint);
    assertEquals(0, pages.liveCount());
    assertEquals(0, pages.allocate());
    assertEquals(1, pages.allocate());
  }

  @Test
  void rollbackTo_outer_endsInner() {
    int outer = pages.savepoint();
    int inner = pages.savepoint();
    pages.rollbackTo(outer);
    assertThrows(IllegalStateException.class, () -> pages.release(inner));
    pages.release(outer);
    assertThrows(IllegalStateException.class, () -> pages.rollbackTo(outer));
  }
}

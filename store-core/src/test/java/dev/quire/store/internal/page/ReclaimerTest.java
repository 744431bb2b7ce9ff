package dev.quire.store.internal.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.region.SharedRegion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Goal: an entry is freed by the one rule, and looked at no more often than it must be.
class ReclaimerTest {

  private static final int FIRST_PAGE = 16;

  private final SharedRegion shm = SharedRegion.temporary(1 << 20);
  private final SharedAreas areas = new SharedAreas(shm);
  private final PendingPages pending = new PendingPages(areas);
  private final List<Long> pins = new ArrayList<>();
  private final List<Long> freed = new ArrayList<>();
  private long head = 10;
  private int scans;
  private final Reclaimer reclaimer = new Reclaimer(pending, this::scan);

  @BeforeEach
  void makeRoom() {
    pending.require(100);
  }

  @AfterEach
  void close() {
    shm.close();
  }

  private long scan(PinList target) {
    scans++;
    target.clear();
    pins.forEach(target::add);
    target.sort();
    return head;
  }

  private void add(long page, long birth, long freedBy) {
    pending.write(pending.end(), page, 1, birth, freedBy);
    pending.setEnd(pending.end() + 1);
  }

  private List<Long> reclaim() {
    freed.clear();
    reclaimer.reclaim((page, count, birth, freedBy) -> freed.add(page));
    return List.copyOf(freed);
  }

  /// The head is stored after the entry: who dies in between, or scans in between, must not find
  /// the pages free that the head still has.
  @Test
  void reclaim_replacedByATransactionThatIsNotTheHeadYet_isLeft() {
    add(20, 3, 10);
    add(21, 3, 11);
    assertEquals(List.of(20L), reclaim());
    assertEquals(List.of(), reclaim());
    head = 11;
    assertEquals(List.of(21L), reclaim());
  }

  @Test
  void reclaim_pinned_isLeftUntilThatPinGoes() {
    pins.addAll(List.of(4L, 6L));
    add(20, 4, 7);
    add(21, 7, 8);
    add(22, 1, 4);
    assertEquals(List.of(21L, 22L), reclaim());
    pins.remove(6L);
    assertEquals(List.of(), reclaim());
    pins.remove(4L);
    assertEquals(List.of(20L), reclaim());
  }

  /// Changed behind its back, the entry would be freed if it were looked at.
  @Test
  void reclaim_parkedEntry_isNotLookedAtWhileItsPinIsThere() {
    pins.add(6L);
    add(20, 4, 7);
    assertEquals(List.of(), reclaim());
    pending.write(pending.start(), 20, 1, 7, 7);
    assertEquals(List.of(), reclaim());
    pins.clear();
    assertEquals(List.of(20L), reclaim());
  }

  /// Nobody scans the readers' slots for a page while there are free ones.
  @Test
  void allocate_pagesAreFree_scansNoSlots() {
    SpaceMap map = new SpaceMap(areas, 4096);
    SpaceAllocator allocator =
        new SpaceAllocator(map, pending, this::scan, map::require, FIRST_PAGE);
    map.require(4000);
    allocator.reset(FIRST_PAGE);
    for (int i = 0; i < 500; i++) {
      RunList taken = new RunList();
      allocator.allocateUpper(1, i + 1L, taken);
      allocator.allocateLeaves(3, i + 1L, taken);
      assertFalse(taken.size() == 0);
    }
    assertTrue(scans <= 1, scans + " scans");
    for (int i = 0; i < 40; i++) {
      add(100 + 2L * i, 1, 2);
      map.setUsed(100 + 2L * i, 1);
    }
    for (int i = 0; i < 500; i++) {
      allocator.allocateUpper(1, 600, new RunList());
    }
    assertTrue(scans > 0 && scans < 8, scans + " scans");
  }
}

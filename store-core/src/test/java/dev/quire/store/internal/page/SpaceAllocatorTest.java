package dev.quire.store.internal.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.internal.region.SharedRegion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Goal: on a full disk there are pages for a space map all the same, without which no checkpoint
/// would free anything.
class SpaceAllocatorTest {

  private static final int FIRST_PAGE = 16;
  private static final int MOST_PAGES = 200;

  private final SharedRegion shm = SharedRegion.temporary(1 << 20);
  private final SharedAreas areas = new SharedAreas(shm);
  private final SpaceMap map = new SpaceMap(areas, 4096);
  private final PendingPages pending = new PendingPages(areas);
  private final SpaceAllocator allocator =
      new SpaceAllocator(map, pending, SpaceAllocatorTest::noPins, this::grow, FIRST_PAGE);

  @AfterEach
  void close() {
    shm.close();
  }

  private static long noPins(PinList target) {
    target.clear();
    target.sort();
    return 10;
  }

  private void grow(long pages) {
    if (pages > MOST_PAGES) {
      throw new StoreFullException("no page " + pages);
    }
    map.require(pages);
  }

  private long takeLeaf() {
    RunList taken = new RunList();
    allocator.allocateLeaves(1, 1, taken);
    return taken.start(0);
  }

  @Test
  void allocateMapPage_nothingElseIsFree_comesFromThoseSetAside() {
    map.require(MOST_PAGES);
    pending.require(1);
    allocator.reset(FIRST_PAGE);
    RunList taken = new RunList();
    allocator.allocateLeaves(100, 1, taken);
    long start = taken.start(0);
    int count = taken.count(0);
    map.setUsed(start, count);
    allocator.published(start, count);
    pending.write(pending.end(), start, count, 1, 2);
    pending.setEnd(pending.end() + 1);
    allocator.reclaim();
    assertThrows(
        StoreFullException.class,
        () -> {
          while (true) {
            takeLeaf();
          }
        });
    int pages = 0;
    for (int i = 0; i < 4; i++) {
      allocator.allocateMapPage();
      pages++;
    }
    assertEquals(4, pages);
  }
}

package dev.quire.store.internal.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.MapPage;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.region.SharedRegion;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Goal: the map that follows another one has all its own pages in it and not those of the old one,
/// and making it takes work in proportion to its length.
class RestingMapTest {

  private static final int PAGE = 4096;
  private static final long BITS = MapPage.bitsPerLeaf(PAGE);

  private final SharedRegion shm = SharedRegion.temporary(1 << 20);
  private final SpaceMap changed = new SpaceMap(new SharedAreas(shm), PAGE);
  private final Arena arena = Arena.ofConfined();
  private long highWater;

  @AfterEach
  void close() {
    shm.close();
    arena.close();
  }

  private RestingMap next(RestingMap map) {
    return map.plan(changed, () -> highWater, () -> PageRef.of(highWater++, 1));
  }

  /// Fills the images and compares the bits with the map's own pages: no others are live.
  private void requireOwnBits(RestingMap map, RestingMap before) {
    MemorySegment images = arena.allocate((long) map.freshCount() * PAGE);
    Set<Long> own = new HashSet<>();
    map.forEach(own::add);
    Set<Long> found = new HashSet<>();
    int[] filled = {0};
    map.fillFresh(
        changed,
        images,
        (ref, at) -> {
          assertEquals((long) filled[0]++ * PAGE, at);
          for (int leaf = 0; leaf < map.leafCount(); leaf++) {
            if (map.leafRef(leaf) == ref) {
              for (int bit = 0; bit < BITS; bit++) {
                if ((MapPage.word(images, at, bit / Long.SIZE) >>> bit & 1) != 0) {
                  found.add(leaf * BITS + bit);
                }
              }
            }
          }
        });
    assertEquals(map.freshCount(), filled[0]);
    Set<Long> kept = new HashSet<>(own);
    kept.removeAll(found);
    for (long page : kept) {
      int leaf = (int) (page / BITS);
      assertEquals(before.leafRef(leaf), map.leafRef(leaf), "the leaf of page " + page);
    }
    assertTrue(own.containsAll(found));
  }

  @Test
  void plan_oneMapAfterTheOther_hasItsOwnPages() {
    highWater = 3 * BITS;
    changed.require(20 * BITS);
    RestingMap map = RestingMap.empty(PAGE);
    for (int i = 0; i < 6; i++) {
      changed.markLeafChanged(i % 3);
      RestingMap next = next(map);
      requireOwnBits(next, map);
      map = next;
      for (int leaf = 0; leaf < map.leafCount(); leaf++) {
        changed.clearChanged(leaf);
      }
      highWater += BITS / 2;
    }
  }

  @Test
  void plan_manyLeavesChanged_looksAtEachPageOnce() {
    int leaves = 2_000;
    highWater = leaves * BITS - 5_000;
    changed.require(highWater + 10_000);
    for (int leaf = 0; leaf < leaves; leaf++) {
      changed.markLeafChanged(leaf);
    }
    RestingMap first = next(RestingMap.empty(PAGE));
    RestingMap second = next(first);
    assertTrue(second.freshCount() >= leaves);
    assertTrue(second.looks() <= 4L * second.freshCount(), second.looks() + " looks");
  }
}

package dev.quire.store.internal.inspect;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.inspect.StoreImage.Page;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: whatever bytes of trees are damaged, the check ends, and without an exception; a flipped
/// bit in a used byte is found in its page.
///
/// Method: seeded random changes of pages of every kind, with checksums left wrong and with
/// checksums made right again.
class RandomDamageTest {

  private static final long SEED = Long.getLong("quire.seed", System.nanoTime());
  private static final int ROUNDS = Integer.getInteger("quire.operations", 60);

  @TempDir private Path parent;

  private final Random random = new Random(SEED);

  private static List<Page> treePages(StoreImage image) {
    List<Page> pages = new ArrayList<>();
    for (int level = 0; level < 3; level++) {
      pages.addAll(image.pages(DamagedStore.TEXT, level));
      pages.addAll(image.pages(DamagedStore.NUMBERS, level));
      pages.addAll(image.pages(DamagedStore.LARGE, level));
    }
    pages.add(image.recordPage(DamagedStore.TEXT));
    return pages;
  }

  private List<Violation> check(DamagedStore store, StoreImage image) {
    return assertTimeoutPreemptively(
        Duration.ofSeconds(60), () -> store.check(image), "-Dquire.seed=" + SEED);
  }

  @Test
  void check_flippedBit_isFoundInItsPage() {
    DamagedStore store = new DamagedStore(parent);
    for (int round = 0; round < ROUNDS; round++) {
      StoreImage image = store.image();
      List<Page> pages = treePages(image);
      Page page = pages.get(random.nextInt(pages.size()));
      int low = PageExtent.lowEnd(page.shape());
      int high = PageExtent.heapStart(page.shape(), image.pageSizeBytes());
      int used = low + image.pageSizeBytes() - high;
      int at = random.nextInt(used);
      int offset = at < low ? at : high + at - low;
      page.setU8(offset, page.u8(offset) ^ 1 << random.nextInt(8));
      List<Violation> violations = check(store, image);
      assertTrue(
          violations.stream().anyMatch(v -> v.pageNo() == page.number),
          () -> "-Dquire.seed=" + SEED + ", page " + page.number + " at " + offset + violations);
    }
  }

  @Test
  void check_randomBytesWithRightChecksums_ends() {
    DamagedStore store = new DamagedStore(parent);
    for (int round = 0; round < ROUNDS; round++) {
      StoreImage image = store.image();
      List<Page> pages = treePages(image);
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        Page page = pages.get(random.nextInt(pages.size()));
        for (int change = 0; change < 1 + random.nextInt(8); change++) {
          int offset = 24 + random.nextInt(random.nextBoolean() ? 200 : image.pageSizeBytes() - 24);
          page.setU8(offset, random.nextInt());
        }
        if (PageExtent.isSound(page.shape(), image.pageSizeBytes())) {
          page.seal();
        }
      }
      check(store, image);
    }
  }
}

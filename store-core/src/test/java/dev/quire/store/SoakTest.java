package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.CheckedStore;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.JvmLaunch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: the file of a store whose content stays about as large stays about as long, however long
/// it is written to.
///
/// Method: three processes, the first with eight threads, work as [Churn] says. File and pages are
/// looked at from time to time and printed.
///
/// Invariants: every page is used or free, and used are those that are live or pending; the file
/// has room for a few times the content; in the second half of the time it grows by one step at
/// most.
class SoakTest {

  private static final int THREADS = 8;
  private static final int LOOKS = 20;

  /// Snapshots that each may pin pages of their own beside the newest state: a reader in each
  /// process, and the durable one; and the step by which a file grows.
  private static final int MOST_TIMES_LIVE = 6;

  private static final long SLACK_BYTES = 16 << 20;
  private static final double ONE_STEP = 1.3;
  private static final long OTHERS_PAGES = 2_000;

  @TempDir private Path directory;
  private long mostLiveBytes;

  @Test
  void file_ofAStoreInUse_staysAsLong() throws Exception {
    Path path = directory.resolve("store");
    long deadline = Campaign.deadlineNanos(6);
    List<Long> sizes = new ArrayList<>();
    try (Store store = Store.open(path, Churn.options())) {
      Churn.fill(store, new Random(Campaign.seed()));
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      JvmLaunch launch = JvmLaunch.of(Churn.class).withPatience(Duration.ofMillis(millis + 60_000));
      try (ChildJvm second = ChildJvm.start(launch, path.toString());
          ChildJvm third = ChildJvm.start(launch, path.toString())) {
        second.tell("work " + (Campaign.seed() + 1) + " " + millis);
        third.tell("work " + (Campaign.seed() + 2) + " " + millis);
        CompletableFuture<Long> own =
            CompletableFuture.supplyAsync(() -> work(store, deadline), Thread::startVirtualThread);
        for (int look = 1; look <= LOOKS; look++) {
          awaitLook(own, (deadline - System.nanoTime()) / (LOOKS + 1 - look));
          sizes.add(look(store, look));
        }
        long transactions = own.get();
        Campaign.note(
            "soak: "
                + transactions
                + ", "
                + second.next()
                + " and "
                + third.next()
                + " transactions");
        CheckedStore.assertClean(store);
      }
      compact(store);
      CheckedStore.assertClean(store);
    }
    requireFlat(sizes);
    Campaign.note("soak: closed, " + Files.size(path.resolve("data")) + " bytes");
    try (Store store = Store.open(path)) {
      CheckedStore.assertClean(store);
    }
  }

  private static long work(Store store, long deadline) {
    try {
      return Churn.work(store, Campaign.seed(), THREADS, deadline);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitLook(CompletableFuture<Long> own, long nanos) throws Exception {
    try {
      own.get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // They work on.
    }
  }

  private long look(Store store, int look) {
    StoreStats stats = store.stats();
    long pageSize = stats.pageSizeBytes();
    mostLiveBytes = Math.max(mostLiveBytes, stats.livePages() * pageSize);
    System.out.println(
        "soak "
            + look
            + ": "
            + stats.commits()
            + " transactions, file "
            + stats.fileSizeBytes()
            + ", pages live "
            + stats.livePages()
            + ", pending "
            + stats.pendingPages()
            + ", free "
            + stats.freePages());
    requireKnown(stats, OTHERS_PAGES);
    assertTrue(
        stats.fileSizeBytes()
            <= stats.ringSizeBytes() + MOST_TIMES_LIVE * mostLiveBytes + SLACK_BYTES,
        stats::toString);
    return stats.fileSizeBytes();
  }

  /// Used pages are live, pending, or of a space map at rest, which is in neither.
  ///
  /// @param tolerance pages that others may change while they are counted
  private static void requireKnown(StoreStats stats, long tolerance) {
    long unknown = stats.usedPages() - stats.livePages() - stats.pendingPages();
    assertTrue(unknown >= -tolerance && unknown <= tolerance + 64, stats::toString);
    long all = stats.ringSizeBytes() / stats.pageSizeBytes() + 4 + stats.usedPages();
    long most = stats.fileSizeBytes() / stats.pageSizeBytes() + tolerance;
    assertTrue(all + stats.freePages() <= most, stats::toString);
  }

  private static void requireFlat(List<Long> sizes) {
    long half = sizes.get(LOOKS / 2 - 1);
    long last = sizes.getLast();
    assertTrue(last <= half * ONE_STEP, () -> "file sizes " + sizes);
    assertEquals(LOOKS, sizes.size());
  }

  /// The processes have gone: what they needed is given back.
  private void compact(Store store) {
    for (int pass = 0; pass < 3; pass++) {
      CompactionProgress step;
      do {
        step = store.compact(1_000);
      } while (!step.last());
    }
    StoreStats stats = store.stats();
    requireKnown(stats, 0);
    long live = stats.livePages() * stats.pageSizeBytes();
    Campaign.note("soak: compacted to " + stats.fileSizeBytes() + " bytes, live " + live);
    assertTrue(
        stats.fileSizeBytes() <= stats.ringSizeBytes() + live + live / 2 + (2 << 20),
        stats::toString);
  }
}

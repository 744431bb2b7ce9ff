package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.PendingPages;
import dev.quire.store.internal.txn.EngineView;
import dev.quire.store.internal.txn.EngineView.Marks;
import dev.quire.store.internal.txn.EngineView.Still;
import dev.quire.store.internal.txn.Snapshot;
import java.time.Duration;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// What had to be copied while the store was still: bitmaps, pending pages, superblocks and the
/// space map at rest. Both the newest transaction and the durable one stay pinned, so that their
/// pages can be read at leisure.
final class StillCopy implements AutoCloseable {

  /// How long a transaction of another process is waited for, and a checkpoint.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /// Pages that wait to be free.
  ///
  /// @param pageNo the first
  /// @param count how many
  /// @param birth transaction that wrote them
  /// @param freed transaction that stopped referring to them
  record Pending(long pageNo, long count, long birth, long freed) {}

  final Snapshot head;
  final Marks marks;
  final PageBits live;
  final PageBits used;
  final Pending[] pending;

  /// The pages of the space map at rest; none if the store is volatile.
  final PageBits mapPages;

  /// The pages that the space map at rest marks; null if there is none that can be read.
  final @Nullable PageBits marked;

  final @Nullable Superblock superblock;

  /// The transaction of the durable superblock; null if there is none that can be read.
  final @Nullable Snapshot durable;

  private StillCopy(EngineView view, PageFile file, Still still) {
    marks = still.marks();
    long capacity = Math.max(still.map().capacityPages(), marks.highWaterPage());
    live = copy(capacity, still.map()::liveWord);
    used = copy(capacity, still.map()::usedWord);
    pending = copy(still.pending());
    superblock = view.isVolatile() ? null : new SuperblockCheck(view, file).check(marks);
    if (superblock == null) {
      mapPages = new PageBits(capacity);
      still.resting().forEach(pageNo -> mapPages.add(pageNo, 1));
      marked = null;
    } else {
      MapCheck map = new MapCheck(file, superblock, marks.nextStamp());
      map.check(still.resting());
      new RingCheck(view, file, superblock, marks.head()).check();
      mapPages = map.pages();
      marked = map.marked();
    }
    head = view.pinHead();
    durable = superblock == null ? null : view.pinDurable(superblock);
  }

  /// Copies the state that the store is in now.
  ///
  /// @return null if another process writes all the time, or does not end a checkpoint
  static @Nullable StillCopy of(EngineView view, PageFile file) {
    Duration timeout = view.options().lockTimeout();
    StillCopy[] copy = new StillCopy[1];
    boolean still =
        view.tryWhileStill(
            timeout.compareTo(PATIENCE) < 0 ? timeout : PATIENCE,
            found -> copy[0] = new StillCopy(view, file, found));
    return still ? copy[0] : null;
  }

  private static PageBits copy(long capacity, LongUnaryOperator words) {
    PageBits bits = new PageBits(capacity);
    for (int i = 0; i < bits.wordCount(); i++) {
      bits.setWord(i, words.applyAsLong(i));
    }
    return bits;
  }

  private static Pending[] copy(PendingPages pages) {
    long start = pages.start();
    Pending[] copy = new Pending[Math.toIntExact(pages.end() - start)];
    for (int i = 0; i < copy.length; i++) {
      long at = start + i;
      copy[i] = new Pending(pages.pageNo(at), pages.count(at), pages.birth(at), pages.freed(at));
    }
    return copy;
  }

  @Override
  public void close() {
    head.end();
    Snapshot pinned = durable;
    if (pinned != null) {
      pinned.end();
    }
  }
}

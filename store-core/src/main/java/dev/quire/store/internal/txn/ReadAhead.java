package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreException;
import dev.quire.store.internal.format.Le;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.page.MappedPages;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.tree.TreeReader;
import dev.quire.store.internal.tree.TreeRoot;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads the pages that changes of many keys are about to need, so that they are in the page cache:
/// after a machine crash none of them is, and a mapping fetches them one at a time.
///
/// Several threads look up a part of the keys each, by positional reads into memory of their own: a
/// device answers many of those at once. What they find is of no interest, and what they cannot
/// read is left to whoever needs it.
final class ReadAhead {

  /// Fewer keys are not worth a thread.
  static final int KEYS_PER_THREAD = 256;

  private static final int MAX_THREADS = 16;

  /// Where the pages of runs are kept; those of trees by their level.
  private static final int RUN = Limits.MAX_DEPTH;

  private static final int PLACES = RUN + 1;

  private ReadAhead() {}

  /// Looks up all keys, which are in order. Comes back when that is done.
  ///
  /// @return number of pages read
  static long run(Region region, int pageSizeBytes, TreeRoot root, byte[][] keys) {
    int threads = Math.min(MAX_THREADS, keys.length / KEYS_PER_THREAD);
    if (threads == 0 || root.ref == PageRef.NONE || PageRef.isScratch(root.ref)) {
      return 0;
    }
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int from = (int) ((long) keys.length * i / threads);
      int to = (int) ((long) keys.length * (i + 1) / threads);
      Reader reader = new Reader(region, pageSizeBytes, root, keys, from, to);
      reader.thread.start();
      readers.add(reader);
    }
    long pages = 0;
    boolean interrupted = false;
    for (Reader reader : readers) {
      interrupted |= joinInSpiteOfInterrupts(reader.thread);
      pages += reader.pagesRead;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return pages;
  }

  private static boolean joinInSpiteOfInterrupts(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }

  /// One thread and the pages that it has: the last one of each level, and the last run's first.
  private static final class Reader implements PageReader {

    private final Region region;
    private final int pageSizeBytes;
    private final TreeRoot root;
    private final byte[][] keys;
    private final int from;
    private final int to;
    private final NativeBuffers memory = new NativeBuffers();
    private final MemorySegment[] pages = new MemorySegment[PLACES];
    private final long[] refs = new long[PLACES];
    private MemorySegment spare;
    final Thread thread =
        Thread.ofPlatform().name("quire-read-ahead").daemon().unstarted(this::run);
    long pagesRead;

    Reader(Region region, int pageSizeBytes, TreeRoot root, byte[][] keys, int from, int to) {
      this.region = region;
      this.pageSizeBytes = pageSizeBytes;
      this.root = root;
      this.keys = keys;
      this.from = from;
      this.to = to;
      Arrays.fill(pages, MemorySegment.NULL);
      this.spare = memory.allocate(pageSizeBytes);
    }

    private void run() {
      ValueSlot slot = new ValueSlot();
      try (memory) {
        for (int i = from; i < to; i++) {
          find(keys[i], slot);
        }
      }
    }

    private void find(byte[] key, ValueSlot slot) {
      try {
        if (root.integerKeys) {
          TreeReader.findInteger(this, root.ref, (long) Le.KEY_ARRAY_U64.get(key, 0), slot);
        } else {
          TreeReader.find(this, root.ref, key, key.length, slot);
        }
      } catch (StoreException | IndexOutOfBoundsException e) {
        // A long key goes on behind the page that is read; damage is found by whoever needs the
        // page.
        return;
      }
    }

    @Override
    public int pageSizeBytes() {
      return pageSizeBytes;
    }

    @Override
    public MemorySegment segmentOf(long ref) {
      for (int place = 0; place < PLACES; place++) {
        if (refs[place] == ref) {
          return pages[place];
        }
      }
      return read(ref);
    }

    @Override
    public long offsetOf(long ref) {
      MappedPages.requireNamed(segmentOf(ref), 0, ref);
      return 0;
    }

    private MemorySegment read(long ref) {
      MemorySegment page = spare;
      region.read(PageRef.pageNo(ref) * pageSizeBytes, page, 0, pageSizeBytes);
      pagesRead++;
      long shape = PageHeader.shape(page, 0);
      boolean isRun = PageHeader.typeCode(shape) == PageType.OVERFLOW.code();
      int place = isRun ? RUN : Math.min(PageHeader.level(shape), RUN - 1);
      boolean isNew = pages[place].byteSize() == 0;
      spare = isNew ? memory.allocate(pageSizeBytes) : pages[place];
      pages[place] = page;
      refs[place] = ref;
      return page;
    }

    @Override
    public boolean isTruncated() {
      return false;
    }

    @Override
    public void noteTruncated() {
      // Nothing of this memory can be cut.
    }
  }
}

package dev.quire.store.internal.salvage;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.IntegerLeafPage;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageEditor;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks a tree in key order and hands on every entry whose page is whole. Of a page that is not,
/// the keys that it may have had lie between the separators beside its reference.
///
/// Keys outside of what their separators say are not believed.
final class TreeSalvage {

  private final DamagedFile file;
  private final SalvageSink sink;
  private final MemorySegment rest;
  private final MemorySegment[] pages = new MemorySegment[Limits.MAX_DEPTH];
  private final BitSet visited = new BitSet();
  private boolean integers;

  /// @param rest memory for the end of a long key
  TreeSalvage(DamagedFile file, SalvageSink sink, MemorySegment rest) {
    this.file = file;
    this.sink = sink;
    this.rest = rest;
  }

  /// Walks the tree of a table.
  void walk(long rootRef, int depth, boolean integerKeys) {
    integers = integerKeys;
    if (rootRef != PageRef.NONE) {
      visit(rootRef, depth - 1, null, null);
    }
  }

  /// The pages that references led to, whole or not.
  BitSet visited() {
    return visited;
  }

  private void visit(long ref, int level, byte @Nullable [] from, byte @Nullable [] to) {
    MemorySegment page = pageOf(level);
    String reason = isNew(ref) ? file.load(ref, page) : "two references name one page";
    if (reason == null && !isExpected(PageHeader.shape(page, 0), level)) {
      reason = "page " + PageRef.pageNo(ref) + " is not of this level of the tree";
    }
    if (reason != null) {
      sink.lost(from, to, reason);
      return;
    }
    try {
      if (level > 0) {
        visitBranch(page, level, from, to);
      } else {
        visitLeaf(page, from, to);
      }
    } catch (IndexOutOfBoundsException e) {
      sink.lost(from, to, "page " + PageRef.pageNo(ref) + " has cells outside of it");
    }
  }

  private boolean isNew(long ref) {
    int pageNo = (int) PageRef.pageNo(ref);
    if (pageNo < 0 || visited.get(pageNo)) {
      return false;
    }
    visited.set(pageNo);
    return true;
  }

  private MemorySegment pageOf(int level) {
    if (pages[level] == null) {
      pages[level] = file.newPage();
    }
    return pages[level];
  }

  private boolean isExpected(long shape, int level) {
    PageType leaf = integers ? PageType.INTEGER_LEAF : PageType.LEAF;
    PageType branch = integers ? PageType.INTEGER_BRANCH : PageType.BRANCH;
    return PageHeader.level(shape) == level
        && PageHeader.typeCode(shape) == (level == 0 ? leaf : branch).code();
  }

  private void visitBranch(
      MemorySegment page, int level, byte @Nullable [] from, byte @Nullable [] to) {
    long shape = PageHeader.shape(page, 0);
    int count = PageHeader.count(shape);
    List<byte @Nullable []> bounds = new ArrayList<>();
    bounds.add(from);
    PageEntry key = new PageEntry();
    for (int i = 0; i < count; i++) {
      bounds.add(readKey(page, shape, i, key) == null ? copy(key) : null);
    }
    bounds.add(to);
    for (int i = 0; i <= count; i++) {
      int low = i;
      while (low > 0 && bounds.get(low) == null) {
        low--;
      }
      int high = i + 1;
      while (high <= count && bounds.get(high) == null) {
        high++;
      }
      visit(ChildRefs.get(page, 0, shape, i), level - 1, bounds.get(low), bounds.get(high));
    }
  }

  private void visitLeaf(MemorySegment page, byte @Nullable [] from, byte @Nullable [] to) {
    long shape = PageHeader.shape(page, 0);
    PageEntry key = new PageEntry();
    byte[] before = from;
    boolean inclusive = true;
    for (int i = 0; i < PageHeader.count(shape); i++) {
      String reason = readKey(page, shape, i, key);
      if (reason != null) {
        sink.lost(before, to, "the key of an entry: " + reason);
        continue;
      }
      byte[] own = copy(key);
      int order = before == null ? 1 : Arrays.compareUnsigned(own, before);
      if (order < 0
          || order == 0 && !inclusive
          || to != null && Arrays.compareUnsigned(own, to) >= 0) {
        sink.lost(own, behind(own), "the key is in a page where it does not belong");
        continue;
      }
      before = own;
      inclusive = false;
      entry(page, shape, i, key, own);
    }
  }

  private void entry(MemorySegment page, long shape, int index, PageEntry key, byte[] own) {
    long cell =
        integers
            ? IntegerLeafPage.cell(page, 0, shape, index)
            : LeafPage.cell(page, 0, shape, index);
    long head = LeafCell.head(page, cell);
    long length = LeafCell.valueLength(head);
    long expiry = LeafCell.expiryMillis(page, cell, head);
    if (!LeafCell.isOverflow(head)) {
      sink.entry(key, page, cell + LeafCell.valueOffset(head), length, expiry);
      return;
    }
    long run = LeafCell.valueRef(page, cell, head);
    String reason = file.checkRun(run, length);
    if (reason == null) {
      sink.longEntry(key, run, length, expiry);
    } else {
      sink.lost(own, behind(own), "the value: " + reason);
    }
  }

  /// Reads a key into `out`.
  ///
  /// @return null if the whole of it was read, else what is wrong
  private @Nullable String readKey(MemorySegment page, long shape, int index, PageEntry out) {
    PageEditor.readKey(page, 0, shape, index, out);
    if (out.keyRef == PageRef.NONE) {
      return null;
    }
    int length = out.keyLength - out.storedLength;
    if (length <= 0 || out.keyLength > Limits.MAX_STORED_KEY_BYTES) {
      return "a length that no key has";
    }
    String reason = file.checkRun(out.keyRef, length);
    if (reason == null) {
      out.reserveKey(out.keyLength);
      file.readRun(out.keyRef, 0, rest, length);
      MemorySegment.copy(rest, JAVA_BYTE, 0, out.key, out.storedLength, length);
    }
    return reason;
  }

  private static byte[] copy(PageEntry key) {
    return Arrays.copyOf(key.key, key.keyLength);
  }

  /// The least key that is greater.
  private static byte[] behind(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }
}

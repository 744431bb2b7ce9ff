package dev.quire.store.internal.inspect;

import static dev.quire.store.internal.format.Le.U16;
import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U64;
import static dev.quire.store.internal.format.Le.U8;

import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageCrc;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.SuperblockPage;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedPages;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeWalk;
import dev.quire.store.internal.tree.ValueSlot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The data file of a closed store, in memory, to be damaged.
final class StoreImage implements PageReader {

  private final byte[] bytes;
  private final MemorySegment segment;
  private final Superblock superblock;
  private final Checksum checksum = new Checksum();

  private StoreImage(byte[] bytes) {
    this.bytes = bytes;
    this.segment = MemorySegment.ofArray(bytes);
    Superblock first = SuperblockPage.read(segment, 0);
    Superblock second = SuperblockPage.read(segment, 2L * first.pageSizeBytes());
    this.superblock = first.sequence() > second.sequence() ? first : second;
  }

  static StoreImage read(Path data) {
    try {
      return new StoreImage(Files.readAllBytes(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  StoreImage copy() {
    return new StoreImage(bytes.clone());
  }

  void write(Path data) {
    try {
      Files.write(data, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Superblock superblock() {
    return superblock;
  }

  @Override
  public boolean isTruncated() {
    return false;
  }

  @Override
  public void noteTruncated() {
    throw new AssertionError("memory that nobody can cut");
  }

  @Override
  public int pageSizeBytes() {
    return superblock.pageSizeBytes();
  }

  @Override
  public MemorySegment segmentOf(long ref) {
    return segment;
  }

  @Override
  public long offsetOf(long ref) {
    int shift = Integer.numberOfTrailingZeros(pageSizeBytes());
    return MappedPages.offsetOf(segment, ref, shift, superblock.highWaterPage());
  }

  /// A page of the image.
  final class Page {
    final long number;
    final long at;

    private Page(long number) {
      this.number = number;
      this.at = number * pageSizeBytes();
    }

    long shape() {
      return PageHeader.shape(segment, at);
    }

    int count() {
      return PageHeader.count(shape());
    }

    MemorySegment segment() {
      return segment;
    }

    int u8(long offset) {
      return Byte.toUnsignedInt(segment.get(U8, at + offset));
    }

    void setU8(long offset, int value) {
      segment.set(U8, at + offset, (byte) value);
    }

    int u16(long offset) {
      return Short.toUnsignedInt(segment.get(U16, at + offset));
    }

    void setU16(long offset, int value) {
      segment.set(U16, at + offset, (short) value);
    }

    int u32(long offset) {
      return segment.get(U32, at + offset);
    }

    void setU32(long offset, int value) {
      segment.set(U32, at + offset, value);
    }

    long u64(long offset) {
      return segment.get(U64, at + offset);
    }

    void setU64(long offset, long value) {
      segment.set(U64, at + offset, value);
    }

    /// Makes the CRC right again, so that what is wrong must be found by looking closer.
    void seal() {
      MemorySegment copy = MemorySegment.ofArray(segmentOf(0).asSlice(at).toArray(U8));
      PageHeader.setCrc(segment, at, PageCrc.of(checksum, copy, 0, pageSizeBytes()));
    }

    /// The same for an overflow run.
    void sealRun() {
      long length = OverflowPage.DATA + OverflowPage.dataLength(segment, at);
      MemorySegment copy = MemorySegment.ofArray(segment.asSlice(at, length).toArray(U8));
      long from = PageHeader.CHECKED_FROM;
      PageHeader.setCrc(segment, at, checksum.of(copy, from, length - from));
    }
  }

  Page page(long number) {
    return new Page(number);
  }

  /// The record of a table.
  TableRecord table(String name) {
    return TableRecord.read(segment, recordAt(name));
  }

  /// Offset of a table's record in its catalogue page.
  long recordOffset(String name) {
    return recordAt(name) % pageSizeBytes();
  }

  /// The catalogue page with a table's record.
  Page recordPage(String name) {
    return page(recordAt(name) / pageSizeBytes());
  }

  private long recordAt(String name) {
    TreeCursor cursor = new TreeCursor(this);
    cursor.open(superblock.catalogueRef());
    byte[] key = name.getBytes(StandardCharsets.UTF_8);
    if (!cursor.seek(key, key.length)) {
      throw new AssertionError("no table " + name);
    }
    ValueSlot slot = new ValueSlot();
    cursor.value(slot);
    return slot.offset;
  }

  /// Pages of a table's tree of one level, in key order.
  List<Page> pages(String table, int level) {
    List<Page> found = new ArrayList<>();
    walk(
        table,
        ref -> {
          Page page = page(PageRef.pageNo(ref));
          if (PageHeader.level(page.shape()) == level) {
            found.add(page);
          }
        },
        ref -> {});
    return found;
  }

  /// First pages of a table's overflow runs.
  List<Page> runs(String table) {
    List<Page> found = new ArrayList<>();
    walk(table, ref -> {}, ref -> found.add(page(PageRef.pageNo(ref))));
    return found;
  }

  private interface Refs {
    void ref(long ref);
  }

  private void walk(String table, Refs pages, Refs runs) {
    TreeWalk.walk(
        this,
        table(table).rootRef(),
        new TreeWalk.Visitor() {
          @Override
          public boolean page(long ref, MemorySegment s, long page, int depth) {
            pages.ref(ref);
            return true;
          }

          @Override
          public void run(long ref, long lengthBytes) {
            runs.ref(ref);
          }
        });
  }
}

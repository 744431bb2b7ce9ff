package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U16;
import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U64;
import static dev.quire.store.internal.format.Le.U8;
import static java.lang.foreign.MemoryLayout.structLayout;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// The first 32 bytes of every page of a tree and of every overflow run.
///
/// | offset | size | field        | meaning                                                       |
/// |-------:|-----:|--------------|---------------------------------------------------------------|
/// |      0 |    4 | crc          | CRC32C of the page's used bytes from 4 on; 0 if it has none   |
/// |      4 |    4 | pageNo       | this page's own number                                        |
/// |      8 |    8 | stamp        | the store's page counter when the page was written            |
/// |     16 |    8 | birth        | id of the transaction that wrote the page                     |
/// |     24 |    1 | type         | [PageType#code]; bit 7: the page carries a CRC                |
/// |     25 |    1 | level        | 0 of a leaf, one more than its children's of a branch         |
/// |     26 |    2 | count        | entries of a leaf, separators of a branch (children less one) |
/// |     28 |    2 | prefixLength | bytes that all keys of the page begin with                    |
/// |     30 |    2 | heapBytes    | bytes of cells at the page's end                              |
///
/// The last five fields are the page's *shape*, read as one word: functions of the shape are pure.
/// Used bytes are those below [PageExtent#lowEnd] and the heap; only they are copied and
/// checksummed.
///
/// Accessors take the segment and `page`, the offset of the page's first byte in it.
public final class PageHeader {

  static final StructLayout LAYOUT =
      structLayout(
          U32.withName("crc"),
          U32.withName("pageNo"),
          U64.withName("stamp"),
          U64.withName("birth"),
          U8.withName("type"),
          U8.withName("level"),
          U16.withName("count"),
          U16.withName("prefixLength"),
          U16.withName("heapBytes"));

  /// Size of the header.
  public static final int SIZE_BYTES = 32;

  /// Where the bytes begin that the CRC covers.
  public static final int CHECKED_FROM = 4;

  private static final long CRC = offset("crc");
  private static final long PAGE_NO = offset("pageNo");
  private static final long STAMP = offset("stamp");
  private static final long BIRTH = offset("birth");
  private static final long SHAPE = offset("type");

  private static final int LEVEL_SHIFT = shapeShift("level");
  private static final int COUNT_SHIFT = shapeShift("count");
  private static final int PREFIX_SHIFT = shapeShift("prefixLength");
  private static final int HEAP_SHIFT = shapeShift("heapBytes");

  private static final int TYPE_MASK = 0x7F;
  private static final int CRC_BIT = 0x80;
  private static final int U8_MASK = 0xFF;
  private static final int U16_MASK = 0xFFFF;

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
    assert SHAPE + Long.BYTES == SIZE_BYTES : "the shape is one word";
    assert PAGE_NO == CHECKED_FROM;
  }

  private PageHeader() {}

  /// Type, level, count, prefix length and heap size in one word.
  public static long shape(MemorySegment segment, long page) {
    return segment.get(U64, page + SHAPE);
  }

  /// The [PageType#code] of a page of this shape.
  public static int typeCode(long shape) {
    return (int) shape & TYPE_MASK;
  }

  public static boolean hasCrc(long shape) {
    return (shape & CRC_BIT) != 0;
  }

  public static int level(long shape) {
    return (int) (shape >>> LEVEL_SHIFT) & U8_MASK;
  }

  public static int count(long shape) {
    return (int) (shape >>> COUNT_SHIFT) & U16_MASK;
  }

  public static int prefixLength(long shape) {
    return (int) (shape >>> PREFIX_SHIFT) & U16_MASK;
  }

  public static int heapBytes(long shape) {
    return (int) (shape >>> HEAP_SHIFT);
  }

  /// A shape without a CRC.
  static long shapeOf(PageType type, int level, int count, int prefixLength, int heapBytes) {
    assert level <= U8_MASK && count <= U16_MASK;
    assert prefixLength <= U16_MASK && heapBytes <= U16_MASK;
    return type.code()
        | (long) level << LEVEL_SHIFT
        | (long) count << COUNT_SHIFT
        | (long) prefixLength << PREFIX_SHIFT
        | (long) heapBytes << HEAP_SHIFT;
  }

  /// The shape with another count and heap size.
  static long resized(long shape, int count, int heapBytes) {
    assert count <= U16_MASK && heapBytes <= U16_MASK;
    long kept = shape & ~((long) U16_MASK << COUNT_SHIFT | (long) U16_MASK << HEAP_SHIFT);
    return kept | (long) count << COUNT_SHIFT | (long) heapBytes << HEAP_SHIFT;
  }

  static void setShape(MemorySegment segment, long page, long shape) {
    segment.set(U64, page + SHAPE, shape);
  }

  /// Makes an empty page. Number, stamp, birth and CRC are zero until [#stamp].
  public static void init(MemorySegment segment, long page, PageType type, int level) {
    segment.set(U32, page + CRC, 0);
    segment.set(U32, page + PAGE_NO, 0);
    segment.set(U64, page + STAMP, 0L);
    segment.set(U64, page + BIRTH, 0L);
    setShape(segment, page, shapeOf(type, level, 0, 0, 0));
  }

  /// Gives a finished page its identity. The CRC is zero until [#setCrc].
  public static void stamp(MemorySegment segment, long page, long pageNo, long stamp, long birth) {
    segment.set(U32, page + CRC, 0);
    segment.set(U32, page + PAGE_NO, (int) pageNo);
    segment.set(U64, page + STAMP, stamp);
    segment.set(U64, page + BIRTH, birth);
    setShape(segment, page, shape(segment, page) & ~(long) CRC_BIT);
  }

  /// Notes that the page carries a CRC. Before the CRC is computed: it covers the note.
  public static void markCrc(MemorySegment segment, long page) {
    setShape(segment, page, shape(segment, page) | CRC_BIT);
  }

  public static void setCrc(MemorySegment segment, long page, int crc) {
    segment.set(U32, page + CRC, crc);
  }

  public static int crc(MemorySegment segment, long page) {
    return segment.get(U32, page + CRC);
  }

  public static long pageNo(MemorySegment segment, long page) {
    return Integer.toUnsignedLong(segment.get(U32, page + PAGE_NO));
  }

  public static long stamp(MemorySegment segment, long page) {
    return segment.get(U64, page + STAMP);
  }

  public static long birth(MemorySegment segment, long page) {
    return segment.get(U64, page + BIRTH);
  }

  /// Refuses a page whose cells take more room than there is: it was corrupt when it was copied.
  static void requireRoom(MemorySegment segment, long page, boolean room) {
    if (!room) {
      throw corrupt(segment, page, "cells that lie in the page's heap", "others");
    }
  }

  /// The error that a page is not as it must be.
  public static CorruptPageException corrupt(
      MemorySegment segment, long page, String expected, String found) {
    return new CorruptPageException(new Violation(pageNo(segment, page), expected, found));
  }

  private static long offset(String field) {
    return Fields.offset(LAYOUT, field);
  }

  private static int shapeShift(String field) {
    return (int) (offset(field) - offset("type")) * Byte.SIZE;
  }
}

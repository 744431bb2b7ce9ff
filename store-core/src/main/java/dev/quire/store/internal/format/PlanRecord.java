package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U64;

import java.lang.foreign.MemorySegment;

/// The plan in `shm`: pages of the space map that a checkpoint takes, and those that it gives back.
///
/// | offset | size | field    | meaning                                                        |
/// |-------:|-----:|----------|----------------------------------------------------------------|
/// |      0 |    8 | sequence | of the superblock that the checkpoint writes                   |
/// |      8 |    4 | taken    | pages that only the new map has                                |
/// |     12 |    4 | left     | pages that only the old map has                                |
/// |     16 |      | taken    | u32 page numbers                                               |
/// |        |      | left     | u32 page numbers                                               |
public final class PlanRecord {

  /// No plan is in force.
  public static final long NONE = 0;

  /// If the superblock is durable, the pages left are free; until then nobody knows which.
  public static final long PLANNED = 1;

  /// The superblock will not be written: the pages taken are free.
  public static final long ABANDONED = 2;

  private static final long TAKEN = 8;
  private static final long LEFT = 12;
  private static final long PAGES = 16;

  private PlanRecord() {}

  public static long lengthBytes(int taken, int left) {
    return PAGES + 4L * taken + 4L * left;
  }

  public static void setHeader(MemorySegment s, long at, long sequence, int taken, int left) {
    s.set(U64, at, sequence);
    s.set(U32, at + TAKEN, taken);
    s.set(U32, at + LEFT, left);
  }

  /// @param index of the page, those taken first
  public static void setPage(MemorySegment s, long at, int index, long page) {
    s.set(U32, at + PAGES + 4L * index, (int) page);
  }

  public static long sequence(MemorySegment s, long at) {
    return s.get(U64, at);
  }

  public static int taken(MemorySegment s, long at) {
    return s.get(U32, at + TAKEN);
  }

  public static int left(MemorySegment s, long at) {
    return s.get(U32, at + LEFT);
  }

  public static long page(MemorySegment s, long at, int index) {
    return Integer.toUnsignedLong(s.get(U32, at + PAGES + 4L * index));
  }
}

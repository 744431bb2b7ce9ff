package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U64;

import java.lang.foreign.MemorySegment;

/// The note in `shm`: the changes that publishing one transaction makes.
///
/// | offset | size | field        | meaning                                                  |
/// |-------:|-----:|--------------|----------------------------------------------------------|
/// |      0 |    4 | births       | runs of new pages                                        |
/// |      4 |    4 | frees        | runs of replaced pages                                   |
/// |      8 |    8 | pendingEpoch | of the pending list that the replaced pages are added to |
/// |     16 |    8 | pendingEnd   | where in it                                              |
/// |     24 |    8 | reserved     | zero                                                     |
/// |     32 |  128 | head         | [HeadRecord] to publish                                  |
/// |    160 |      | births       | for each run: u32 first page, u32 pages                  |
/// |        |      | frees        | for each run: u32 first page, u32 pages, u64 birth       |
public final class NoteRecord {

  /// No note is in force.
  public static final long NONE = 0;

  /// The transaction is to be published.
  public static final long PUBLISH = 1;

  /// The transaction commits with the candidate superblock: it is published if that is valid, and
  /// withdrawn if not.
  public static final long PREPARED = 2;

  public static final long HEAD = 32;

  private static final long FREES = 4;
  private static final long PENDING_EPOCH = 8;
  private static final long PENDING_END = 16;
  private static final long RUNS = 160;
  private static final long BIRTH_BYTES = 8;
  private static final long FREE_BYTES = 16;

  static {
    assert RUNS == HEAD + HeadRecord.SIZE_BYTES;
  }

  private NoteRecord() {}

  public static long lengthBytes(int births, int frees) {
    return RUNS + births * BIRTH_BYTES + frees * FREE_BYTES;
  }

  public static void setCounts(MemorySegment s, long at, int births, int frees) {
    s.set(U32, at, births);
    s.set(U32, at + FREES, frees);
  }

  public static void setPending(MemorySegment s, long at, long epoch, long end) {
    s.set(U64, at + PENDING_EPOCH, epoch);
    s.set(U64, at + PENDING_END, end);
  }

  public static void setBirth(MemorySegment s, long at, int index, long page, int count) {
    s.set(U32, at + RUNS + index * BIRTH_BYTES, (int) page);
    s.set(U32, at + RUNS + index * BIRTH_BYTES + 4, count);
  }

  public static void setFree(
      MemorySegment s, long at, int births, int index, long page, int count, long birth) {
    long run = free(at, births, index);
    s.set(U32, run, (int) page);
    s.set(U32, run + 4, count);
    s.set(U64, run + 8, birth);
  }

  public static int births(MemorySegment s, long at) {
    return s.get(U32, at);
  }

  public static int frees(MemorySegment s, long at) {
    return s.get(U32, at + FREES);
  }

  public static long pendingEpoch(MemorySegment s, long at) {
    return s.get(U64, at + PENDING_EPOCH);
  }

  public static long pendingEnd(MemorySegment s, long at) {
    return s.get(U64, at + PENDING_END);
  }

  public static long birthPage(MemorySegment s, long at, int index) {
    return Integer.toUnsignedLong(s.get(U32, at + RUNS + index * BIRTH_BYTES));
  }

  public static int birthCount(MemorySegment s, long at, int index) {
    return s.get(U32, at + RUNS + index * BIRTH_BYTES + 4);
  }

  public static long freePage(MemorySegment s, long at, int births, int index) {
    return Integer.toUnsignedLong(s.get(U32, free(at, births, index)));
  }

  public static int freeCount(MemorySegment s, long at, int births, int index) {
    return s.get(U32, free(at, births, index) + 4);
  }

  public static long freeBirth(MemorySegment s, long at, int births, int index) {
    return s.get(U64, free(at, births, index) + 8);
  }

  private static long free(long at, int births, int index) {
    return at + RUNS + births * BIRTH_BYTES + index * FREE_BYTES;
  }
}

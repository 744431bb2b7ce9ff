package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.WORD;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// The first page of `shm`: what the store is, the words that all processes watch, and where the
/// areas lie. Words that different parties write lie 128 bytes apart.
///
/// | offset | size | field        | meaning                                                   |
/// |-------:|-----:|--------------|-----------------------------------------------------------|
/// |      0 |    8 | magic        | [#MAGIC]                                                  |
/// |      8 |    4 | version      | [#VERSION]                                                |
/// |     12 |    4 | pageSize     | of the store, bytes                                       |
/// |     16 |   16 | storeId      | of the store                                              |
/// |     32 |   16 | bootId       | of the machine's boot                                     |
/// |     48 |   16 | lockKey      | identity of the file `lock`                               |
/// |     64 |   16 | dataKey      | identity of the file `data`                               |
/// |     80 |    8 | ready        | 1 when all of `shm` is filled                             |
/// |     88 |    8 | poison       | 1: a write or sync failed, 2: `data` was cut              |
/// |     96 |   32 | reserved1    | zero                                                      |
/// |    128 |    8 | head         | id of the newest published transaction                    |
/// |    136 |  120 | reserved2    | zero                                                      |
/// |    256 |    8 | durable      | sequence of the superblock that is durable                |
/// |    264 |    8 | candidate    | the one that is being written, else `durable`             |
/// |    272 |   64 | checkpoints  | two [CheckpointRecord]s; sequence mod 2 names the place   |
/// |    336 |    8 | syncedLsn    | the log is on the medium up to here                       |
/// |    344 |   40 | reserved3    | zero                                                      |
/// |    384 |    8 | turn         | counts changes of the writer's turn                       |
/// |    392 |    8 | turnHolder   | process slot that took it last                            |
/// |    400 |    8 | turnSince    | when, epoch milliseconds                                  |
/// |    408 |    8 | turnNext     | process slot that may take it next, plus 1                |
/// |    416 |    8 | turnClean    | 1 while nobody has it and nothing is half done            |
/// |    424 |    8 | turnTickets  | tickets given out to those who wait for it                |
/// |    432 |   80 | reserved4    | zero                                                      |
/// |    512 |    8 | noteState    | [NoteRecord] state of the note                            |
/// |    520 |    8 | pendingEpoch | counts compactions; its lowest bit names the pending area |
/// |    528 |    8 | stampNext    | next stamp                                                |
/// |    536 |    8 | readerLimit  | reader slots from this index on were never used           |
/// |    544 |    8 | highWater    | pages from here on are in no bitmap                       |
/// |    552 |    8 | areasEnd     | areas lie below this offset, 0: there are none            |
/// |    560 |    8 | planState    | [PlanRecord] state of the plan                            |
/// |    568 |    8 | dirtyPages   | pages that the next checkpoint makes durable, about       |
/// |    576 |   64 | reserved5    | zero                                                      |
/// |    640 |  512 | areas        | 64 words: offset / 4096 high, capacity / 4096 low         |
public final class SharedHeader {

  public static final long MAGIC = 0x314D_4853_5249_5551L;
  public static final int VERSION = 4;

  /// Size of the struct with room to grow, in bytes.
  public static final int SIZE_BYTES = 4096;

  public static final int AREAS = 64;

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          WORD.withName("magic"),
          U32.withName("version"),
          U32.withName("pageSize"),
          words("storeId", 2),
          words("bootId", 2),
          words("lockKey", 2),
          words("dataKey", 2),
          WORD.withName("ready"),
          WORD.withName("poison"),
          words("reserved1", 4),
          WORD.withName("head"),
          words("reserved2", 15),
          WORD.withName("durable"),
          WORD.withName("candidate"),
          words("checkpoints", 8),
          WORD.withName("syncedLsn"),
          words("reserved3", 5),
          WORD.withName("turn"),
          WORD.withName("turnHolder"),
          WORD.withName("turnSince"),
          WORD.withName("turnNext"),
          WORD.withName("turnClean"),
          WORD.withName("turnTickets"),
          words("reserved4", 10),
          WORD.withName("noteState"),
          WORD.withName("pendingEpoch"),
          WORD.withName("stampNext"),
          WORD.withName("readerLimit"),
          WORD.withName("highWater"),
          WORD.withName("areasEnd"),
          WORD.withName("planState"),
          WORD.withName("dirtyPages"),
          words("reserved5", 8),
          words("areas", AREAS));

  public static final long MAGIC_WORD = offset("magic");
  private static final long VERSION_FIELD = offset("version");
  private static final long PAGE_SIZE = offset("pageSize");
  public static final long STORE_ID = offset("storeId");
  public static final long BOOT_ID = offset("bootId");
  public static final long LOCK_KEY = offset("lockKey");
  public static final long DATA_KEY = offset("dataKey");
  public static final long READY = offset("ready");
  public static final long POISON = offset("poison");
  public static final long HEAD = offset("head");
  public static final long DURABLE = offset("durable");
  public static final long CANDIDATE = offset("candidate");
  public static final long CHECKPOINTS = offset("checkpoints");
  public static final long SYNCED_LSN = offset("syncedLsn");
  public static final long TURN = offset("turn");
  public static final long TURN_HOLDER = offset("turnHolder");
  public static final long TURN_SINCE = offset("turnSince");
  public static final long TURN_NEXT = offset("turnNext");
  public static final long TURN_CLEAN = offset("turnClean");
  public static final long TURN_TICKETS = offset("turnTickets");
  public static final long NOTE_STATE = offset("noteState");
  public static final long PENDING_EPOCH = offset("pendingEpoch");
  public static final long STAMP_NEXT = offset("stampNext");
  public static final long READER_LIMIT = offset("readerLimit");
  public static final long HIGH_WATER = offset("highWater");
  public static final long AREAS_END = offset("areasEnd");
  public static final long PLAN_STATE = offset("planState");
  public static final long DIRTY_PAGES = offset("dirtyPages");

  private static final long AREA_WORDS = offset("areas");

  static {
    assert LAYOUT.byteSize() <= SIZE_BYTES : LAYOUT;
    assert HEAD % 128 == 0 && DURABLE % 128 == 0 && TURN % 128 == 0 : LAYOUT;
  }

  private SharedHeader() {}

  /// Writes version and page size.
  public static void setVersion(MemorySegment s, int pageSizeBytes) {
    s.set(U32, VERSION_FIELD, VERSION);
    s.set(U32, PAGE_SIZE, pageSizeBytes);
  }

  /// The version of `shm`, which libraries of another version do not understand.
  public static int version(MemorySegment s) {
    return s.get(U32, VERSION_FIELD);
  }

  /// Whether version and page size are these.
  public static boolean isVersion(MemorySegment s, int pageSizeBytes) {
    return version(s) == VERSION && s.get(U32, PAGE_SIZE) == pageSizeBytes;
  }

  /// Offset of an area's word.
  public static long areaWord(int area) {
    return AREA_WORDS + 8L * area;
  }

  private static MemoryLayout words(String name, int count) {
    return MemoryLayout.sequenceLayout(count, WORD).withName(name);
  }

  private static long offset(String field) {
    return Fields.offset(LAYOUT, field);
  }
}

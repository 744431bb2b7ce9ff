package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.errors.UnsupportedFormatException;
import dev.quire.store.internal.format.FileHeader;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.format.SuperblockPage;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.txn.GoldenStore.Form;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.SimulatedRegion;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A file that is cut, foreign or damaged ends in a clear exception, or in what the store held.
class DamageTest {

  private static final int PAGE = 4096;
  private static final int SLOT = 2 * PAGE;

  /// Where a superblock says its version and page size.
  private static final int VERSION = 12;

  /// Where the fields of a superblock begin that are numbers, and how many of 4 bytes there are.
  private static final int FIRST_FIELD = 40;

  private static final int FIELD_INTS = (SuperblockPage.SIZE_BYTES - FIRST_FIELD) / Integer.BYTES;

  /// Where a page says its type, and behind it its level.
  private static final int PAGE_TYPE = 24;

  private static final byte[] CLOSED = GoldenStore.write(Form.CLOSED);
  private static final byte[] WITH_LOG = GoldenStore.write(Form.WITH_LOG);
  private static final StoreModel CONTENT = GoldenStore.content();

  private static Engine open(byte[] image) {
    SimulatedRegion disk = new SimulatedRegion(image, image.length + (4 << 20));
    return Opening.onRegion(disk, GoldenStore.options());
  }

  private static void requireContent(byte[] image) {
    Engine engine = open(image);
    try {
      assertNull(CrashOracle.difference(engine, CONTENT));
    } finally {
      engine.close();
    }
  }

  private static <T extends StoreException> T requireRefused(Class<T> type, byte[] image) {
    return assertThrows(type, () -> open(image));
  }

  private static byte[] flipped(byte[] image, int... offsets) {
    byte[] damaged = image.clone();
    for (int offset : offsets) {
      damaged[offset] ^= 0x10;
    }
    return damaged;
  }

  /// Slot of the newest superblock: its sequence is the greater.
  private static int newestSlot(byte[] image) {
    ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    MemorySegment memory = MemorySegment.ofArray(image);
    assertTrue(bytes.capacity() > 2 * SLOT);
    long first = SuperblockPage.read(memory, 0).sequence();
    long second = SuperblockPage.read(memory, SLOT).sequence();
    return first > second ? 0 : 1;
  }

  /// Changes a superblock page and gives it a right checksum.
  private static void edit(byte[] image, int page, int offset, int value) {
    ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putInt(page + offset, value);
    MemorySegment memory = MemorySegment.ofArray(image);
    int length = SuperblockPage.SIZE_BYTES - FileHeader.CRC_START;
    int crc = new Checksum().of(memory, page + FileHeader.CRC_START, length);
    FileHeader.setCrc(memory, page, crc);
  }

  @Test
  void open_nothingButZeros_isNoStore() {
    requireRefused(NotAStoreException.class, new byte[1 << 20]);
    requireRefused(NotAStoreException.class, new byte[1]);
  }

  @Test
  void open_foreignBytes_isNoStore() {
    byte[] image = new byte[1 << 20];
    new SplittableRandom(4).nextBytes(image);
    requireRefused(NotAStoreException.class, image);
  }

  @Test
  void open_cutAnywhere_isRefused() {
    for (int length = 1; length < CLOSED.length; length += length < 2 * SLOT ? 512 : PAGE) {
      byte[] image = Arrays.copyOf(CLOSED, length);
      StoreException refused = assertThrows(StoreException.class, () -> open(image));
      assertTrue(
          refused instanceof StoreTruncatedException
              || refused instanceof NotAStoreException
              || refused instanceof CorruptPageException,
          refused.toString());
    }
  }

  @Test
  void open_newerFormat_isRefused() {
    byte[] image = CLOSED.clone();
    for (int page = 0; page < 4; page++) {
      edit(image, page * PAGE, VERSION, SuperblockPage.FORMAT_VERSION + 1);
    }
    UnsupportedFormatException refused = requireRefused(UnsupportedFormatException.class, image);
    assertTrue(refused.getMessage().contains("" + (SuperblockPage.FORMAT_VERSION + 1)));
  }

  @Test
  void open_referenceToPageOfAWriter_isCorrupt() {
    byte[] image = WITH_LOG.clone();
    MemorySegment memory = MemorySegment.ofArray(image);
    long newest = (long) newestSlot(image) * SLOT;
    long catalogue = PageRef.pageNo(SuperblockPage.read(memory, newest).catalogueRef()) * PAGE;
    Arrays.fill(image, (int) catalogue + PageHeader.SIZE_BYTES, (int) catalogue + PAGE, (byte) -1);
    image[(int) catalogue + PAGE_TYPE] = (byte) PageType.BRANCH.code();
    image[(int) catalogue + PAGE_TYPE + 1] = 1;
    requireRefused(CorruptPageException.class, image);
  }

  @Test
  void open_impossiblePageSize_isRefused() {
    for (int size : new int[] {0, 512, 4097, 1 << 20, -4096}) {
      byte[] image = CLOSED.clone();
      for (int page = 0; page < 4; page++) {
        edit(image, page * PAGE, VERSION + 4, size);
      }
      requireRefused(StoreException.class, image);
    }
  }

  @Test
  void open_withOptionsOfOtherPageSize_usesTheStores() {
    SimulatedRegion disk = new SimulatedRegion(CLOSED, CLOSED.length + (4 << 20));
    StoreOptions options = StoreOptions.defaults().withPageSizeBytes(16 << 10);
    Engine engine = Opening.onRegion(disk, options);
    assertEquals(PAGE, engine.stats().pageSizeBytes());
    assertNull(CrashOracle.difference(engine, CONTENT));
    engine.close();
  }

  @Test
  void open_oneCopyOfASuperblockDamaged_holdsItsContent() {
    for (byte[] image : new byte[][] {CLOSED, WITH_LOG}) {
      for (int page = 0; page < 4; page++) {
        for (int offset = 0; offset < SuperblockPage.SIZE_BYTES; offset += 7) {
          requireContent(flipped(image, page * PAGE + offset));
        }
      }
    }
  }

  @Test
  void open_newestSuperblockDamagedAndNamedByTheLog_isRefused() {
    int slot = newestSlot(WITH_LOG) * SLOT;
    requireRefused(CorruptPageException.class, flipped(WITH_LOG, slot + 20, slot + PAGE + 20));
  }

  @Test
  void open_superblockOfACommitDamagedAndNamedByTheLog_isRefused() {
    SimulatedRegion disk = new SimulatedRegion(8 << 20);
    Engine engine = Opening.onRegion(disk, GoldenStore.options());
    put(engine, 1, 10);
    put(engine, 2, 32 << 10);
    put(engine, 3, 10);
    byte[] image = disk.cachedImage();
    engine.close();
    int slot = newestSlot(image) * SLOT;
    requireRefused(CorruptPageException.class, flipped(image, slot + 20, slot + PAGE + 20));
  }

  private static void put(Engine engine, int key, int valueBytes) {
    WriteSession session = engine.beginWrite(engine.options().durability(), Duration.ZERO);
    ModelSession both = new ModelSession(session, new StoreModel());
    both.put(Edit.tableName(0), new byte[] {(byte) key}, new byte[valueBytes]);
    session.commit();
  }

  @Test
  void open_allSuperblocksDamaged_saysSo() {
    byte[] image = flipped(CLOSED, 40, PAGE + 40, 2 * PAGE + 40, 3 * PAGE + 40);
    requireRefused(CorruptPageException.class, image);
  }

  @Test
  void open_lastLogRecordDamaged_isOneOfItsTransactions() {
    int from = 2 * SLOT;
    int to = from + (int) StoreOptions.MIN_RING_SIZE_BYTES;
    for (int at = from; at < to; at += 997) {
      Engine engine = open(flipped(WITH_LOG, at));
      long number = engine.parts().state.head().userIndex();
      assertTrue(number >= 2 && number <= 5, "transaction " + number);
      assertNull(CrashOracle.violationsOf(engine), "a byte of the ring at " + at);
      engine.close();
    }
  }

  /// Opens, reads, checks, writes and closes; what a damaged store may do is fail.
  ///
  /// @return whether something failed
  private static boolean use(byte[] image) {
    Engine engine;
    try {
      engine = open(image);
    } catch (StoreException e) {
      return true;
    }
    boolean failed = false;
    Runnable[] uses = {
      () -> {
        Snapshot snapshot = engine.beginRead();
        try {
          CONTENT.differenceTo(snapshot);
        } finally {
          snapshot.end();
        }
      },
      () -> CrashOracle.violationsOf(engine),
      () -> {
        WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ZERO);
        try {
          ModelSession both = new ModelSession(session, CONTENT);
          for (int table = 0; table < 4; table++) {
            new Edit(Edit.Kind.PUT, table, 3, 300, 1).applyTo(both);
            new Edit(Edit.Kind.DELETE, table, 9, 0, 1).applyTo(both);
          }
          session.commit();
        } finally {
          session.rollback();
        }
      },
      engine::close
    };
    for (Runnable each : uses) {
      try {
        each.run();
      } catch (StoreException | IndexOutOfBoundsException | AssertionError e) {
        failed = true;
      }
    }
    CrashOracle.closeQuietly(engine);
    return failed;
  }

  /// A field of all superblocks, with right checksums.
  private static void damageSuperblocks(byte[] image, SplittableRandom random) {
    int field = FIRST_FIELD + Integer.BYTES * random.nextInt(FIELD_INTS);
    int value = random.nextBoolean() ? random.nextInt() : random.nextInt(-2, 100);
    for (int page = 0; page < 4; page++) {
      edit(image, page * PAGE, field, value);
    }
  }

  /// Bytes of the beginning and the end of a page, where offsets and references are.
  private static void damageReferences(byte[] image, int page, SplittableRandom random) {
    for (int i = 0; i < 8; i++) {
      int at = random.nextInt(100);
      image[page + (random.nextBoolean() ? at : PAGE - 1 - at)] = (byte) random.nextInt();
    }
  }

  @Test
  void use_superblocksWithRightChecksumAndImpossibleFields_endsInResultOrStoreException() {
    for (int field = FIRST_FIELD; field < SuperblockPage.SIZE_BYTES; field += Integer.BYTES) {
      for (int value : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0}) {
        byte[] image = WITH_LOG.clone();
        for (int page = 0; page < 4; page++) {
          edit(image, page * PAGE, field, value);
        }
        use(image);
      }
    }
  }

  @Test
  void use_damagedAnywhere_endsInResultOrStoreException() {
    long deadline = Campaign.deadlineNanos(3);
    SplittableRandom random = new SplittableRandom(Campaign.seed());
    int mutations = 0;
    int failures = 0;
    while (mutations < 50 || System.nanoTime() < deadline) {
      byte[] image = (random.nextBoolean() ? CLOSED : WITH_LOG).clone();
      int pages = image.length / PAGE;
      int page = random.nextInt(random.nextInt(4) == 0 ? 4 : pages) * PAGE;
      switch (random.nextInt(6)) {
        case 0 -> image[page + random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
        case 1 -> image[page + random.nextInt(PAGE)] = (byte) random.nextInt();
        case 2 -> Arrays.fill(image, page, page + PAGE, (byte) 0);
        case 3 -> damageSuperblocks(image, random);
        case 4 -> damageReferences(image, page, random);
        default -> {
          int other = random.nextInt(pages) * PAGE;
          System.arraycopy(image, other, image, page, PAGE);
        }
      }
      String when = "mutation " + mutations + ", -Dquire.seed=" + Campaign.seed();
      boolean failed = assertTimeoutPreemptively(Duration.ofSeconds(60), () -> use(image), when);
      failures += failed ? 1 : 0;
      mutations++;
    }
    Campaign.note(mutations + " damaged files, of which " + failures + " failed in some use");
    assertTrue(failures > 0, "no damage was ever noticed");
  }
}

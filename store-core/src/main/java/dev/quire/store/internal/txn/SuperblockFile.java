package dev.quire.store.internal.txn;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.errors.UnsupportedFormatException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.FileHeader;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.SuperblockPage;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.region.Region.SyncRole;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The four superblock pages of a data file.
///
/// A slot is two adjacent pages with the same bytes, so that one rotten page does not look like a
/// write that a crash tore. A slot is valid if one of its pages is.
final class SuperblockFile {

  private final Region region;
  private final MemorySegment pages;
  private final int pageSizeBytes;
  private final Checksum checksum = new Checksum();

  SuperblockFile(Region region, NativeBuffers buffers, int pageSizeBytes) {
    this.region = region;
    this.pageSizeBytes = pageSizeBytes;
    this.pages = buffers.allocate(2L * pageSizeBytes);
  }

  /// Writes a superblock into its slot and makes that range durable.
  void write(Superblock b) {
    writeUnsynced(b);
    region.syncRange(SyncRole.CHECKPOINT, slotOffset(b.slot(), pageSizeBytes), 2L * pageSizeBytes);
  }

  /// Writes a superblock into its slot.
  void writeUnsynced(Superblock b) {
    pages.fill((byte) 0);
    SuperblockPage.write(pages, 0, b);
    FileHeader.setCrc(pages, 0, crc(checksum, pages));
    MemorySegment.copy(pages, 0, pages, pageSizeBytes, SuperblockPage.SIZE_BYTES);
    region.write(slotOffset(b.slot(), pageSizeBytes), pages, 0, 2L * pageSizeBytes);
  }

  /// Finds the newest valid superblock, of whatever page size, of a file that has all of its pages.
  ///
  /// @throws NotAStoreException if there is none and nothing says that there was one
  /// @throws UnsupportedFormatException if the file is of another format version
  /// @throws CorruptPageException if it is a store of which no superblock can be read
  /// @throws StoreTruncatedException if the file is shorter than what the superblock needs
  static Superblock readNewest(Region region, NativeBuffers buffers) {
    Superblock newest = readNewestOfAny(region, buffers);
    requireWhole(region, newest);
    return newest;
  }

  /// The same of a file that may have been cut.
  static Superblock readNewestOfAny(Region region, NativeBuffers buffers) {
    MemorySegment page = buffers.allocate(Limits.MIN_PAGE_SIZE_BYTES);
    Checksum checksum = new Checksum();
    Superblock newest = null;
    boolean sawMagic = false;
    for (long at = 0; at < 4L * Limits.MAX_PAGE_SIZE_BYTES; at += Limits.MIN_PAGE_SIZE_BYTES) {
      if (region.read(at, page, 0, page.byteSize()) < page.byteSize()) {
        break;
      }
      if (!SuperblockPage.hasMagic(page, 0)) {
        continue;
      }
      sawMagic = true;
      Superblock found = decode(page, checksum, at, region.name());
      if (found != null && (newest == null || isSuccessor(newest, found))) {
        newest = found;
      }
    }
    if (newest != null) {
      requirePossible(region, newest);
      return newest;
    }
    throw sawMagic
        ? new CorruptPageException(
            new Violation(
                0,
                "a superblock with a right checksum in " + region.name(),
                "none; restore a backup, or run recover"))
        : new NotAStoreException(noStore(region));
  }

  private static String noStore(Region region) {
    return region.sizeBytes() == 0
        ? region.name()
            + " is empty, which the data file of a store never is; restore a backup, or remove the"
            + " file if there was nothing in it"
        : region.name()
            + " has no superblock: it is not the data file of a Quire store, or its start is"
            + " damaged; give the directory of a store, or restore a backup";
  }

  private static void requirePossible(Region region, Superblock b) {
    String impossible = b.impossible();
    if (impossible != null) {
      throw new CorruptPageException(
          new Violation(
              2L * b.slot(),
              "a superblock that a store can have in " + region.name(),
              impossible + "; restore a backup, or run recover"));
    }
  }

  private static void requireWhole(Region region, Superblock b) {
    long needed = b.highWaterPage() * b.pageSizeBytes();
    if (region.sizeBytes() < needed) {
      throw new StoreTruncatedException(
          region.name()
              + " has "
              + region.sizeBytes()
              + " bytes, its superblock needs "
              + needed
              + ": something cut it; restore a backup");
    }
  }

  /// The superblock of a sequence, if its slot holds it and one of the slot's pages is whole.
  @Nullable Superblock find(long sequence) {
    long slot = slotOffset((int) (sequence & 1), pageSizeBytes);
    for (long at = slot; at <= slot + pageSizeBytes; at += pageSizeBytes) {
      if (region.read(at, pages, 0, SuperblockPage.SIZE_BYTES) == SuperblockPage.SIZE_BYTES
          && SuperblockPage.hasMagic(pages, 0)) {
        Superblock found = decode(pages, checksum, at, region.name());
        if (found != null && found.sequence() == sequence) {
          return found;
        }
      }
    }
    return null;
  }

  /// What to say when the durable superblock is not in its slot.
  static CorruptPageException missing(long sequence) {
    return new CorruptPageException(
        new Violation(0, "superblock " + sequence + " in its slot", "another one, or none"));
  }

  /// Whether `found` is of the same store and newer. The first one found says which store this is:
  /// what follows the superblocks is the users' bytes, which may look like anything.
  private static boolean isSuccessor(Superblock known, Superblock found) {
    return found.pageSizeBytes() == known.pageSizeBytes()
        && found.storeIdHigh() == known.storeIdHigh()
        && found.storeIdLow() == known.storeIdLow()
        && found.sequence() > known.sequence();
  }

  private static @Nullable Superblock decode(
      MemorySegment page, Checksum checksum, long at, String file) {
    int version = FileHeader.formatVersion(page, 0);
    if (FileHeader.crc(page, 0) != crc(checksum, page)) {
      return null;
    }
    if (version != SuperblockPage.FORMAT_VERSION) {
      throw new UnsupportedFormatException(
          file
              + " has format version "
              + version
              + ", this library reads version "
              + SuperblockPage.FORMAT_VERSION
              + "; use a library that knows it");
    }
    Superblock b = SuperblockPage.read(page, 0);
    if (!Limits.isPageSize(b.pageSizeBytes())) {
      throw new CorruptPageException(
          new Violation(
              at / Limits.MIN_PAGE_SIZE_BYTES,
              "pages of 4096 to 65536 bytes, a power of two, in the superblock of " + file,
              b.pageSizeBytes() + " bytes; restore a backup, or run recover"));
    }
    long slot = slotOffset(b.slot(), b.pageSizeBytes());
    return at == slot || at == slot + b.pageSizeBytes() ? b : null;
  }

  private static int crc(Checksum checksum, MemorySegment page) {
    return checksum.of(
        page, FileHeader.CRC_START, SuperblockPage.SIZE_BYTES - FileHeader.CRC_START);
  }

  private static long slotOffset(int slot, int pageSizeBytes) {
    return 2L * slot * pageSizeBytes;
  }
}

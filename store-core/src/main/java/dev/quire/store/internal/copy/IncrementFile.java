package dev.quire.store.internal.copy;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.errors.UnsupportedFormatException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.FileHeader;
import dev.quire.store.internal.format.Increment;
import dev.quire.store.internal.format.IncrementPage;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.SuperblockPage;
import dev.quire.store.internal.page.MappedPages;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.region.MappedRegion;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/// An incremental backup that is read.
final class IncrementFile implements AutoCloseable {

  private final Path path;
  private final MappedRegion region;
  private final Increment increment;
  private final MemorySegment file;

  private IncrementFile(Path path, MappedRegion region) {
    this.path = path;
    this.region = region;
    this.increment = read(path, region);
    long size = (increment.pages() + 1) * increment.pageSizeBytes();
    if (region.sizeBytes() != size) {
      throw new StoreTruncatedException(
          path
              + " has "
              + region.sizeBytes()
              + " bytes, an increment of "
              + increment.pages()
              + " pages has "
              + size
              + ": it is not whole; copy it anew, or make another backup");
    }
    this.file = region.map(0, size);
  }

  /// Opens one.
  ///
  /// @throws NotAStoreException if the file is none
  /// @throws CorruptPageException if its first page is damaged
  /// @throws StoreTruncatedException if it is not whole
  static IncrementFile open(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new NotAStoreException(
          Files.isDirectory(path)
              ? path
                  + " is a directory; only the first backup is a store, the others are increments"
              : "there is no increment at " + path);
    }
    MappedRegion region = MappedRegion.openReadOnly(path);
    try {
      return new IncrementFile(path, region);
    } catch (RuntimeException | Error e) {
      region.close();
      throw e;
    }
  }

  private static Increment read(Path path, Region region) {
    try (NativeBuffers memory = new NativeBuffers()) {
      MemorySegment header = memory.allocate(IncrementPage.SIZE_BYTES);
      long read = region.read(0, header, 0, header.byteSize());
      if (read < header.byteSize() || !IncrementPage.hasMagic(header, 0)) {
        throw new NotAStoreException(
            path + " is not an incremental backup; give a file that \"backup\" has made");
      }
      if (FileHeader.crc(header, 0) != crc(header)) {
        throw damaged(path, "another");
      }
      int version = FileHeader.formatVersion(header, 0);
      if (version != SuperblockPage.FORMAT_VERSION) {
        throw new UnsupportedFormatException(
            path
                + " has format version "
                + version
                + ", this library reads version "
                + SuperblockPage.FORMAT_VERSION);
      }
      Increment increment = IncrementPage.read(header, 0);
      String impossible = increment.impossible();
      if (impossible != null) {
        throw damaged(path, impossible);
      }
      return increment;
    }
  }

  private static CorruptPageException damaged(Path path, String found) {
    return new CorruptPageException(
        new Violation(0, "the first page of an increment in " + path, found));
  }

  /// The CRC that the first page must carry.
  static int crc(MemorySegment header) {
    return new Checksum()
        .of(header, FileHeader.CRC_START, IncrementPage.SIZE_BYTES - FileHeader.CRC_START);
  }

  Path path() {
    return path;
  }

  Increment increment() {
    return increment;
  }

  MemorySegment segment() {
    return file;
  }

  /// Offset of a page in [#segment].
  ///
  /// @param pageNo one of this increment
  /// @throws CorruptPageException if another page lies there
  long offsetOf(long ref, long pageNo) {
    long page = (pageNo - increment.firstPage() + 1) * increment.pageSizeBytes();
    MappedPages.requireNamed(file, page, ref);
    return page;
  }

  boolean isTruncated() {
    return region.sizeBytes() < file.byteSize();
  }

  static {
    assert IncrementPage.SIZE_BYTES <= Limits.MIN_PAGE_SIZE_BYTES;
  }

  @Override
  public void close() {
    region.close();
  }
}

package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U32;

import java.lang.foreign.MemorySegment;

/// What a [SuperblockPage] and an [IncrementPage] begin with.
///
/// | offset | size | field         | meaning                              |
/// |-------:|-----:|---------------|--------------------------------------|
/// |      0 |    8 | magic         | what file it is                      |
/// |      8 |    4 | crc           | CRC32C of the struct from byte 12 on |
/// |     12 |    4 | formatVersion | [SuperblockPage#FORMAT_VERSION]      |
public final class FileHeader {

  /// First byte that the CRC covers.
  public static final int CRC_START = 12;

  static final long CRC = 8;
  static final long VERSION = 12;

  private FileHeader() {}

  public static int formatVersion(MemorySegment s, long at) {
    return s.get(U32, at + VERSION);
  }

  public static int crc(MemorySegment s, long at) {
    return s.get(U32, at + CRC);
  }

  public static void setCrc(MemorySegment s, long at, int crc) {
    s.set(U32, at + CRC, crc);
  }
}

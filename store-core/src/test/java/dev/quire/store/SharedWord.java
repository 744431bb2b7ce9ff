package dev.quire.store;

import dev.quire.store.internal.format.SharedHeader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// A word of a `shm` in use, and what it is changed to.
///
/// Most bytes of a `shm` mean nothing: so the header's words come first, then the beginnings of
/// areas. What a word is changed to may be near to what it was, or one bit off, or anything.
///
/// @param at offset
/// @param before what it holds
/// @param after what it is to hold
record SharedWord(int at, long before, long after) {

  private static final int AREA_WORDS = (int) SharedHeader.areaWord(0);
  private static final int UNIT_BYTES = 4096;

  /// Bytes of an area where something is most likely.
  private static final int BEGINNING_BYTES = 512;

  static SharedWord choose(Path path, SplittableRandom random) throws IOException {
    ByteBuffer shm = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    int at = place(shm, random);
    long before = shm.getLong(at);
    return new SharedWord(at, before, changed(before, random));
  }

  private static int place(ByteBuffer shm, SplittableRandom random) {
    if (random.nextInt(5) < 2) {
      return Long.BYTES * random.nextInt(AREA_WORDS / Long.BYTES);
    }
    long area = 0;
    int code = 0;
    while (area == 0) {
      code = random.nextInt(SharedHeader.AREAS);
      area = shm.getLong((int) SharedHeader.areaWord(code));
    }
    if (random.nextInt(4) == 0) {
      return (int) SharedHeader.areaWord(code);
    }
    int capacity = (int) area * UNIT_BYTES;
    int reach = random.nextBoolean() ? Math.min(BEGINNING_BYTES, capacity) : capacity;
    return (int) (area >>> Integer.SIZE) * UNIT_BYTES
        + Long.BYTES * random.nextInt(reach / Long.BYTES);
  }

  private static long changed(long word, SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextInt() & 0xFFFF_FFFFL;
      case 2 -> word + random.nextInt(-3, 4);
      case 3 -> 0;
      case 4 -> random.nextBoolean() ? -1 : Long.MAX_VALUE;
      case 5 -> word ^ (long) random.nextInt(0x10000) << random.nextInt(Long.SIZE);
      default -> word ^ 1L << random.nextInt(Long.SIZE);
    };
  }

  void write(Path path) {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at);
      file.writeLong(Long.reverseBytes(after));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return String.format("word %d of shm in use: %x, was %x", at, after, before);
  }
}

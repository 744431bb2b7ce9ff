package dev.quire.store.internal.region;

import dev.quire.store.errors.StoreIoException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One open file description that no interrupt closes: for lengths, growth, mappings and syncs.
///
/// The methods of [RandomAccessFile] ignore interrupts; what only its channel can do runs in a
/// [CalmThread]. So it works on a file without a name, and a sync always ends on the description on
/// which it began: the kernel reports a failed writeback once per description.
final class SteadyFile implements AutoCloseable {

  /// Unit in which zeros are written, so that the page cache keeps the file in small pieces.
  private static final int ZEROS_BYTES = 4096;

  private static final byte[] ZEROS = new byte[ZEROS_BYTES];

  private final RandomAccessFile file;
  private volatile Path path;
  private volatile boolean closed;

  private SteadyFile(RandomAccessFile file, Path path) {
    this.file = file;
    this.path = path;
  }

  /// Opens a file that exists.
  static SteadyFile open(Path path, boolean readOnly) {
    if (!Files.isRegularFile(path)) {
      // Opening it for writing would create it.
      throw new StoreIoException("opening " + path + " failed: no such file");
    }
    try {
      return new SteadyFile(new RandomAccessFile(path.toFile(), readOnly ? "r" : "rw"), path);
    } catch (IOException e) {
      throw IoFailure.of(path, "opening", e);
    }
  }

  /// Creates a file in `directory` and removes its name at once: it is gone when it is closed, or
  /// when the process dies.
  static SteadyFile anonymous(Path directory) {
    try {
      Path path = createNew(directory);
      try {
        return open(path, false);
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw IoFailure.ofWrite(directory, "creating a file in", 0, e);
    }
  }

  /// Makes a file for its owner alone, of a name that nobody has. The JDK's way of finding one
  /// takes a random number, and loading the classes for that as long as opening a store.
  private static Path createNew(Path directory) throws IOException {
    while (true) {
      Path path = directory.resolve("quire-" + Long.toHexString(System.nanoTime()) + ".tmp");
      try {
        return Files.createFile(path, FileAccess.OWNER.ofNewFile(path));
      } catch (FileAlreadyExistsException e) {
        // Of another process: the next name is another one.
      }
    }
  }

  /// The name by which the file was opened or last renamed.
  Path path() {
    return path;
  }

  /// The file has a new name.
  void renamed(Path newPath) {
    path = newPath;
  }

  long sizeBytes() {
    requireOpen();
    try {
      return file.length();
    } catch (IOException e) {
      throw IoFailure.of(path, "reading the length of", e);
    }
  }

  /// Makes the file at least `sizeBytes` long by one zero at the end, behind a hole. A length is
  /// never set, so a file that is longer already keeps what it has.
  synchronized void growByHole(long sizeBytes) {
    if (sizeBytes <= sizeBytes()) {
      return;
    }
    try {
      file.seek(sizeBytes - 1);
      file.write(0);
    } catch (IOException e) {
      throw IoFailure.ofWrite(path, "growing (to " + sizeBytes + " bytes)", ZEROS_BYTES, e);
    }
  }

  /// Makes the file at least `sizeBytes` long by zeros, so that a store through a mapping never
  /// meets a full file system.
  synchronized void growByZeros(long sizeBytes) {
    writeZeros(sizeBytes(), sizeBytes);
  }

  /// Writes zeros from one position to another, if that is greater. Nothing is written if there is
  /// not room for all; what was written when the room ended nevertheless stays.
  synchronized void writeZeros(long from, long to) {
    requireOpen();
    long growth = to - Math.max(from, sizeBytes());
    if (growth > 0) {
      IoFailure.requireRoom(path, growth);
    }
    long size = from;
    try {
      file.seek(size);
      while (size < to) {
        int untilBoundary = ZEROS_BYTES - (int) (size % ZEROS_BYTES);
        int count = (int) Math.min(untilBoundary, to - size);
        file.write(ZEROS, 0, count);
        size += count;
      }
    } catch (IOException e) {
      throw IoFailure.ofWrite(path, "growing (to " + to + " bytes)", to - size, e);
    }
  }

  /// Cuts the file; never makes it longer.
  synchronized void truncateTo(long sizeBytes) {
    if (sizeBytes >= sizeBytes()) {
      return;
    }
    try {
      file.setLength(sizeBytes);
    } catch (IOException e) {
      throw IoFailure.of(path, "cutting (to " + sizeBytes + " bytes)", e);
    }
  }

  /// Maps a range that lies in the file: beyond the end, a READ_WRITE mapping would grow it.
  MemorySegment map(MapMode mode, long offset, long length, Arena arena) {
    requireOpen();
    FileChannel channel = file.getChannel();
    try {
      return CalmThread.call(() -> channel.map(mode, offset, length, arena));
    } catch (IOException e) {
      throw IoFailure.of(path, "mapping " + length + " bytes at " + offset + " of", e);
    }
  }

  /// Makes the file's content and length durable (fdatasync).
  void sync() {
    requireOpen();
    FileChannel channel = file.getChannel();
    try {
      CalmThread.call(
          () -> {
            channel.force(false);
            return channel;
          });
    } catch (IOException e) {
      throw IoFailure.of(path, "syncing", e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(path + " is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      file.close();
    } catch (IOException e) {
      throw IoFailure.of(path, "closing", e);
    }
  }
}

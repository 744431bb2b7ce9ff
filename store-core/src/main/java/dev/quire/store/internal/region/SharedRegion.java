package dev.quire.store.internal.region;

import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreTruncatedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/// A file that processes share by storing into it: one READ_WRITE mapping of the whole.
///
/// Every byte was written before it is mapped, so that a store never meets a full file system: room
/// is asked for here, with [dev.quire.store.errors.StoreFullException] for an answer, and nowhere
/// else. After a growth there is a new mapping; the old ones stay valid until [#close] and show the
/// same bytes. Processes may grow the file at the same time, each by a range of its own ([#zero]).
public final class SharedRegion implements AutoCloseable {

  private static final String UNFINISHED_SUFFIX = ".new";

  private final Arena arena = Arena.ofShared();
  private final SteadyFile file;
  private volatile MemorySegment segment;

  private SharedRegion(SteadyFile file, long sizeBytes) {
    this.file = file;
    try {
      file.growByZeros(sizeBytes);
      segment = mapWhole();
    } catch (StoreException e) {
      close();
      throw e;
    }
  }

  /// Opens the file, which exists.
  public static SharedRegion open(Path path) {
    return new SharedRegion(SteadyFile.open(path, false), 0);
  }

  /// Creates the file, filled with zeros, under a temporary name: [#install] gives it the one asked
  /// for. What an earlier attempt left under the temporary name is removed.
  public static SharedRegion create(Path path, long sizeBytes) {
    return create(path, sizeBytes, FileAccess.OWNER);
  }

  /// Creates the file as [#create(Path, long)] does, for others than its owner too.
  public static SharedRegion create(Path path, long sizeBytes, FileAccess access) {
    Path unfinished = path.resolveSibling(path.getFileName() + UNFINISHED_SUFFIX);
    Directories.delete(unfinished);
    Directories.createFile(unfinished, access);
    try {
      return new SharedRegion(SteadyFile.open(unfinished, false), sizeBytes);
    } catch (StoreException e) {
      Directories.delete(unfinished);
      throw e;
    }
  }

  /// Creates a file in memory that has no name: it is gone when it is closed or the process dies.
  public static SharedRegion temporary(long sizeBytes) {
    return new SharedRegion(SteadyFile.anonymous(Directories.ofMemory()), sizeBytes);
  }

  /// The name of the file.
  Path path() {
    return file.path();
  }

  /// Gives a file made by [#create] its name, in place of the one that has it.
  public void install(Path path) {
    Directories.rename(file.path(), path);
    file.renamed(path);
  }

  /// The current mapping, of the whole file as far as this process knows it.
  public MemorySegment segment() {
    return segment;
  }

  /// A mapping of at least `sizeBytes`: looks whether another process has grown the file.
  ///
  /// @throws IllegalArgumentException if it is shorter
  public MemorySegment segmentOf(long sizeBytes) {
    MemorySegment current = segment;
    return current.byteSize() >= sizeBytes ? current : mapAtLeast(sizeBytes);
  }

  /// Current length of the file.
  public long sizeBytes() {
    return file.sizeBytes();
  }

  /// Whether the file is shorter than what is mapped of it: somebody cut it.
  public boolean isCut() {
    long mapped = segment.byteSize();
    return file.sizeBytes() < mapped;
  }

  /// Makes the file at least `sizeBytes` long and maps it anew. New bytes are zero. One process at
  /// a time: two would write zeros over each other's stores.
  public synchronized void growTo(long sizeBytes) {
    file.growByZeros(sizeBytes);
    segmentOf(sizeBytes);
  }

  /// Fills a range that nobody uses with zeros, in the file or behind its end, and maps it.
  ///
  /// @throws StoreTruncatedException if somebody cut the file, which is not made long again
  public void zero(long from, long to) {
    if (isCut()) {
      throw new StoreTruncatedException(
          "something outside the store cut " + file.path() + "; close the store in every process");
    }
    file.writeZeros(from, to);
    segmentOf(to);
  }

  /// Cuts the file. Only with no other user: the rest of older mappings faults from now on.
  synchronized void truncateTo(long sizeBytes) {
    file.truncateTo(sizeBytes);
    segment = mapWhole();
  }

  private synchronized MemorySegment mapAtLeast(long sizeBytes) {
    if (segment.byteSize() < sizeBytes) {
      MemorySegment whole = mapWhole();
      if (whole.byteSize() < sizeBytes) {
        throw new IllegalArgumentException(
            sizeBytes + " bytes asked for, " + file.path() + " has " + whole.byteSize());
      }
      segment = whole;
    }
    return segment;
  }

  private MemorySegment mapWhole() {
    return file.map(MapMode.READ_WRITE, 0, file.sizeBytes(), arena);
  }

  /// Unmaps and closes. Segments handed out fail from now on.
  @Override
  public void close() {
    try {
      if (arena.scope().isAlive()) {
        arena.close();
      }
    } finally {
      file.close();
    }
  }
}

package dev.quire.store.internal.region;

import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreIoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// The durable `data` file.
///
/// Opened for writing even to read, unless the medium is read-only: on an overlay file system a
/// descriptor opened for reading could stay with the file below for ever.
///
/// Three open file descriptions: positional I/O goes through a [ReopeningChannel]; each [SyncRole]
/// has a [SteadyFile], so that both learn of a failed writeback. The role CHECKPOINT also serves
/// lengths, growth and mappings, which neither report nor consume such a failure.
///
/// The file grows as a hole; on a file system in memory, where even reading a hole fails when there
/// is no room, by zeros that are written.
public final class MappedRegion implements Region {

  private final FileIdentity identity;
  private final boolean readOnly;
  private final boolean inMemory;
  private final Arena arena;
  private final ReopeningChannel io;
  private final RoleSync commit;
  private final RoleSync checkpoint;
  private final AtomicLong handedOutBytes = new AtomicLong();

  /// A length that the file had: writes within it need no look at the file. It may be stale, and
  /// then the file is longer, since nobody cuts it under another user.
  private volatile long knownSizeBytes;

  private MappedRegion(Path path, boolean readOnly) {
    this.identity = FileIdentity.of(path);
    this.readOnly = readOnly;
    this.inMemory = FileSystemKind.of(path) == FileSystemKind.MEMORY;
    this.arena = Arena.ofShared();
    this.io = new ReopeningChannel(path, identity, readOnly);
    RoleSync opened = null;
    try {
      opened = new RoleSync(SteadyFile.open(path, readOnly), arena);
      this.commit = opened;
      this.checkpoint = new RoleSync(SteadyFile.open(path, readOnly), arena);
    } catch (StoreException e) {
      io.close();
      if (opened != null) {
        opened.close();
      }
      throw e;
    }
    try {
      identity.requireAt(path);
      this.knownSizeBytes = sizeBytes();
    } catch (StoreException e) {
      close();
      throw e;
    }
  }

  /// Creates an empty file, for its owner alone, and opens it.
  ///
  /// @throws StoreIoException if there is one already
  public static MappedRegion create(Path path) {
    return create(path, FileAccess.OWNER);
  }

  /// Creates an empty file and opens it.
  ///
  /// @throws StoreIoException if there is one already
  public static MappedRegion create(Path path, FileAccess access) {
    if (!Directories.createFile(path, access)) {
      throw new StoreIoException("creating " + path + " failed: it exists");
    }
    return open(path);
  }

  /// Opens a file that exists, for writing.
  public static MappedRegion open(Path path) {
    return new MappedRegion(path, false);
  }

  /// Opens a file on a read-only medium.
  public static MappedRegion openReadOnly(Path path) {
    return new MappedRegion(path, true);
  }

  /// Which file this is.
  public FileIdentity identity() {
    return identity;
  }

  /// Gives the file a new name in the same file system, in place of the file that has it, and makes
  /// the name durable.
  public void moveTo(Path target) {
    Directories.rename(checkpoint.file().path(), target);
    io.renamed(target);
    commit.file().renamed(target);
    checkpoint.file().renamed(target);
    Directories.sync(Directories.parentOf(target));
  }

  /// Address space in use: bytes of all mappings handed out, and of those made for syncs.
  public long mappedBytes() {
    return handedOutBytes.get() + commit.mappedBytes() + checkpoint.mappedBytes();
  }

  @Override
  public String name() {
    return checkpoint.file().path().toString();
  }

  @Override
  public long sizeBytes() {
    return checkpoint.file().sizeBytes();
  }

  @Override
  public MemorySegment map(long offset, long length) {
    Ranges.checkMapping(offset, length);
    Ranges.checkWithin(offset, length, sizeBytes());
    MemorySegment mapping = checkpoint.file().map(MapMode.READ_ONLY, offset, length, arena);
    handedOutBytes.addAndGet(length);
    return mapping;
  }

  @Override
  public boolean storable() {
    return false;
  }

  @Override
  public MemorySegment mapWritable(long offset, long length) {
    throw new IllegalStateException("a durable region is written by write() only");
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long length) {
    requireWritable();
    Ranges.check(offset, length);
    if (offset + length > knownSizeBytes) {
      knownSizeBytes = sizeBytes();
      Ranges.checkWithin(offset, length, knownSizeBytes);
    }
    io.write(offset, source, sourceOffset, length);
  }

  @Override
  public long read(long offset, MemorySegment target, long targetOffset, long length) {
    Ranges.check(offset, length);
    return io.read(offset, target, targetOffset, length);
  }

  @Override
  public void growTo(long sizeBytes) {
    requireWritable();
    if (inMemory) {
      checkpoint.file().growByZeros(sizeBytes);
    } else {
      checkpoint.file().growByHole(sizeBytes);
    }
  }

  @Override
  public void truncateTo(long sizeBytes) {
    requireWritable();
    checkpoint.file().truncateTo(sizeBytes);
    knownSizeBytes = sizeBytes();
    commit.unmap();
    checkpoint.unmap();
  }

  @Override
  public void sync(SyncRole role) {
    requireWritable();
    of(role).sync();
  }

  @Override
  public void syncRange(SyncRole role, long offset, long length) {
    requireWritable();
    Ranges.check(offset, length);
    of(role).syncRange(offset, length);
  }

  private RoleSync of(SyncRole role) {
    return switch (role) {
      case COMMIT -> commit;
      case CHECKPOINT -> checkpoint;
    };
  }

  private void requireWritable() {
    if (readOnly) {
      throw new IllegalStateException(checkpoint.file().path() + " was opened read-only");
    }
  }

  @Override
  public void close() {
    try (io;
        commit;
        checkpoint) {
      if (arena.scope().isAlive()) {
        arena.close();
      }
    }
  }
}

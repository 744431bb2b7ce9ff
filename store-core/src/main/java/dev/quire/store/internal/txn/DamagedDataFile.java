package dev.quire.store.internal.txn;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.internal.format.RedoOperation;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.MappedRegion;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The data file of a store that may be damaged, and that nobody else can open until this is
/// closed. Nothing in it is changed.
public final class DamagedDataFile implements AutoCloseable {

  private final StoreFiles files;
  private final MappedRegion region;
  private final @Nullable Superblock superblock;
  private final boolean newest;
  private final @Nullable LogScan log;

  private DamagedDataFile(StoreFiles files, MappedRegion region) {
    this.files = files;
    this.region = region;
    this.superblock = findSuperblock(region, files);
    Superblock found = superblock;
    boolean inForce = found != null;
    LogScan scan = null;
    if (found != null) {
      try {
        scan = LogScan.of(region, found, files.buffers());
      } catch (CorruptPageException e) {
        inForce = false;
      }
    }
    this.newest = inForce;
    this.log = scan;
  }

  /// Opens it.
  ///
  /// @throws NotAStoreException if there is no data file
  /// @throws StoreLockedException if somebody has the store open
  public static DamagedDataFile open(Path directory, StoreOptions options) {
    Path data = directory.resolve(StoreFiles.DATA);
    if (!Files.isRegularFile(data)) {
      throw new NotAStoreException("there is no store at " + directory);
    }
    StoreFiles files = new StoreFiles(Steps.NONE);
    try {
      if (!ReadOnlyOpening.keepWritersOut(directory, options, files)) {
        throw new StoreLockedException(
            directory + " is open in another process; close it there and try again");
      }
      MappedRegion region = MappedRegion.openReadOnly(data);
      files.own(region);
      return new DamagedDataFile(files, region);
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  private static @Nullable Superblock findSuperblock(Region region, StoreFiles files) {
    try {
      return SuperblockFile.readNewestOfAny(region, files.buffers());
    } catch (CorruptPageException | NotAStoreException e) {
      return null;
    }
  }

  public Region region() {
    return region;
  }

  /// Memory that lives until this is closed.
  public NativeBuffers buffers() {
    return files.buffers();
  }

  /// The newest superblock that can be read, or null.
  public @Nullable Superblock superblock() {
    return superblock;
  }

  /// Whether nothing says that there was a newer superblock.
  public boolean isNewest() {
    return newest;
  }

  /// Number of transactions in the log, which the superblock's state does not contain.
  public int loggedTransactions() {
    return log == null ? 0 : log.transactions().size();
  }

  /// The user word that the last of them, or the superblock's, was committed with.
  public long userTerm() {
    return log != null ? log.userTerm() : superblock == null ? 0 : superblock.userTerm();
  }

  /// The other user word.
  public long userIndex() {
    return log != null ? log.userIndex() : superblock == null ? 0 : superblock.userIndex();
  }

  /// Who is shown the log.
  @FunctionalInterface
  public interface LogVisitor {
    /// @param at where a [RedoOperation] begins in `memory`, which holds the whole of it
    void operation(MemorySegment memory, long at);
  }

  /// Shows every operation of the log, in order.
  public void forEachLogged(LogVisitor visitor) {
    LogScan scan = log;
    if (scan == null) {
      return;
    }
    MemorySegment memory = scan.memory();
    for (LogScan.Transaction transaction : scan.transactions()) {
      long at = transaction.offset();
      long end = at + transaction.lengthBytes();
      while (at + RedoOperation.SIZE_BYTES <= end) {
        int keyLength = RedoOperation.keyLength(memory, at);
        int valueLength = RedoOperation.valueLength(memory, at);
        long next = at + RedoOperation.lengthBytes(keyLength, valueLength);
        if (keyLength < 0 || valueLength < 0 || next > end) {
          break;
        }
        visitor.operation(memory, at);
        at = next;
      }
    }
  }

  @Override
  public void close() {
    files.close();
  }
}

package dev.quire.store.internal.region;

import dev.quire.store.errors.StoreIoException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The `lock` file: zero bytes, of which processes lock single ones at their positions.
///
/// The operating system drops all locks of a process on a file as soon as the process closes *any*
/// descriptor of it, and an interrupted thread closes the channel it is using. So the file is
/// opened once in a process ([StoreRegistry] sees to that), its channel is held until [#close], and
/// it sees nothing but `tryLock` and `release`, which ignore interrupts.
///
/// Invariant: `held[i]` is the lock of byte `i` if this object has it, and null otherwise; so a
/// byte is never asked for twice. Guarded by `this`.
public final class LockFile implements AutoCloseable {

  /// Bytes are numbered below this.
  public static final int MAX_BYTES = 1 << 16;

  private final Path path;
  private final FileIdentity identity;
  private final NamedFile name;
  private final FileChannel channel;
  private final boolean shared;
  private @Nullable FileLock[] held = new FileLock[32];

  private LockFile(Path path, FileIdentity identity, FileChannel channel, boolean shared) {
    this.shared = shared;
    this.path = path;
    this.identity = identity;
    this.name = new NamedFile(path, identity);
    this.channel = channel;
  }

  /// Opens the file, which exists and is the one that was claimed.
  public static LockFile open(StoreRegistry.Claim claim) {
    return open(claim, false, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /// The same for who only reads: a byte may be held by any number of readers, or by one who
  /// writes. The file need not be writable.
  public static LockFile openShared(StoreRegistry.Claim claim) {
    return open(claim, true, StandardOpenOption.READ);
  }

  private static LockFile open(
      StoreRegistry.Claim claim, boolean shared, StandardOpenOption... how) {
    Path path = claim.path();
    try {
      FileChannel channel = FileChannel.open(path, how);
      try {
        claim.identity().requireAt(path);
        return new LockFile(path, claim.identity(), channel, shared);
      } catch (StoreIoException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw IoFailure.of(path, "opening", e);
    }
  }

  /// Takes a byte without waiting.
  ///
  /// @return false if it is taken, by another process or through this object
  public synchronized boolean tryAcquire(long byteIndex) {
    int index = requireIndex(byteIndex);
    if (index < held.length && held[index] != null) {
      return false;
    }
    FileLock lock = tryLock(index);
    if (lock == null) {
      return false;
    }
    if (index >= held.length) {
      held = Arrays.copyOf(held, Integer.highestOneBit(index) << 1);
    }
    held[index] = lock;
    return true;
  }

  /// Lets go of a byte.
  ///
  /// @throws IllegalStateException if it was not taken through this object
  public synchronized void release(long byteIndex) {
    int index = requireIndex(byteIndex);
    FileLock lock = index < held.length ? held[index] : null;
    if (lock == null) {
      throw new IllegalStateException("byte " + byteIndex + " of " + path + " is not held");
    }
    held[index] = null;
    release(index, lock);
  }

  /// Whether this object has the byte.
  public synchronized boolean isHeld(long byteIndex) {
    int index = requireIndex(byteIndex);
    return index < held.length && held[index] != null;
  }

  /// Whether another process has the byte. Takes it for a moment to find out: two that ask at the
  /// same time may both be told yes.
  public synchronized boolean isHeldByOther(long byteIndex) {
    int index = requireIndex(byteIndex);
    if (isHeld(index)) {
      return false;
    }
    FileLock lock = tryLock(index);
    if (lock == null) {
      return true;
    }
    release(index, lock);
    return false;
  }

  /// Which file this is.
  public FileIdentity identity() {
    return identity;
  }

  /// Whether the locks still mean something: the file is open, and its path names it, so everybody
  /// else asks for the same bytes.
  public boolean isIntact() {
    return channel.isOpen() && name.isIntact();
  }

  private @Nullable FileLock tryLock(int index) {
    if (!channel.isOpen()) {
      throw new IllegalStateException(path + " is closed");
    }
    try {
      return channel.tryLock(index, 1, shared);
    } catch (OverlappingFileLockException e) {
      // Taken in this process past the registry: somebody else's, as far as this object goes.
      return null;
    } catch (IOException e) {
      throw IoFailure.of(path, "locking byte " + index + " of", e);
    }
  }

  private void release(int index, FileLock lock) {
    try {
      lock.release();
    } catch (IOException e) {
      throw IoFailure.of(path, "unlocking byte " + index + " of", e);
    }
  }

  private int requireIndex(long byteIndex) {
    if (byteIndex < 0 || byteIndex >= MAX_BYTES) {
      throw new IllegalArgumentException("byte " + byteIndex + ", allowed 0 to " + (MAX_BYTES - 1));
    }
    return (int) byteIndex;
  }

  /// Closes the file, and with that lets go of every byte.
  @Override
  public synchronized void close() {
    Arrays.fill(held, null);
    try {
      channel.close();
    } catch (IOException e) {
      throw IoFailure.of(path, "closing", e);
    }
  }
}

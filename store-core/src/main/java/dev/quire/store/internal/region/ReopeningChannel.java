package dev.quire.store.internal.region;

import dev.quire.store.errors.StoreIoException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Positional reads and writes that an interrupt neither fails nor repeats to the caller.
///
/// An interrupted thread closes the channel it is using, for every other thread too. Each operation
/// here is idempotent, so whoever finds the channel closed opens the file anew, after a look that
/// the path still names it, and repeats. Nothing but positions is done through this channel: no
/// sync depends on its description, no lock hangs on it.
final class ReopeningChannel implements AutoCloseable {

  /// The longest piece given to the operating system at once.
  private static final long PIECE_BYTES = 1 << 30;

  private final FileIdentity identity;
  private final boolean readOnly;
  private volatile Path path;
  private volatile FileChannel channel;
  private volatile boolean closed;
  private volatile long reopenings;

  ReopeningChannel(Path path, FileIdentity identity, boolean readOnly) {
    this.path = path;
    this.identity = identity;
    this.readOnly = readOnly;
    this.channel = open();
  }

  /// The file has a new name.
  void renamed(Path newPath) {
    path = newPath;
  }

  /// Writes all of the range to the file at `position`.
  void write(long position, MemorySegment source, long sourceOffset, long length) {
    boolean interrupted = Thread.interrupted();
    try {
      long done = 0;
      while (done < length) {
        FileChannel current = channel;
        try {
          ByteBuffer piece = piece(source, sourceOffset + done, length - done);
          done += current.write(piece, position + done);
        } catch (ClosedChannelException e) {
          interrupted |= Thread.interrupted();
          reopen(current);
        } catch (IOException e) {
          String action = "writing " + length + " bytes at " + position + " of";
          throw IoFailure.ofWrite(path, action, length - done, e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Reads the range, or less of it if the file ends before.
  long read(long position, MemorySegment target, long targetOffset, long length) {
    boolean interrupted = Thread.interrupted();
    try {
      long done = 0;
      while (done < length) {
        FileChannel current = channel;
        try {
          int count =
              current.read(piece(target, targetOffset + done, length - done), position + done);
          if (count < 0) {
            break;
          }
          done += count;
        } catch (ClosedChannelException e) {
          interrupted |= Thread.interrupted();
          reopen(current);
        } catch (IOException e) {
          throw IoFailure.of(path, "reading " + length + " bytes at " + position + " of", e);
        }
      }
      return done;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static ByteBuffer piece(MemorySegment memory, long offset, long length) {
    return memory.asSlice(offset, Math.min(length, PIECE_BYTES)).asByteBuffer();
  }

  // Whether it is still the channel that was found closed.
  @SuppressWarnings("ReferenceEquality")
  private synchronized void reopen(FileChannel found) {
    if (closed) {
      throw new IllegalStateException("the region of " + path + " is closed");
    }
    if (channel == found) {
      channel = open();
      reopenings++;
    }
  }

  /// How often an interrupt has closed the file.
  long reopenings() {
    return reopenings;
  }

  private FileChannel open() {
    try {
      FileChannel opened =
          readOnly
              ? FileChannel.open(path, StandardOpenOption.READ)
              : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        identity.requireAt(path);
        return opened;
      } catch (StoreIoException e) {
        opened.close();
        throw e;
      }
    } catch (IOException e) {
      throw IoFailure.of(path, "opening", e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw IoFailure.of(path, "closing", e);
    }
  }
}

package dev.quire.store.internal.copy;

import dev.quire.store.errors.StoreIoException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// Writes to a channel that blocks.
final class ChannelSink implements CopySink {

  private final WritableByteChannel channel;

  ChannelSink(WritableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public void write(MemorySegment source, long offset, long length) {
    ByteBuffer bytes = source.asSlice(offset, length).asByteBuffer();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new StoreIoException("writing the backup failed: " + e.getMessage(), e);
    }
  }
}

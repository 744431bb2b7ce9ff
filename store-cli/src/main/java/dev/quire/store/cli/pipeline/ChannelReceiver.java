package dev.quire.store.cli.pipeline;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/// Reads blocks from a pipe or a socket, into memory outside the heap, for the same reason as
/// [ChannelSender].
final class ChannelReceiver implements BlockReceiver {

  private final ReadableByteChannel channel;

  ChannelReceiver(ReadableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public void receive(Handler handler) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(SampleBlock.BYTES);
    MemorySegment block = MemorySegment.ofBuffer(bytes);
    do {
      bytes.clear();
      while (bytes.hasRemaining()) {
        if (channel.read(bytes) < 0) {
          throw new EOFException("the producer has gone before the end");
        }
      }
    } while (handler.handle(block));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

package dev.quire.store.cli.pipeline;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// Writes blocks to a pipe or a socket.
///
/// The block's memory is outside the heap, so the channel hands it to the system as it is, and the
/// system makes the only copy of this side.
final class ChannelSender implements BlockSender {

  private final WritableByteChannel channel;

  ChannelSender(WritableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public void send(MemorySegment block) throws IOException {
    ByteBuffer bytes = block.asByteBuffer();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

package dev.quire.store.cli.pipeline;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// The producer's end of a way from one process to another.
interface BlockSender extends AutoCloseable {

  /// Hands on a block; waits while the consumer is too far behind. The memory may be used again
  /// afterwards.
  void send(MemorySegment block) throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}

package dev.quire.store.cli.pipeline;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// The consumer's end of a way from one process to another.
interface BlockReceiver extends AutoCloseable {

  /// What is done with a block.
  interface Handler {

    /// Handles a block, whose memory is valid until this returns.
    ///
    /// @return whether there will be more
    boolean handle(MemorySegment block);
  }

  /// Gives every block to `handler`, in the order in which they were sent, until it wants no more.
  ///
  /// @throws IOException if the producer has gone before
  void receive(Handler handler) throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}

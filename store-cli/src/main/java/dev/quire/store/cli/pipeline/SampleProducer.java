package dev.quire.store.cli.pipeline;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/// The process that makes samples.
public final class SampleProducer {

  private SampleProducer() {}

  /// Sends the blocks of a run.
  public static void run(PipelineRun run) throws IOException, InterruptedException {
    try (Arena arena = Arena.ofConfined();
        BlockSender sender = run.way().openSender(run.address())) {
      MemorySegment block = arena.allocate(SampleBlock.BYTES, SampleBlock.SAMPLE_BYTES);
      for (long number = 0; number < run.warmupBlocks(); number++) {
        SampleBlock.fill(block, number);
        sender.send(block);
      }
      long before = ProcessorTime.nanos();
      for (long number = run.warmupBlocks(); number < run.fastBlocks(); number++) {
        SampleBlock.fill(block, number);
        sender.send(block);
      }
      long processorNanos = ProcessorTime.nanos() - before;
      long start = System.nanoTime();
      for (long number = run.fastBlocks(); number < run.blocks(); number++) {
        waitUntil(start + (number - run.fastBlocks()) * run.periodNanos());
        SampleBlock.fill(block, number);
        sender.send(block);
      }
      SampleBlock.fillEnd(block, processorNanos);
      sender.send(block);
    }
  }

  private static void waitUntil(long moment) {
    for (long left = moment - System.nanoTime(); left > 0; left = moment - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}

package dev.quire.store.cli.pipeline;

import dev.quire.store.cli.pipeline.PipelineReport.Delays;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The process that analyses samples, and measures.
public final class SampleConsumer implements BlockReceiver.Handler {

  private final PipelineRun run;
  private final long[] delays;
  private final SampleWindows windows = new SampleWindows();
  private int received;
  private long startNanos;
  private long startProcessorNanos;
  private long nanos;
  private long processorNanos;
  private long producerNanos;

  private SampleConsumer(PipelineRun run) {
    this.run = run;
    this.delays = new long[Math.toIntExact(run.blocks())];
  }

  /// Takes in the blocks of a run.
  public static PipelineReport run(PipelineRun run) throws IOException, InterruptedException {
    SampleConsumer consumer = new SampleConsumer(run);
    try (BlockReceiver receiver = run.way().openReceiver(run.address())) {
      receiver.receive(consumer);
      return consumer.report();
    }
  }

  /// Makes and analyses the blocks of a run in this thread, without any way between.
  public static PipelineReport runAlone(PipelineRun run) {
    SampleConsumer consumer = new SampleConsumer(run);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment block = arena.allocate(SampleBlock.BYTES, SampleBlock.SAMPLE_BYTES);
      for (long number = 0; number < run.blocks(); number++) {
        SampleBlock.fill(block, number);
        consumer.handle(block);
      }
    }
    return consumer.report();
  }

  @Override
  public boolean handle(MemorySegment block) {
    if (SampleBlock.number(block) == SampleBlock.END) {
      producerNanos = SampleBlock.endNumber(block);
      return false;
    }
    windows.add(block);
    long now = System.nanoTime();
    delays[received++] = now - SampleBlock.completedNanos(block);
    if (received == run.warmupBlocks()) {
      startNanos = now;
      startProcessorNanos = ProcessorTime.nanos();
    } else if (received == run.fastBlocks()) {
      nanos = now - startNanos;
      processorNanos = ProcessorTime.nanos() - startProcessorNanos;
    }
    return true;
  }

  private PipelineReport report() {
    int warm = (int) run.warmupBlocks();
    int fast = (int) run.fastBlocks();
    return new PipelineReport(
        windows.count(),
        windows.checksum(),
        (long) (fast - warm) * SampleBlock.BYTES,
        nanos,
        producerNanos,
        processorNanos,
        Delays.of(delays, Math.min(warm, received), Math.min(fast, received)),
        Delays.of(delays, Math.min(fast, received), received));
  }
}

package dev.quire.store.cli.pipeline;

import java.time.Duration;

/// Processor time of this process, of all its threads.
public final class ProcessorTime {

  private ProcessorTime() {}

  /// How much it has used, as exact as the system counts it; 0 where it does not.
  public static long nanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }
}

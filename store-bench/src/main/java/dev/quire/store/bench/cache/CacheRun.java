package dev.quire.store.bench.cache;

import dev.quire.store.bench.peer.PeerKind;
import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs [CacheBenchmark] and [ChurnBenchmark], with the flags that Chronicle Map needs.
public final class CacheRun {

  private CacheRun() {}

  /// Runs them and prints a table.
  ///
  /// @param words JMH's options
  public static void run(List<String> words) throws RunnerException, CommandLineOptionException {
    String[] flags = PeerKind.CHRONICLE.jvmFlags().toArray(String[]::new);
    new Runner(
            new OptionsBuilder()
                .parent(new CommandLineOptions(words.toArray(String[]::new)))
                .include(CacheBenchmark.class.getSimpleName())
                .include(ChurnBenchmark.class.getSimpleName())
                .jvmArgsAppend(flags)
                .build())
        .run();
  }
}

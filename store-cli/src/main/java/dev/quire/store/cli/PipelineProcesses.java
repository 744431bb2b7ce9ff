package dev.quire.store.cli;

import dev.quire.store.cli.pipeline.PipelineReport;
import dev.quire.store.cli.pipeline.PipelineRun;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The two processes of a run of [PipelineDemo]: what the first one writes to its standard output
/// the second one reads from its standard input.
final class PipelineProcesses {

  private static final long PATIENCE_SECONDS = 30;

  private PipelineProcesses() {}

  /// Runs both, and returns what the consumer reported.
  ///
  /// @throws IOException if one of them failed; it has said why to the standard error
  static PipelineReport run(PipelineRun run) throws IOException, InterruptedException {
    List<Process> both =
        ProcessBuilder.startPipeline(List.of(role("--producer", run), role("--consumer", run)));
    try {
      Process producer = both.get(0);
      Process consumer = both.get(1);
      Thread.ofVirtual().start(() -> endWith(producer, consumer));
      String said = new String(consumer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      requireSuccess("consumer", consumer);
      requireSuccess("producer", producer);
      return PipelineReport.parse(said.strip());
    } finally {
      both.forEach(Process::destroyForcibly);
    }
  }

  /// A producer that failed leaves the consumer nothing to wait for.
  private static void endWith(Process producer, Process consumer) {
    try {
      if (producer.waitFor() != 0) {
        consumer.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void requireSuccess(String name, Process process)
      throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("the " + name + " of the pipeline failed");
    }
  }

  private static ProcessBuilder role(String role, PipelineRun run) {
    List<String> words = new ArrayList<>(List.of("demo", "pipeline", role));
    words.addAll(run.words());
    return OwnProgram.with(words).redirectError(Redirect.INHERIT);
  }
}

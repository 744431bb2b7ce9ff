package dev.quire.store.cli.pipeline;

import java.util.List;

/// One run of the pipeline, as both of its processes are told it: first blocks as fast as they go,
/// of which the first half is the warm-up, then some at a fixed rate.
///
/// @param way how blocks come over
/// @param address where, see [Way]
/// @param fastBlocks how many are sent as fast as they go (2 and up)
/// @param ratedBlocks how many are sent after those (1 and up)
/// @param periodNanos time from one of the latter to the next
public record PipelineRun(
    Way way, String address, long fastBlocks, long ratedBlocks, long periodNanos) {

  /// Number of words that [#words] gives.
  public static final int WORDS = 5;

  /// All blocks of the run.
  long blocks() {
    return fastBlocks + ratedBlocks;
  }

  /// Blocks that are sent before anything is measured.
  long warmupBlocks() {
    return fastBlocks / 2;
  }

  /// The same blocks by another way.
  public PipelineRun by(Way way, String address) {
    return new PipelineRun(way, address, fastBlocks, ratedBlocks, periodNanos);
  }

  /// The run as words of a command line.
  public List<String> words() {
    return List.of(
        way.name(),
        address,
        Long.toString(fastBlocks),
        Long.toString(ratedBlocks),
        Long.toString(periodNanos));
  }

  /// The run that [#words] was called on.
  public static PipelineRun parse(List<String> words) {
    return new PipelineRun(
        Way.valueOf(words.get(0)),
        words.get(1),
        Long.parseLong(words.get(2)),
        Long.parseLong(words.get(3)),
        Long.parseLong(words.get(4)));
  }
}

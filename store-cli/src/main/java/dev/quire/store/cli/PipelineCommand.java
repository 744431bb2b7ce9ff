package dev.quire.store.cli;

import dev.quire.store.cli.pipeline.PipelineRun;
import dev.quire.store.cli.pipeline.SampleBlock;
import dev.quire.store.cli.pipeline.SampleConsumer;
import dev.quire.store.cli.pipeline.SampleProducer;
import dev.quire.store.cli.pipeline.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "pipeline",
    description = {
      "Make samples in one process and analyse them in another, three ways.",
      "Through a store, a pipe and a socket, and compare: throughput, processor time, and the time",
      "from making to analysis. Exits with 1 if the results differ."
    },
    footer = {
      "",
      "Examples:",
      "  quire demo pipeline",
      "  quire demo pipeline --bytes 8g --ways store,pipe,socket,disk --dir /a/disk"
    })
final class PipelineCommand extends StoreCommand {

  @Option(
      names = "--bytes",
      paramLabel = "N",
      converter = AmountConverter.class,
      description = "How much goes each way as fast as it can, as in 512m or 8g. Default: 2g")
  private long bytes = 2L << 30;

  @Option(
      names = "--ways",
      paramLabel = "WAY",
      split = ",",
      description = "Which ways: store, pipe, socket, disk. Default: store,pipe,socket")
  private List<String> ways = List.of("store", "pipe", "socket");

  @Option(
      names = "--rate",
      paramLabel = "N",
      converter = AmountConverter.class,
      description = "Bytes a second of what is sent after that, to measure delays. Default: 64m")
  private long rate = 64L << 20;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the store of the way \"disk\" lies. Default: a temporary directory")
  private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

  @Option(names = "--producer", hidden = true, arity = "" + PipelineRun.WORDS)
  private List<String> producer = List.of();

  @Option(names = "--consumer", hidden = true, arity = "" + PipelineRun.WORDS)
  private List<String> consumer = List.of();

  PipelineCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException, InterruptedException {
    if (!producer.isEmpty()) {
      SampleProducer.run(PipelineRun.parse(producer));
      return ExitCode.OK;
    }
    if (!consumer.isEmpty()) {
      output().line(SampleConsumer.run(PipelineRun.parse(consumer)).line());
      return ExitCode.OK;
    }
    if (bytes < PipelineDemo.LEAST_BYTES || rate < SampleBlock.BYTES) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "allowed are --bytes "
              + PipelineDemo.LEAST_BYTES
              + " and up, and --rate "
              + SampleBlock.BYTES
              + " and up");
    }
    List<Way> chosen = ways.stream().map(PipelineCommand::way).toList();
    return new PipelineDemo(directory, output(), bytes, rate).run(chosen)
        ? ExitCode.OK
        : ExitCode.NOT_FOUND;
  }

  private static Way way(String name) {
    for (Way way : Way.values()) {
      if (way.commandName().equals(name)) {
        return way;
      }
    }
    throw new CommandFailure(
        ExitCode.USAGE, "--ways " + name + ": there are store, pipe, socket and disk");
  }
}

package dev.quire.store.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = "Load every named Unicode character into a new durable store, and use it.",
    footer = {
      "",
      "Examples:",
      "  quire demo",
      "  quire demo --keep unicode.quire",
      "  quire demo --processes 4   one process writes, three read the same store"
    })
final class DemoCommand extends StoreCommand {

  private static final int MOST_PROCESSES = 64;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Make the store here and leave it; else it is temporary.")
  private @Nullable Path keep;

  @Option(
      names = "--processes",
      paramLabel = "N",
      description = "Share one store among N processes instead: one writes, the others read.")
  private int processes = 1;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "With --processes: how long. Default: 5")
  private int seconds = 5;

  @Option(names = "--reader-of", hidden = true)
  private @Nullable Path readerOf;

  /// The command with the one below it.
  static CommandLine withSubcommand(Output output) {
    CommandLine line = new CommandLine(new DemoCommand(output));
    CommandLine pipeline = new CommandLine(new PipelineCommand(output));
    pipeline.getCommandSpec().mixinStandardHelpOptions(true);
    return line.addSubcommand(pipeline);
  }

  private DemoCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    if (readerOf != null) {
      new SharingReader(output()).run(readerOf);
      return ExitCode.OK;
    }
    if (processes < 1 || processes > MOST_PROCESSES || seconds < 1) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "allowed are --processes 1 to " + MOST_PROCESSES + " and --seconds 1 and up");
    }
    if (keep != null) {
      if (keep.toString().isEmpty()) {
        throw new CommandFailure(ExitCode.USAGE, "--keep is empty; give a path for the new store");
      }
      if (Files.exists(keep)) {
        throw new CommandFailure(
            ExitCode.UNAVAILABLE,
            keep + " exists: the demo wants a place of its own; give another path, or remove it");
      }
      return demo(keep, true);
    }
    try (Scratch scratch = new Scratch()) {
      return demo(scratch.path().resolve("unicode.quire"), false);
    }
  }

  private ExitCode demo(Path path, boolean kept) throws IOException {
    if (processes > 1) {
      boolean right = new SharingDemo(path, output(), processes, seconds).run();
      return right ? ExitCode.OK : ExitCode.DAMAGED;
    }
    UnicodeDemo demo = new UnicodeDemo(path, output());
    boolean clean = demo.run();
    demo.sayHowToGoOn(kept);
    return clean ? ExitCode.OK : ExitCode.DAMAGED;
  }
}

package dev.quire.store.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

  DemoCommand(Output output) {
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
      if (Files.exists(keep)) {
        throw new CommandFailure(
            ExitCode.UNAVAILABLE, keep + " exists: the demo wants a place of its own");
      }
      return demo(keep, true);
    }
    Path parent = Files.createTempDirectory("quire-demo");
    Thread cleaner = new Thread(() -> deleteTree(parent));
    Runtime.getRuntime().addShutdownHook(cleaner);
    try {
      return demo(parent.resolve("unicode.quire"), false);
    } finally {
      deleteTree(parent);
      Runtime.getRuntime().removeShutdownHook(cleaner);
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

  /// Deletes what is there of a directory.
  private static void deleteTree(Path root) {
    try (Stream<Path> found = Files.walk(root)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // A temporary directory that cannot be removed is the system's to clean.
    }
  }
}

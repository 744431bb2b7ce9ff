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
    footer = {"", "Examples:", "  quire demo", "  quire demo --keep unicode.quire"})
final class DemoCommand extends StoreCommand {

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Make the store here and leave it; else it is temporary.")
  private @Nullable Path keep;

  DemoCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
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

  private ExitCode demo(Path path, boolean kept) {
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

package dev.quire.store.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// What `load` and `import` have in common.
final class LoadOptions {

  private static final int BUFFER_BYTES = 256 << 10;

  @Option(names = "--keep-existing", description = "Entries that are there stay as they are.")
  private boolean keepExisting;

  @Option(
      names = "--commit-every",
      paramLabel = "N",
      description = "Commit after each N entries; else everything is one transaction.")
  private long commitEvery;

  @Option(
      names = "--skip",
      paramLabel = "N",
      description = "Pass over N entries: goes on where a load with --commit-every was stopped.")
  private long skip;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  LoadSink.Choices choices() {
    return new LoadSink.Choices(keepExisting, commitEvery, skip);
  }

  /// The file of a name; `-` is the standard input.
  static InputStream open(Output output, String name) throws IOException {
    InputStream in = name.equals("-") ? output.in() : Files.newInputStream(Path.of(name));
    return new BufferedInputStream(in, BUFFER_BYTES);
  }

  /// Says how much there was.
  void print(Output output, LoadSink sink) {
    output.line(
        json
            ? Json.object().put("tables", sink.tables()).put("entries", sink.count()).toString()
            : Long.toString(sink.count()));
  }
}

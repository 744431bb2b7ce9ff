package dev.quire.store.cli;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "top",
    description = "Show live what the processes of a store do: commits, gets, lag, readers.",
    footer = {
      "",
      "At a terminal it takes the whole screen until q; elsewhere, and with --count or --json, it",
      "prints a line each interval. gets are lookups of a key, hits those that found it; behind is",
      "how many transactions no checkpoint has brought to rest yet; oldest, how many the oldest",
      "reader is behind.",
      "",
      "Examples:",
      "  quire top my.quire",
      "  quire top my.quire --count 10 --interval 500ms",
      "",
      "JSON, a line each interval: txnId, commitsPerSecond, getsPerSecond, hitsPerSecond,",
      "syncsPerSecond, ringUsedBytes, ringSizeBytes, checkpointBehind, pinnedBytes,",
      "oldestReaderBehind (if there is one), processes."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class TopCommand extends StoreCommand {

  private static final long LEAST_MILLIS = 50;
  private static final int LINES_PER_HEADING = 20;

  @Mixin private StoreTarget target;

  @Option(names = "--count", paramLabel = "N", description = "Print N lines, and end.")
  private @Nullable Long count;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      description = "Time between two looks (1s unless given): 500ms, 5s, 1m.")
  private String interval;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  TopCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws Exception {
    long millis = Lives.duration(interval).toMillis();
    if (millis < LEAST_MILLIS || count != null && count < 1) {
      throw new IllegalArgumentException("--interval is at least 50ms, and --count at least 1");
    }
    if (!json && count == null && output().isScreen()) {
      showScreens(millis);
    } else {
      printLines(millis);
    }
    return ExitCode.OK;
  }

  private void showScreens(long millis) throws IOException {
    try (TopSample.Source source = new TopSample.Source(target, Output.ofNobody())) {
      TopSample before = source.take();
      try (TopScreen screen = new TopScreen(Screen.terminal())) {
        boolean goesOn;
        do {
          TopSample now = source.take();
          screen.show(new TopFrame(before, now).screen(target.path().toString()));
          before = now;
          goesOn = screen.await(millis);
        } while (goesOn);
      }
    }
  }

  private void printLines(long millis) throws InterruptedException {
    long lines = count == null ? Long.MAX_VALUE : count;
    try (TopSample.Source source = new TopSample.Source(target, output())) {
      TopSample before = source.take();
      for (long line = 0; line < lines; line++) {
        TimeUnit.MILLISECONDS.sleep(millis);
        TopSample now = source.take();
        TopFrame frame = new TopFrame(before, now);
        before = now;
        if (!json && line % LINES_PER_HEADING == 0) {
          output().line(output().bold(TopFrame.HEADING));
        }
        output().line(json ? frame.json().toString() : frame.line());
        output().flush();
      }
    }
  }
}

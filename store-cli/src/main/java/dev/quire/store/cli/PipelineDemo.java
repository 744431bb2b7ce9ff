package dev.quire.store.cli;

import dev.quire.store.Store;
import dev.quire.store.TemporaryStore;
import dev.quire.store.cli.pipeline.PipelineReport;
import dev.quire.store.cli.pipeline.PipelineRun;
import dev.quire.store.cli.pipeline.SampleBlock;
import dev.quire.store.cli.pipeline.SampleConsumer;
import dev.quire.store.cli.pipeline.SampleStore;
import dev.quire.store.cli.pipeline.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The demo of the sensor pipeline: the same samples go from one process to another in several
/// ways, each as fast as it can, and then at a fixed rate, which shows delays that are not those of
/// a queue.
final class PipelineDemo {

  /// The least that can be measured.
  static final long LEAST_BYTES = 8L << 20;

  private static final double RATED_SECONDS = 1.5;
  private static final double MEGA = 1e6;
  private static final double GIGA = 1e9;
  private static final double NANOS_PER_MICRO = 1e3;

  /// What was measured of a way.
  ///
  /// @param way null if the samples had none to go
  private record Row(@Nullable Way way, PipelineReport report) {}

  private final Path directory;
  private final Output output;
  private final PipelineRun blocks;
  private boolean right = true;

  /// @param directory where the directory of a store on a disk is made
  /// @param bytes how much goes each way as fast as it can
  /// @param rate bytes a second after that
  PipelineDemo(Path directory, Output output, long bytes, long rate) {
    this.directory = directory;
    this.output = output;
    long fast = bytes / SampleBlock.BYTES;
    long rated = (long) Math.min((double) fast, RATED_SECONDS * rate / SampleBlock.BYTES);
    long period = Math.round(GIGA * SampleBlock.BYTES / rate);
    this.blocks = new PipelineRun(Way.PIPE, "-", fast, Math.max(1, rated), period);
  }

  /// Runs the demo; says whether every way gave the right windows and the stores stayed small.
  boolean run(List<Way> ways) throws IOException, InterruptedException {
    say(
        "samples",
        Amounts.count(blocks.fastBlocks() * SampleBlock.SAMPLES)
            + " each way, of "
            + SampleBlock.SAMPLE_BYTES
            + " bytes, in blocks of "
            + Amounts.bytes(SampleBlock.BYTES));
    PipelineReport alone = SampleConsumer.runAlone(blocks);
    say("alone", Amounts.count(alone.windows()) + " windows, made and analysed in one thread");
    List<Row> rows = new ArrayList<>();
    rows.add(new Row(null, alone));
    for (Way way : ways) {
      PipelineReport report = run(way);
      boolean same = report.windows() == alone.windows() && report.checksum() == alone.checksum();
      right &= same;
      say(way.commandName(), same ? "the same windows" : output.red("OTHER windows"));
      rows.add(new Row(way, report));
    }
    output.line("");
    table(rows);
    output.line("");
    ways.forEach(way -> say(way.commandName(), way.explanation()));
    say("note", "the JVM compiles a store for some seconds: --bytes 12g shows how it goes on");
    return right;
  }

  private PipelineReport run(Way way) throws IOException, InterruptedException {
    return switch (way) {
      case STORE -> {
        try (TemporaryStore store = Store.sharedTemporary()) {
          PipelineReport report = PipelineProcesses.run(blocks.by(way, store.token()));
          right &= requireSmall(store);
          yield report;
        }
      }
      case DISK -> {
        try (Scratch scratch = new Scratch(directory);
            Store store = Store.open(scratch.path(), SampleStore.diskOptions())) {
          PipelineReport report = PipelineProcesses.run(blocks.by(way, scratch.path().toString()));
          long bytes = store.stats().fileSizeBytes();
          say(way.commandName(), "the file has grown to " + Amounts.bytes(bytes));
          right &= store.check().isClean();
          yield report;
        }
      }
      case SOCKET -> {
        try (Scratch scratch = new Scratch()) {
          yield PipelineProcesses.run(blocks.by(way, scratch.path().resolve("s").toString()));
        }
      }
      case PIPE -> PipelineProcesses.run(blocks.by(way, "-"));
    };
  }

  /// A file in memory never shrinks while it is open: its length is the most that it ever was.
  private boolean requireSmall(Store store) {
    long bytes = store.stats().fileSizeBytes();
    boolean small = bytes <= SampleStore.MOST_BYTES;
    say(
        Way.STORE.commandName(),
        "the file has grown to "
            + Amounts.bytes(bytes)
            + (small ? ", allowed are " : ", allowed are ONLY ")
            + Amounts.bytes(SampleStore.MOST_BYTES));
    return small && store.check().isClean();
  }

  /// The figures, in a form that is a table in Markdown, too.
  private void table(List<Row> rows) {
    row("way", "MB/s", "samples/s", "CPU s/GB", "delay, fast us", "at rate us", "copies");
    output.line(
        "|"
            + "-".repeat(24)
            + "|-------:|------------:|--------------:"
            + "|---------------:|---------------:|-------:|");
    for (Row row : rows) {
      PipelineReport report = row.report;
      double seconds = report.nanos() / GIGA;
      Way way = row.way;
      row(
          way == null ? "none: one thread" : way.title(),
          number("%,.0f", report.bytes() / MEGA / seconds),
          number("%,.0f M", report.bytes() / MEGA / SampleBlock.SAMPLE_BYTES / seconds),
          number("%.2f", (double) report.producerNanos() / report.bytes())
              + " + "
              + number("%.2f", (double) report.consumerNanos() / report.bytes()),
          way == null ? "-" : delays(report.fast()),
          way == null ? "-" : delays(report.rated()),
          way == null ? 0 : way.copies());
    }
  }

  private void row(Object... cells) {
    output.line(
        String.format(Locale.ROOT, "| %-22s | %6s | %11s | %13s | %14s | %14s | %6s |", cells));
  }

  private static String delays(PipelineReport.Delays delays) {
    return number("%,.0f", delays.medianNanos() / NANOS_PER_MICRO)
        + " / "
        + number("%,.0f", delays.slowNanos() / NANOS_PER_MICRO);
  }

  private static String number(String format, double number) {
    return String.format(Locale.ROOT, format, number);
  }

  private void say(String what, String text) {
    output.line(output.bold(String.format("%-10s", what)) + " " + text);
    output.flush();
  }
}

package dev.quire.store.cli;

import dev.quire.store.Store;
import dev.quire.store.StoreStats;
import dev.quire.store.internal.inspect.Inspector;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "info",
    description = "Print what a store is: format, options, sizes, superblocks and ring.",
    footer = {
      "",
      "\"quire stat\" has its counters and tables, \"quire page my.quire 0\" a superblock.",
      "",
      "Example:",
      "  quire info my.quire",
      "",
      "JSON: schema, id, formatVersion, createdMillis, pageSizeBytes, checksums, volatile, txnId,",
      "durableTxnId, fileSizeBytes, ringSizeBytes, ringUsedBytes, firstPage, behind, failed."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class InfoCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  InfoCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    try (Store store = target.openToRead(output());
        Inspector inspector = target.inspect(output())) {
      if (json) {
        output().line(json(inspector.facts(), store.stats()));
      } else {
        print(inspector.facts(), store.stats());
      }
    }
    return ExitCode.OK;
  }

  private void print(Inspector.Facts facts, StoreStats stats) {
    line("store", facts.id());
    line("format", "version " + facts.formatVersion());
    line("created", Instant.ofEpochMilli(facts.createdMillis()).toString());
    line("page size", Amounts.bytes(facts.pageSizeBytes()));
    line("checksums", facts.checksums() ? "yes" : "no");
    line("kind", facts.isVolatile() ? "in memory" : "in a file");
    line("file size", Amounts.bytes(stats.fileSizeBytes()));
    line("superblocks", "pages 0 to 3");
    if (!facts.isVolatile()) {
      line(
          "redo ring",
          "pages 4 to "
              + (facts.firstPage() - 1)
              + ", "
              + Amounts.bytes(stats.ringUsedBytes())
              + " of "
              + Amounts.bytes(facts.ringSizeBytes())
              + " in use");
    }
    line("trees", "from page " + facts.firstPage() + " on");
    line("transaction", Amounts.count(stats.txnId()));
    line("at rest", "transaction " + Amounts.count(stats.durableTxnId()));
    if (stats.failed()) {
      line("failed", "yes: close the store everywhere and open it again");
    }
  }

  private void line(String name, String value) {
    output().line("%-12s %s".formatted(name, value));
  }

  private static String json(Inspector.Facts facts, StoreStats stats) {
    return Json.object()
        .put("schema", 1)
        .put("id", facts.id())
        .put("formatVersion", facts.formatVersion())
        .put("createdMillis", facts.createdMillis())
        .put("pageSizeBytes", facts.pageSizeBytes())
        .put("checksums", facts.checksums())
        .put("volatile", facts.isVolatile())
        .put("txnId", stats.txnId())
        .put("durableTxnId", stats.durableTxnId())
        .put("fileSizeBytes", stats.fileSizeBytes())
        .put("ringSizeBytes", facts.ringSizeBytes())
        .put("ringUsedBytes", stats.ringUsedBytes())
        .put("firstPage", facts.firstPage())
        .put("behind", stats.behind())
        .put("failed", stats.failed())
        .toString();
  }
}

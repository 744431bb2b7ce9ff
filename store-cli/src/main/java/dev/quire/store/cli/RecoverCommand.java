package dev.quire.store.cli;

import dev.quire.store.RecoveryReport;
import dev.quire.store.Store;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "recover",
    description = "Make a new store of everything that can be read of a damaged one.",
    footer = {
      "",
      "Example:",
      "  quire recover damaged.quire saved.quire",
      "",
      "The damaged store stays as it is. What was lost is told by ranges of keys, from the first",
      "one to that before the second one; - is no bound. A backup is better, if there is one.",
      "Exit code 1 if something was lost, 4 if not even the names of the tables were found."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class RecoverCommand extends StoreCommand {

  @Parameters(index = "0", paramLabel = "DAMAGED", description = "Directory of the damaged store.")
  private Path damaged;

  @Parameters(
      index = "1",
      paramLabel = "TARGET",
      description = "Directory of the store to make, new or empty.")
  private Path target;

  @Mixin private JsonOption json;

  RecoverCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws Exception {
    RecoveryReport report;
    Path unfinished = named(target).resolveSibling(target.getFileName() + ".new");
    try (Progress _ = new Progress(output(), unfinished.resolve("data"))) {
      report = Store.recover(damaged, target);
    }
    if (json.isWanted()) {
      output().line(json(report));
    } else {
      print(report);
    }
    return report.isComplete() ? ExitCode.OK : ExitCode.NOT_FOUND;
  }

  private void print(RecoveryReport report) {
    for (Map.Entry<String, Long> table : report.entries().entrySet()) {
      output().line("entries\t" + table.getKey() + "\t" + table.getValue());
    }
    for (RecoveryReport.Nameless table : report.nameless()) {
      output()
          .line(
              "keys\t" + table.table() + "\t" + bound(table.first()) + "\t" + bound(table.last()));
    }
    for (String note : report.notes()) {
      output().line("note\t" + note);
    }
    for (RecoveryReport.Loss loss : report.losses()) {
      String table = loss.table() == null ? "whole tables" : loss.table();
      output()
          .line(
              output().red("lost")
                  + "\t"
                  + table
                  + "\t"
                  + bound(loss.from())
                  + "\t"
                  + bound(loss.to())
                  + "\t"
                  + loss.reason());
    }
  }

  private static String bound(byte @Nullable [] key) {
    return key == null ? "-" : Escapes.field(key);
  }

  private static String json(RecoveryReport report) {
    Json entries = Json.object();
    report.entries().forEach(entries::put);
    Json nameless = Json.array();
    for (RecoveryReport.Nameless table : report.nameless()) {
      nameless.add(
          Json.object()
              .put("table", table.table())
              .putBytes("first", table.first(), false)
              .putBytes("last", table.last(), false));
    }
    Json notes = Json.array();
    report.notes().forEach(notes::add);
    Json losses = Json.array();
    for (RecoveryReport.Loss loss : report.losses()) {
      Json lost = Json.object();
      if (loss.table() != null) {
        lost.put("table", loss.table());
      }
      if (loss.from() != null) {
        lost.putBytes("from", loss.from(), false);
      }
      if (loss.to() != null) {
        lost.putBytes("to", loss.to(), false);
      }
      losses.add(lost.put("reason", loss.reason()));
    }
    return Json.object()
        .put("schema", 1)
        .put("complete", report.isComplete())
        .put("entries", entries)
        .put("nameless", nameless)
        .put("notes", notes)
        .put("lost", losses)
        .toString();
  }
}

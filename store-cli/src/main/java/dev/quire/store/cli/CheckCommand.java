package dev.quire.store.cli;

import dev.quire.store.CheckReport;
import dev.quire.store.Store;
import dev.quire.store.errors.Violation;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "check",
    description = "Walk a whole store and check every invariant.",
    footer = {"", "Example:", "  quire check my.quire", "", "Exit code 4 if the store is damaged."})
@SuppressWarnings("NullAway.Init") // set by picocli
final class CheckCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  CheckCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    try (Store store = target.openExisting()) {
      CheckReport report = store.check();
      if (json) {
        output().line(json(report));
      } else {
        print(report);
      }
      return report.isClean() ? ExitCode.OK : ExitCode.DAMAGED;
    }
  }

  private void print(CheckReport report) {
    for (Map.Entry<String, Long> kind : new TreeMap<>(report.pages()).entrySet()) {
      output().line("pages\t" + kind.getKey() + "\t" + kind.getValue());
    }
    for (Map.Entry<String, Long> table : new TreeMap<>(report.entries()).entrySet()) {
      output().line("entries\t" + table.getKey() + "\t" + table.getValue());
    }
    for (String note : report.notes()) {
      output().line("note\t" + note);
    }
    for (Violation violation : report.violations()) {
      output().line(output().red("damaged") + "\t" + violation);
    }
    if (report.isClean()) {
      output().line(output().green("clean"));
    } else {
      output().message(report.violations().size() + " broken invariants: the store is damaged");
    }
  }

  private static String json(CheckReport report) {
    Json pages = Json.object();
    new TreeMap<>(report.pages()).forEach(pages::put);
    Json entries = Json.object();
    new TreeMap<>(report.entries()).forEach(entries::put);
    Json notes = Json.array();
    report.notes().forEach(notes::add);
    Json violations = Json.array();
    for (Violation violation : report.violations()) {
      violations.add(
          Json.object()
              .put("page", violation.pageNo())
              .put("expected", violation.expected())
              .put("found", violation.found()));
    }
    return Json.object()
        .put("schema", 1)
        .put("clean", report.isClean())
        .put("pages", pages)
        .put("entries", entries)
        .put("notes", notes)
        .put("violations", violations)
        .toString();
  }
}

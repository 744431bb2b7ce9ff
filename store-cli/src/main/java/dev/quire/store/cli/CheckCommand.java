package dev.quire.store.cli;

import dev.quire.store.CheckReport;
import dev.quire.store.Store;
import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.errors.Violation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "check",
    description = "Walk a whole store and check every invariant.",
    footer = {
      "",
      "Example:",
      "  quire check my.quire",
      "",
      "Exit code 4 if the store is damaged, 1 if it only has lost pages."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class CheckCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Mixin private JsonOption json;

  private long lastWords = System.nanoTime();

  CheckCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    CheckReport report = check();
    if (json.isWanted()) {
      output().line(json(report));
    } else {
      print(report);
    }
    return exitCode(report);
  }

  private CheckReport check() {
    try (Store store = target.openToRead(output())) {
      return output().isTerminal() ? store.check(this::sayProgress) : store.check();
    } catch (CorruptPageException e) {
      return unusable(e.violation());
    } catch (StoreTruncatedException e) {
      return unusable(new Violation(-1, "a file that is whole", String.valueOf(e.getMessage())));
    }
  }

  /// Says how far the check has come, once in two seconds.
  private void sayProgress(long bytes) {
    long now = System.nanoTime();
    if (now - lastWords > 2_000_000_000L) {
      lastWords = now;
      output().message("checked: " + Amounts.bytes(bytes));
    }
  }

  /// What is found where a store cannot even be opened.
  private static CheckReport unusable(Violation violation) {
    return new CheckReport(
        Map.of(),
        Map.of(),
        List.of(violation),
        List.of(),
        List.of(
            "the store cannot be used as it is, so nothing else was checked; restore a backup, or"
                + " make a new store of what can be read with \"quire recover\""));
  }

  /// Damage counts more than lost pages.
  static ExitCode exitCode(CheckReport report) {
    if (report.isDamaged()) {
      return ExitCode.DAMAGED;
    }
    return report.isClean() ? ExitCode.OK : ExitCode.NOT_FOUND;
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
    for (Violation leak : report.leaks()) {
      output().line("lost\t" + leak);
    }
    if (report.isClean()) {
      output().line(output().green("clean"));
    } else if (!report.isDamaged()) {
      output()
          .message(
              report.leaks().size()
                  + " lost pages: room that is not used, no damage; 'quire compact' gives it back");
    } else {
      output()
          .message(
              report.violations().size()
                  + " broken invariants: the store is damaged, and reading or writing there may"
                  + " fail; keep a copy of its directory, then restore a backup, or save what can"
                  + " be read with 'quire recover'");
    }
  }

  private static Json json(List<Violation> violations) {
    Json array = Json.array();
    for (Violation violation : violations) {
      array.add(
          Json.object()
              .put("page", violation.pageNo())
              .put("expected", violation.expected())
              .put("found", violation.found()));
    }
    return array;
  }

  private static String json(CheckReport report) {
    Json pages = Json.object();
    new TreeMap<>(report.pages()).forEach(pages::put);
    Json entries = Json.object();
    new TreeMap<>(report.entries()).forEach(entries::put);
    Json notes = Json.array();
    report.notes().forEach(notes::add);
    return Json.object()
        .put("schema", 1)
        .put("clean", report.isClean())
        .put("pages", pages)
        .put("entries", entries)
        .put("notes", notes)
        .put("violations", json(report.violations()))
        .put("leaks", json(report.leaks()))
        .toString();
  }
}

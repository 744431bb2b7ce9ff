package dev.quire.store.cli;

import dev.quire.store.Store;
import dev.quire.store.StoreActivity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "processes",
    description = "Print the processes that have the store open.",
    footer = {
      "",
      "Process ids are those of the process's own container. This command is no process of them if",
      "nobody else has the store open: it changes nothing.",
      "",
      "Example:",
      "  quire processes my.quire",
      "",
      "JSON, a line for each: slot, pid, host, startedMillis, commits, hits, misses."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class ProcessesCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  ProcessesCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    List<StoreActivity.Member> members;
    try (Store store = target.openToRead(output())) {
      members = store.activity().processes();
    }
    long self = ProcessHandle.current().pid();
    if (!json) {
      output().line(output().bold(row("process", "host", "open for", "commits", "hits", "misses")));
    }
    for (StoreActivity.Member member : members) {
      if (member.pid() != self || output().session() != null) {
        output().line(json ? json(member) : text(member));
      }
    }
    return ExitCode.OK;
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-8s %-16s %9s %11s %13s %13s", cells).stripTrailing();
  }

  private static String text(StoreActivity.Member member) {
    return row(
        member.pid(),
        member.host(),
        Amounts.age(Duration.between(member.started(), Instant.now())),
        Amounts.count(member.counts().commits()),
        Amounts.count(member.counts().hits()),
        Amounts.count(member.counts().misses()));
  }

  private static String json(StoreActivity.Member member) {
    return Json.object()
        .put("slot", member.slot())
        .put("pid", member.pid())
        .put("host", member.host())
        .put("startedMillis", member.started().toEpochMilli())
        .put("commits", member.counts().commits())
        .put("hits", member.counts().hits())
        .put("misses", member.counts().misses())
        .toString();
  }
}

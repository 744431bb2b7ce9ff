package dev.quire.store.server.commands;

import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import dev.quire.store.server.state.LatencyLog;
import dev.quire.store.server.state.SlowLog;
import dev.quire.store.server.state.Statistics;
import dev.quire.store.server.table.Command;
import dev.quire.store.server.table.CommandTable;
import java.util.ArrayList;
import java.util.List;

/// What took long, and who looks on.
final class LogCommands {

  private static final long DEFAULT_COUNT = 10;

  private LogCommands() {}

  static void bind(Routes to) {
    to.loop("slowlog|get", LogCommands::slow);
    to.loop("slowlog|len", call -> call.out().number(call.state().slowLog.size()));
    to.loop("slowlog|reset", LogCommands::resetSlow);
    to.loop("latency|latest", LogCommands::latest);
    to.loop("latency|history", LogCommands::history);
    to.loop("latency|reset", LogCommands::reset);
    to.loop("latency|histogram", LogCommands::histogram);
    to.loop("latency|doctor", call -> call.out().verbatim("Look at LATENCY LATEST."));
    to.loop("latency|graph", call -> call.out().verbatim("Look at LATENCY HISTORY."));
    to.loop("monitor", LogCommands::monitor);
  }

  private static void slow(Call call) {
    long count = DEFAULT_COUNT;
    if (call.count() == 3) {
      count = call.number(2, -1, Long.MAX_VALUE, "ERR count should be greater than or equal to -1");
    } else if (call.count() > 3) {
      throw Refusal.syntax();
    }
    List<SlowLog.Entry> entries = call.state().slowLog.newest(count);
    Reply out = call.out();
    out.array(entries.size());
    for (SlowLog.Entry entry : entries) {
      out.array(6);
      out.number(entry.id());
      out.number(entry.seconds());
      out.number(entry.micros());
      out.array(entry.words().size());
      entry.words().forEach(out::bulk);
      out.text(entry.peer());
      out.text(entry.name());
    }
  }

  private static void resetSlow(Call call) {
    call.state().slowLog.clear();
    call.out().ok();
  }

  private static void latest(Call call) {
    Reply out = call.out();
    out.array(call.state().latencyLog.events().size());
    call.state()
        .latencyLog
        .events()
        .forEach(
            (name, event) -> {
              LatencyLog.Sample newest = event.newest();
              out.array(4);
              out.text(name);
              out.number(newest.seconds());
              out.number(newest.millis());
              out.number(event.maxMillis());
            });
  }

  private static void history(Call call) {
    LatencyLog.Event event = call.state().latencyLog.events().get(call.option(2));
    List<LatencyLog.Sample> samples = event == null ? List.of() : event.samples();
    call.out().array(samples.size());
    for (LatencyLog.Sample sample : samples) {
      call.out().array(2);
      call.out().number(sample.seconds());
      call.out().number(sample.millis());
    }
  }

  private static void reset(Call call) {
    List<String> names = new ArrayList<>();
    for (int i = 2; i < call.count(); i++) {
      names.add(call.option(i));
    }
    if (names.isEmpty()) {
      names.addAll(call.state().latencyLog.events().keySet());
    }
    int count = 0;
    for (String name : names) {
      count += call.state().latencyLog.reset(name) ? 1 : 0;
    }
    call.out().number(count);
  }

  private static void histogram(Call call) {
    List<Command> shown = new ArrayList<>();
    if (call.count() == 2) {
      shown.addAll(CommandTable.get().all());
    }
    for (int i = 2; i < call.count(); i++) {
      Command command = CommandTable.get().find(call.option(i));
      if (command != null) {
        shown.add(command);
        shown.addAll(CommandTable.get().childrenOf(command));
      }
    }
    shown.removeIf(command -> call.state().statistics.of(command).calls == 0);
    call.out().map(shown.size());
    shown.forEach(command -> histogram(call, command));
  }

  private static void histogram(Call call, Command command) {
    Statistics.OfCommand counted = call.state().statistics.of(command);
    Reply out = call.out();
    out.text(command.name());
    out.map(2);
    out.text("calls");
    out.number(counted.calls);
    out.text("histogram_usec");
    int filled = 0;
    for (long bucket : counted.buckets) {
      filled += bucket > 0 ? 1 : 0;
    }
    out.map(filled);
    long seen = 0;
    for (int i = 0; i < counted.buckets.length; i++) {
      seen += counted.buckets[i];
      if (counted.buckets[i] > 0) {
        out.number(1L << i);
        out.number(seen);
      }
    }
  }

  private static void monitor(Call call) {
    if (call.session().queue != null) {
      throw new Refusal("ERR MONITOR isn't allowed in a transaction");
    }
    call.session().monitor = true;
    boolean _ = call.state().monitors.add(call.session());
    call.out().ok();
  }
}

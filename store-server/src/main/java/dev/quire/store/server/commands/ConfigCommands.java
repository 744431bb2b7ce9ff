package dev.quire.store.server.commands;

import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// `CONFIG` and its subcommands.
final class ConfigCommands {

  private ConfigCommands() {}

  static void bind(Routes to) {
    to.loop("config|get", ConfigCommands::get);
    to.loop("config|set", ConfigCommands::set);
    to.loop("config|resetstat", ConfigCommands::resetStatistics);
    to.loop(
        "config|rewrite",
        call -> call.out().error("ERR The server is running without a config file"));
  }

  private static void get(Call call) {
    Map<String, String> found = new TreeMap<>();
    for (int i = 2; i < call.count(); i++) {
      found.putAll(call.state().settings.matching(call.text(i)));
    }
    call.out().map(found.size());
    found.forEach(
        (name, value) -> {
          call.out().text(name);
          call.out().text(value);
        });
  }

  private static void set(Call call) {
    if (call.count() % 2 != 0) {
      throw new Refusal("ERR wrong number of arguments for 'config|set' command");
    }
    Map<String, String> changes = new LinkedHashMap<>();
    for (int i = 2; i < call.count(); i += 2) {
      if (changes.put(call.option(i), call.text(i + 1)) != null) {
        throw new Refusal(
            "ERR CONFIG SET failed (possibly related to argument '"
                + call.option(i)
                + "') - duplicate parameter");
      }
    }
    try {
      call.state().settings.set(changes);
    } catch (IllegalArgumentException e) {
      throw new Refusal("ERR " + e.getMessage());
    }
    call.out().ok();
  }

  private static void resetStatistics(Call call) {
    call.state().resetStatistics();
    call.out().ok();
  }
}

package dev.quire.store.server.commands;

import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import dev.quire.store.server.state.Glob;
import dev.quire.store.server.state.Name;
import dev.quire.store.server.table.Command;
import dev.quire.store.server.table.CommandTable;
import dev.quire.store.server.table.KeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `COMMAND` and its subcommands: the table of commands for clients.
final class CommandCommands {

  private static final CommandTable TABLE = CommandTable.get();

  private CommandCommands() {}

  static void bind(Routes to) {
    to.any("command", CommandCommands::all);
    to.any("command|count", call -> call.out().number(roots().size()));
    to.any("command|info", CommandCommands::info);
    to.any("command|docs", CommandCommands::docs);
    to.any("command|list", CommandCommands::list);
    to.any("command|getkeys", call -> keys(call, false));
    to.any("command|getkeysandflags", call -> keys(call, true));
  }

  private static List<Command> roots() {
    List<Command> roots = new ArrayList<>();
    for (Command command : TABLE.all()) {
      if (command.parent() == null) {
        roots.add(command);
      }
    }
    return roots;
  }

  private static void all(Call call) {
    List<Command> roots = roots();
    call.out().array(roots.size());
    roots.forEach(command -> describe(call.out(), command));
  }

  private static void info(Call call) {
    if (call.count() == 2) {
      all(call);
      return;
    }
    call.out().array(call.count() - 2);
    for (int i = 2; i < call.count(); i++) {
      Command command = TABLE.find(call.option(i));
      if (command == null) {
        call.out().nilArray();
      } else {
        describe(call.out(), command);
      }
    }
  }

  private static void describe(Reply out, Command command) {
    out.array(10);
    out.text(command.name());
    out.number(command.arity());
    out.set(command.flags().size());
    command.flags().forEach(out::simple);
    out.number(command.firstKey());
    out.number(command.lastKey());
    out.number(command.keyStep());
    out.set(command.categories().size());
    command.categories().forEach(category -> out.simple("@" + category));
    out.array(0);
    out.array(command.keys().size());
    command.keys().forEach(spec -> describe(out, spec));
    List<Command> children = TABLE.childrenOf(command);
    out.array(children.size());
    children.forEach(child -> describe(out, child));
  }

  private static void describe(Reply out, KeySpec spec) {
    out.map(3);
    out.text("flags");
    out.set(spec.flags().size());
    spec.flags().forEach(out::simple);
    out.text("begin_search");
    out.map(2);
    out.text("type");
    out.text("index");
    out.text("spec");
    out.map(1);
    out.text("index");
    out.number(spec.first());
    out.text("find_keys");
    out.map(2);
    out.text("type");
    out.text("range");
    out.text("spec");
    out.map(3);
    out.text("lastkey");
    out.number(spec.last());
    out.text("keystep");
    out.number(spec.step());
    out.text("limit");
    out.number(0);
  }

  private static void docs(Call call) {
    List<Command> found = new ArrayList<>();
    if (call.count() == 2) {
      found.addAll(roots());
    }
    for (int i = 2; i < call.count(); i++) {
      Command command = TABLE.find(call.option(i));
      if (command != null) {
        found.add(command);
      }
    }
    call.out().map(found.size());
    found.forEach(command -> document(call.out(), command));
  }

  private static void document(Reply out, Command command) {
    List<Command> children = TABLE.childrenOf(command);
    out.text(command.name());
    out.map(children.isEmpty() ? 3 : 4);
    out.text("summary");
    out.text(command.summary());
    out.text("since");
    out.text(command.since());
    out.text("group");
    out.text(command.group());
    if (!children.isEmpty()) {
      out.text("subcommands");
      out.map(children.size());
      children.forEach(child -> document(out, child));
    }
  }

  private static void list(Call call) {
    List<String> names = new ArrayList<>();
    if (call.count() == 2) {
      TABLE.all().forEach(command -> names.add(command.name()));
    } else if (call.count() == 5 && call.option(2).equals("filterby")) {
      String value = call.option(4);
      for (Command command : TABLE.all()) {
        if (fits(command, call.option(3), value)) {
          names.add(command.name());
        }
      }
    } else {
      throw Refusal.syntax();
    }
    call.out().texts(names);
  }

  private static boolean fits(Command command, String filter, String value) {
    return switch (filter) {
      case "module" -> false;
      case "aclcat" -> command.categories().contains(value);
      case "pattern" -> Glob.matchesAnyCase(value, command.name());
      default -> throw Refusal.syntax();
    };
  }

  private static @Nullable Command resolve(Call call) {
    Command command = TABLE.find(call.option(2));
    if (command == null || TABLE.childrenOf(command).isEmpty() || call.count() < 4) {
      return command;
    }
    return TABLE.find(command.name() + "|" + call.option(3));
  }

  private static void keys(Call call, boolean withFlags) {
    Command command = resolve(call);
    if (command == null) {
      throw new Refusal("ERR Invalid command specified");
    }
    int words = call.count() - 2;
    if (command.keys().isEmpty()) {
      throw new Refusal("ERR The command has no key arguments");
    }
    if (!command.allows(words)) {
      throw new Refusal("ERR Invalid number of arguments specified for command");
    }
    List<byte[]> keys = new ArrayList<>();
    List<List<String>> flags = new ArrayList<>();
    for (KeySpec spec : command.keys()) {
      int last = spec.lastOf(words);
      for (int i = spec.first(); i <= last; i += spec.step()) {
        keys.add(call.word(i + 2));
        flags.add(flagsOf(call, command, spec));
      }
    }
    call.out().array(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      if (withFlags) {
        call.out().array(2);
      }
      call.out().bulk(keys.get(i));
      if (withFlags) {
        call.out().set(flags.get(i).size());
        flags.get(i).forEach(call.out()::simple);
      }
    }
  }

  /// What is done with keys follows from the arguments in the case of `SET`.
  private static List<String> flagsOf(Call call, Command command, KeySpec spec) {
    if (!spec.flags().contains("variable_flags")) {
      return spec.flags();
    }
    for (int i = 5; i < call.count(); i++) {
      if (new Name(call.word(i)).toString().toLowerCase(Locale.ROOT).equals("get")) {
        return List.of("RW", "access", "update");
      }
    }
    return command.name().equals("set") ? List.of("OW", "update") : spec.flags();
  }
}

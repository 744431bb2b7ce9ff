package dev.quire.store.server.commands;

import dev.quire.store.server.run.Call;
import dev.quire.store.server.table.Command;
import dev.quire.store.server.table.CommandTable;
import java.util.List;
import java.util.Locale;

/// `HELP` of each command that has subcommands, made of the table.
final class Helps {

  private Helps() {}

  static void bind(Routes to) {
    for (Command command : CommandTable.get().all()) {
      if (command.name().endsWith("|help")) {
        to.any(command.name(), Helps::help);
      }
    }
  }

  private static void help(Call call) {
    String parent = String.valueOf(call.command().parent());
    Command command = CommandTable.get().find(parent);
    List<Command> children = command == null ? List.of() : CommandTable.get().childrenOf(command);
    call.out().array(1 + 2 * children.size());
    call.out()
        .simple(
            parent.toUpperCase(Locale.ROOT)
                + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
    for (Command child : children) {
      call.out().simple(child.name().substring(parent.length() + 1).toUpperCase(Locale.ROOT));
      call.out().simple("    " + child.summary() + ".");
    }
  }
}

package dev.quire.store.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/// All commands, in groups, in the order in which the help has them. A command is made when it is
/// asked for: reading the annotations of all would take longer than most commands do.
final class CommandList {

  /// Commands that belong together.
  ///
  /// @param heading what they are for
  record Group(String heading, Map<String, Function<Output, CommandLine>> commands) {

    private Group(String heading) {
      this(heading, new LinkedHashMap<>());
    }

    private Group with(String name, Function<Output, StoreCommand> maker) {
      commands.put(name, output -> new CommandLine(maker.apply(output)));
      return this;
    }

    private Group withGroup(String name, Function<Output, CommandLine> maker) {
      commands.put(name, maker);
      return this;
    }
  }

  private static final List<Group> GROUPS =
      List.of(
          new Group("Entries")
              .with("put", PutCommand::new)
              .with("get", GetCommand::new)
              .with("del", DelCommand::new)
              .with("incr", IncrCommand::new)
              .with("cas", CasCommand::new)
              .with("ttl", TtlCommand::new)
              .with("expire", ExpireCommand::new)
              .with("scan", ScanCommand::new)
              .with("keys", KeysCommand::new)
              .with("count", CountCommand::new)
              .with("batch", BatchCommand::new)
              .with("watch", WatchCommand::new)
              .with("diff", DiffCommand::new),
          new Group("Tables")
              .with("tables", TablesCommand::new)
              .with("create", CreateCommand::new)
              .with("drop", DropCommand::new)
              .with("clear", ClearCommand::new)
              .with("rename", RenameCommand::new)
              .with("cp", CpCommand::new),
          new Group("Inspection")
              .with("info", InfoCommand::new)
              .with("stat", StatCommand::new)
              .with("readers", ReadersCommand::new)
              .with("processes", ProcessesCommand::new)
              .with("locks", LocksCommand::new)
              .with("space", SpaceCommand::new)
              .with("tree", TreeCommand::new)
              .with("pages", PagesCommand::new)
              .with("page", PageCommand::new)
              .with("histogram", HistogramCommand::new)
              .with("top", TopCommand::new),
          new Group("Care")
              .with("doctor", DoctorCommand::new)
              .with("check", CheckCommand::new)
              .with("checkpoint", CheckpointCommand::new)
              .with("unlock", UnlockCommand::new)
              .with("backup", BackupCommand::new)
              .with("restore", RestoreCommand::new)
              .with("compact", CompactCommand::new)
              .with("recover", RecoverCommand::new)
              .withGroup("shm", ShmCommand::withSubcommands),
          new Group("Exchange")
              .with("dump", DumpCommand::new)
              .with("load", LoadCommand::new)
              .with("export", ExportCommand::new)
              .with("import", ImportCommand::new)
              .with("migrate", MigrateCommand::new),
          new Group("More")
              .with("shell", ShellCommand::new)
              .with("serve", ServeCommand::new)
              .with("bench", BenchCommand::new)
              .withGroup("demo", DemoCommand::withSubcommand)
              .with("completion", CompletionCommand::new)
              .with("man", ManCommand::new));

  private CommandList() {}

  static List<Group> groups() {
    return GROUPS;
  }

  /// Whether there is a command of that name.
  static boolean has(String name) {
    return GROUPS.stream().anyMatch(group -> group.commands().containsKey(name));
  }

  /// Adds commands to the main one.
  ///
  /// @param only the name of the one that is wanted; if there is none of that name, all are added
  static void addTo(CommandLine main, Output output, String only) {
    boolean one = has(only);
    for (Group group : GROUPS) {
      group
          .commands()
          .forEach(
              (name, maker) -> {
                if (!one || name.equals(only)) {
                  CommandLine command = maker.apply(output);
                  command.getCommandSpec().mixinStandardHelpOptions(true);
                  main.addSubcommand(name, command);
                }
              });
    }
  }

  /// The lists of the help: a heading and a line for each command.
  static String help(CommandLine main) {
    StringBuilder text = new StringBuilder();
    for (Group group : GROUPS) {
      text.append("\n").append(group.heading()).append(":\n");
      for (String name : group.commands().keySet()) {
        CommandLine command = main.getSubcommands().get(name);
        if (command != null) {
          String[] lines = command.getCommandSpec().usageMessage().description();
          text.append("  %-11s %s%n".formatted(name, lines.length == 0 ? "" : lines[0]));
        }
      }
    }
    return text.toString();
  }
}

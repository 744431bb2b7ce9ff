package dev.quire.store.server.state;

import dev.quire.store.server.table.Command;
import dev.quire.store.server.table.CommandTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Changes a user by rules in the syntax of `ACL SETUSER`.
public final class UserRules {

  private final String name;
  private boolean enabled;
  private boolean noPassword;
  private final Set<String> passwords;
  private final BitSet commands;
  private final List<String> commandRules;
  private final List<User.KeyPattern> keys;
  private final List<Name> channels;

  private UserRules(User user) {
    this.name = user.name();
    this.enabled = user.enabled();
    this.noPassword = user.noPassword();
    this.passwords = new LinkedHashSet<>(user.passwords());
    this.commands = (BitSet) user.commands().clone();
    this.commandRules = new ArrayList<>(user.commandRules());
    this.keys = new ArrayList<>(user.keys());
    this.channels = new ArrayList<>(user.channels());
  }

  /// The user after some rules.
  ///
  /// @throws IllegalArgumentException if a rule is none; the message is the reply's text
  public static User apply(User user, List<String> rules) {
    UserRules changed = new UserRules(user);
    for (String rule : rules) {
      String problem = changed.apply(rule);
      if (!problem.isEmpty()) {
        throw new IllegalArgumentException(
            "Error in ACL SETUSER modifier '" + rule + "': " + problem);
      }
    }
    return new User(
        changed.name,
        changed.enabled,
        changed.noPassword,
        changed.passwords,
        changed.commands,
        List.copyOf(changed.commandRules),
        List.copyOf(changed.keys),
        List.copyOf(changed.channels));
  }

  private String apply(String rule) {
    switch (rule.toLowerCase(Locale.ROOT)) {
      case "on" -> enabled = true;
      case "off" -> enabled = false;
      case "nopass" -> {
        noPassword = true;
        passwords.clear();
      }
      case "resetpass" -> {
        noPassword = false;
        passwords.clear();
      }
      case "allkeys" -> {
        keys.clear();
        keys.add(new User.KeyPattern(Name.of("*"), true, true));
      }
      case "resetkeys" -> keys.clear();
      case "allchannels" -> {
        channels.clear();
        channels.add(Name.of("*"));
      }
      case "resetchannels" -> channels.clear();
      case "allcommands" -> allCommands(true);
      case "nocommands" -> allCommands(false);
      case "reset" -> reset();
      case "sanitize-payload", "skip-sanitize-payload", "clearselectors" -> {}
      default -> {
        return pattern(rule);
      }
    }
    return "";
  }

  private void reset() {
    enabled = false;
    noPassword = false;
    passwords.clear();
    keys.clear();
    channels.clear();
    allCommands(false);
  }

  private void allCommands(boolean allowed) {
    commands.set(0, CommandTable.get().size(), allowed);
    commandRules.clear();
    commandRules.add(allowed ? "+@all" : "-@all");
  }

  private String pattern(String rule) {
    if (rule.isEmpty()) {
      return "Syntax error";
    }
    String rest = rule.substring(1);
    switch (rule.charAt(0)) {
      case '>' -> {
        passwords.add(User.digest(rest.getBytes(StandardCharsets.UTF_8)));
        noPassword = false;
      }
      case '<' -> {
        if (!passwords.remove(User.digest(rest.getBytes(StandardCharsets.UTF_8)))) {
          return "The password you are trying to remove from the user does not exist";
        }
      }
      case '#' -> {
        if (!rest.matches("[0-9a-f]{64}")) {
          return "The password hash must be exactly 64 characters and contain only lowercase"
              + " hexadecimal characters";
        }
        passwords.add(rest);
        noPassword = false;
      }
      case '!' -> {
        if (!passwords.remove(rest)) {
          return "The password you are trying to remove from the user does not exist";
        }
      }
      case '~' -> keys.add(new User.KeyPattern(Name.of(rest), true, true));
      case '%' -> {
        return keyPattern(rest);
      }
      case '&' -> channels.add(Name.of(rest));
      case '+', '-' -> {
        return command(rule.charAt(0) == '+', rest.toLowerCase(Locale.ROOT));
      }
      default -> {
        return "Syntax error";
      }
    }
    return "";
  }

  private String keyPattern(String rule) {
    int tilde = rule.indexOf('~');
    String rights = tilde < 0 ? "" : rule.substring(0, tilde).toUpperCase(Locale.ROOT);
    if (!rights.matches("R|W|RW|WR")) {
      return "Syntax error";
    }
    keys.add(
        new User.KeyPattern(
            Name.of(rule.substring(tilde + 1)), rights.contains("R"), rights.contains("W")));
    return "";
  }

  private String command(boolean allowed, String what) {
    CommandTable table = CommandTable.get();
    if (what.startsWith("@")) {
      String category = what.substring(1);
      if (category.equals("all")) {
        allCommands(allowed);
        return "";
      }
      if (!table.categories().contains(category)) {
        return "Unknown command or category name in ACL";
      }
      for (Command command : table.all()) {
        if (command.categories().contains(category)) {
          commands.set(command.number(), allowed);
        }
      }
    } else {
      Command command = table.find(what);
      if (command == null) {
        return "Unknown command or category name in ACL";
      }
      commands.set(command.number(), allowed);
      for (Command child : table.childrenOf(command)) {
        commands.set(child.number(), allowed);
      }
    }
    String rule = (allowed ? "+" : "-") + what;
    commandRules.removeIf(known -> known.substring(1).equals(what));
    commandRules.add(rule);
    return "";
  }
}

package dev.quire.store.server.commands;

import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.run.Admission;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import dev.quire.store.server.state.AclLog;
import dev.quire.store.server.state.ServerState;
import dev.quire.store.server.state.Session;
import dev.quire.store.server.state.User;
import dev.quire.store.server.state.UserRules;
import dev.quire.store.server.state.Users;
import dev.quire.store.server.table.Command;
import dev.quire.store.server.table.CommandTable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// `ACL` and its subcommands.
final class AclCommands {

  private static final long LOG_COUNT = 10;

  private AclCommands() {}

  static void bind(Routes to) {
    to.loop("acl|whoami", call -> call.out().text(call.session().user.name()));
    to.loop("acl|users", AclCommands::users);
    to.loop("acl|list", AclCommands::list);
    to.loop("acl|getuser", AclCommands::getUser);
    to.loop("acl|setuser", AclCommands::setUser);
    to.loop("acl|deluser", AclCommands::deleteUser);
    to.loop("acl|cat", AclCommands::categories);
    to.loop("acl|genpass", AclCommands::generate);
    to.loop("acl|log", AclCommands::log);
    to.loop("acl|dryrun", AclCommands::dryRun);
    to.loop("acl|load", AclCommands::load);
    to.loop("acl|save", AclCommands::save);
  }

  private static void users(Call call) {
    List<String> names = new ArrayList<>();
    call.state().users.all().forEach(user -> names.add(user.name()));
    call.out().texts(names);
  }

  private static void list(Call call) {
    List<String> lines = new ArrayList<>();
    call.state().users.all().forEach(user -> lines.add("user " + user.name() + " " + user.rules()));
    call.out().texts(lines);
  }

  private static void getUser(Call call) {
    User user = call.state().users.find(call.text(2));
    if (user == null) {
      call.out().nilArray();
      return;
    }
    Reply out = call.out();
    out.map(6);
    out.text("flags");
    List<String> flags = user.flags();
    out.set(flags.size());
    flags.forEach(out::text);
    out.text("passwords");
    out.texts(user.passwords());
    out.text("commands");
    out.text(String.join(" ", user.commandRules()));
    out.text("keys");
    out.text(joined(user.keys()));
    out.text("channels");
    List<String> channels = new ArrayList<>();
    user.channels().forEach(channel -> channels.add("&" + channel));
    out.text(String.join(" ", channels));
    out.text("selectors");
    out.array(0);
  }

  private static String joined(List<User.KeyPattern> patterns) {
    List<String> texts = new ArrayList<>();
    patterns.forEach(pattern -> texts.add(pattern.toString()));
    return String.join(" ", texts);
  }

  private static void setUser(Call call) {
    Users users = call.state().users;
    String name = call.text(2);
    List<String> rules = new ArrayList<>();
    for (int i = 3; i < call.count(); i++) {
      rules.add(call.text(i));
    }
    User before = users.find(name);
    User made = before == null ? User.none(name) : before;
    if (before == null && call.state().settings.text("acl-pubsub-default").equals("allchannels")) {
      made = UserRules.apply(made, List.of("allchannels"));
    }
    try {
      made = UserRules.apply(made, rules);
    } catch (IllegalArgumentException e) {
      throw new Refusal("ERR " + e.getMessage());
    }
    users.put(made);
    for (Session session : call.state().sessions()) {
      if (session.user.name().equals(name)) {
        session.user = made;
      }
    }
    call.out().ok();
  }

  private static void deleteUser(Call call) {
    int count = 0;
    for (int i = 2; i < call.count(); i++) {
      String name = call.text(i);
      if (name.equals(Users.DEFAULT)) {
        throw new Refusal("ERR The 'default' user cannot be removed");
      }
      if (call.state().users.remove(name)) {
        count++;
        for (Session session : call.state().sessions()) {
          if (session.user.name().equals(name)) {
            ClientCommands.close(call, session);
          }
        }
      }
    }
    call.out().number(count);
  }

  private static void categories(Call call) {
    CommandTable table = CommandTable.get();
    if (call.count() == 2) {
      call.out().texts(table.categories());
      return;
    }
    String category = call.option(2);
    if (!table.categories().contains(category)) {
      throw new Refusal("ERR Unknown category '" + call.text(2) + "'");
    }
    List<String> names = new ArrayList<>();
    for (Command command : table.all()) {
      if (command.categories().contains(category)) {
        names.add(command.name());
      }
    }
    call.out().texts(names);
  }

  private static void generate(Call call) {
    String problem =
        "ERR ACL GENPASS argument must be the number of bits for the output password, a positive"
            + " number up to 4096";
    long bits = call.count() > 2 ? call.number(2, 1, 4096, problem) : 256;
    int letters = (int) ((bits + 3) / 4);
    byte[] bytes = new byte[(letters + 1) / 2];
    new SecureRandom().nextBytes(bytes);
    call.out().text(HexFormat.of().formatHex(bytes).substring(0, letters));
  }

  private static void log(Call call) {
    ServerState state = call.state();
    long count = LOG_COUNT;
    if (call.count() > 2) {
      if (call.option(2).equals("reset")) {
        state.aclLog.clear();
        call.out().ok();
        return;
      }
      count = call.number(2, 0, Long.MAX_VALUE, "ERR value is out of range, must be positive");
    }
    List<AclLog.Entry> entries = state.aclLog.newest(count);
    Reply out = call.out();
    out.array(entries.size());
    for (AclLog.Entry entry : entries) {
      out.map(10);
      out.text("count");
      out.number(entry.count);
      out.text("reason");
      out.text(entry.reason);
      out.text("context");
      out.text(entry.context);
      out.text("object");
      out.text(entry.object);
      out.text("username");
      out.text(entry.user);
      out.text("age-seconds");
      out.fraction(Double.toString((System.currentTimeMillis() - entry.createdMillis) / 1000.0));
      out.text("client-info");
      out.text(entry.client);
      out.text("entry-id");
      out.number(entry.id);
      out.text("timestamp-created");
      out.number(entry.createdMillis);
      out.text("timestamp-last-updated");
      out.number(entry.updatedMillis);
    }
  }

  private static void dryRun(Call call) {
    User user = call.state().users.find(call.text(2));
    if (user == null) {
      throw new Refusal("ERR User '" + call.text(2) + "' not found");
    }
    byte[][] words = Arrays.copyOfRange(call.words(), 3, call.count());
    Command command = Admission.resolve(words);
    if (command == null) {
      throw new Refusal("ERR Command '" + call.text(3) + "' not found");
    }
    if (!command.allows(words.length)) {
      throw new Refusal("ERR wrong number of arguments for '" + command.name() + "' command");
    }
    if (!user.mayRun(command)) {
      call.out().text("This user has no permissions to run the '" + command.name() + "' command");
      return;
    }
    byte[] denied = user.hasAllKeys() ? null : Admission.deniedKey(user, command, words);
    if (denied != null) {
      call.out()
          .text(
              "This user has no permissions to access the '"
                  + new String(denied, java.nio.charset.StandardCharsets.UTF_8)
                  + "' key");
      return;
    }
    call.out().ok();
  }

  private static Path requireFile(Call call) {
    String file = call.state().settings.text("aclfile");
    if (file.isEmpty()) {
      throw new Refusal(
          "ERR This server is not configured to use an ACL file. Set the setting aclfile and start"
              + " it again.");
    }
    return Path.of(file);
  }

  private static void load(Call call) {
    try {
      call.state().users.load(requireFile(call));
    } catch (IOException e) {
      throw new Refusal("ERR " + e.getMessage());
    }
    for (Session session : call.state().sessions()) {
      User user = call.state().users.find(session.user.name());
      if (user == null) {
        ClientCommands.close(call, session);
      } else {
        session.user = user;
      }
    }
    call.out().ok();
  }

  private static void save(Call call) {
    try {
      call.state().users.save(requireFile(call));
    } catch (IOException e) {
      throw new Refusal("ERR There was an error trying to save the ACLs: " + e.getMessage());
    }
    call.out().ok();
  }
}

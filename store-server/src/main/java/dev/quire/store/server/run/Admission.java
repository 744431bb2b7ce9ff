package dev.quire.store.server.run;

import dev.quire.store.server.state.Name;
import dev.quire.store.server.state.ServerState;
import dev.quire.store.server.state.Session;
import dev.quire.store.server.state.User;
import dev.quire.store.server.table.Command;
import dev.quire.store.server.table.CommandTable;
import dev.quire.store.server.table.KeySpec;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which requests may be run.
public final class Admission {

  static final String OVER_LIMIT = "OOM command not allowed when used memory > 'maxmemory'.";

  private static final int SHOWN_BYTES = 128;
  private static final Set<String> IN_QUEUE =
      Set.of("exec", "discard", "multi", "watch", "quit", "reset");
  private static final Set<String> WHILE_LISTENING =
      Set.of(
          "subscribe",
          "psubscribe",
          "ssubscribe",
          "unsubscribe",
          "punsubscribe",
          "sunsubscribe",
          "ping",
          "quit",
          "reset");

  private final ServerState state;
  private final CommandTable table = CommandTable.get();

  Admission(ServerState state) {
    this.state = state;
  }

  /// Whether a command is run though a transaction has begun.
  static boolean runsInQueue(Command command) {
    return IN_QUEUE.contains(command.name());
  }

  /// The command or subcommand of a request, or null if there is none.
  @Nullable Command find(byte[][] words) {
    return resolve(words);
  }

  /// The command or subcommand of a request, or null if there is none.
  public static @Nullable Command resolve(byte[][] words) {
    CommandTable table = CommandTable.get();
    Command command = table.find(words[0]);
    if (command == null || words.length < 2) {
      return command;
    }
    List<Command> children = table.childrenOf(command);
    if (children.isEmpty()) {
      return command;
    }
    return table.find(command.name() + "|" + lower(words[1]));
  }

  private static String lower(byte[] word) {
    return new Name(word).toString().toLowerCase(Locale.ROOT);
  }

  /// Why a request is not run, or null if it is.
  @Nullable String refuses(Session session, @Nullable Command command, byte[][] words) {
    if (command == null) {
      return unknown(words);
    }
    if (!command.allows(words.length)
        || (words.length == 1 && !table.childrenOf(command).isEmpty() && command.arity() != -1)) {
      return "ERR wrong number of arguments for '" + command.name() + "' command";
    }
    if (!session.authenticated && !command.has("no_auth")) {
      return "NOAUTH Authentication required.";
    }
    if (session.queue != null && command.has("no_multi")) {
      return "ERR Command not allowed inside a transaction";
    }
    if (state.overLimit && command.has("denyoom")) {
      return OVER_LIMIT;
    }
    String denied = denies(session, command, words);
    if (denied != null) {
      return denied;
    }
    if (session.protocol() == 2
        && session.isListening()
        && !WHILE_LISTENING.contains(command.name())) {
      return "ERR Can't execute '"
          + (command.parent() == null ? command.name() : command.parent())
          + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this"
          + " context";
    }
    return null;
  }

  private String unknown(byte[][] words) {
    Command parent = table.find(words[0]);
    if (parent != null) {
      return "ERR unknown subcommand '"
          + shown(words[1])
          + "'. Try "
          + parent.name().toUpperCase(Locale.ROOT)
          + " HELP.";
    }
    StringBuilder reply =
        new StringBuilder("ERR unknown command '")
            .append(shown(words[0]))
            .append("', with args beginning with: ");
    for (int i = 1; i < words.length && reply.length() < 2 * SHOWN_BYTES; i++) {
      reply.append('\'').append(shown(words[i])).append("' ");
    }
    return reply.toString();
  }

  private static String shown(byte[] word) {
    return new Name(java.util.Arrays.copyOf(word, Math.min(word.length, SHOWN_BYTES))).toString();
  }

  private @Nullable String denies(Session session, Command command, byte[][] words) {
    User user = session.user;
    String context = session.queue == null ? "toplevel" : "multi";
    String name = command.name();
    if (!user.mayRun(command) && !command.has("no_auth")) {
      state.statistics.deniedCommands++;
      log(session, "command", context, name);
      return "NOPERM this user has no permissions to run the '" + name + "' command";
    }
    if (!user.hasAllKeys()) {
      byte[] key = deniedKey(user, command, words);
      if (key != null) {
        state.statistics.deniedKeys++;
        log(session, "key", context, shown(key));
        return "NOPERM this user has no permissions to access one of the keys used as arguments";
      }
    }
    if (!user.hasAllChannels()) {
      byte[] channel = deniedChannel(user, command, words);
      if (channel != null) {
        state.statistics.deniedChannels++;
        log(session, "channel", context, shown(channel));
        return "NOPERM this user has no permissions to access one of the channels used as"
            + " arguments";
      }
    }
    return null;
  }

  private void log(Session session, String reason, String context, String object) {
    state.aclLog.add(
        session,
        reason,
        context,
        object,
        session.user.name(),
        state.settings.number("acllog-max-len"));
  }

  /// A key that a request needs and the user may not use, or null.
  public static byte @Nullable [] deniedKey(User user, Command command, byte[][] words) {
    for (KeySpec spec : command.keys()) {
      int last = spec.isOfKeys() ? spec.lastOf(words.length) : -1;
      for (int i = spec.first(); i <= last; i += spec.step()) {
        if (!user.mayUse(words[i], spec.reads(), spec.writes())) {
          return words[i];
        }
      }
    }
    return null;
  }

  private static byte @Nullable [] deniedChannel(User user, Command command, byte[][] words) {
    int last =
        switch (command.name()) {
          case "publish", "spublish" -> 1;
          case "subscribe", "ssubscribe", "psubscribe" -> words.length - 1;
          default -> 0;
        };
    for (int i = 1; i <= last; i++) {
      if (!user.mayUseChannel(words[i], command.name().equals("psubscribe"))) {
        return words[i];
      }
    }
    return null;
  }
}

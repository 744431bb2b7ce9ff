package dev.quire.store.server.commands;

import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import dev.quire.store.server.state.ServerState;
import dev.quire.store.server.state.Session;
import dev.quire.store.server.state.User;
import dev.quire.store.server.state.Users;

/// Commands about the connection itself.
final class ConnectionCommands {

  /// The version that clients are told: some refuse what they need if it is less.
  static final String REDIS_VERSION = "7.4.0";

  private ConnectionCommands() {}

  static void bind(Routes to) {
    to.any("ping", ConnectionCommands::ping);
    to.any("echo", call -> call.out().bulk(call.word(1)));
    to.any("select", ConnectionCommands::select);
    to.loop("hello", ConnectionCommands::hello);
    to.loop("auth", ConnectionCommands::auth);
    to.loop("quit", ConnectionCommands::quit);
    to.loop("reset", ConnectionCommands::reset);
  }

  private static void ping(Call call) {
    if (call.count() > 2) {
      throw new Refusal("ERR wrong number of arguments for 'ping' command");
    }
    Reply out = call.out();
    if (call.session().protocol() == 2 && call.session().isListening()) {
      out.array(2);
      out.text("pong");
      out.bulk(call.count() == 2 ? call.word(1) : new byte[0]);
    } else if (call.count() == 2) {
      out.bulk(call.word(1));
    } else {
      out.simple("PONG");
    }
  }

  private static void select(Call call) {
    long db = call.number(1, Integer.MIN_VALUE, Integer.MAX_VALUE, "ERR invalid DB index");
    if (db < 0 || db >= call.state().tables.length) {
      throw new Refusal("ERR DB index is out of range");
    }
    call.session().db = (int) db;
    call.out().ok();
  }

  private static void quit(Call call) {
    call.out().ok();
    call.session().closing = true;
  }

  private static void reset(Call call) {
    Session session = call.session();
    ServerState state = call.state();
    session.endQueue();
    state.watches.forget(session);
    state.pubSub.forget(session);
    state.tracking.disable(session);
    state.monitors.remove(session);
    session.monitor = false;
    session.name = "";
    session.db = 0;
    session.replies = Session.Replies.ON;
    session.durability = null;
    session.noEvict = false;
    session.user = state.users.defaultUser();
    session.authenticated = session.user.enabled() && session.user.noPassword();
    session.out.protocol(2);
    call.out().simple("RESET");
  }

  private static void auth(Call call) {
    if (call.count() > 3) {
      throw Refusal.syntax();
    }
    if (call.count() == 2 && call.state().users.defaultUser().noPassword()) {
      throw new Refusal(
          "ERR AUTH <password> called without any password configured for the default user. Are"
              + " you sure your configuration is correct?");
    }
    String name = call.count() == 3 ? call.text(1) : Users.DEFAULT;
    logIn(call, name, call.word(call.count() - 1));
    call.out().ok();
  }

  private static void logIn(Call call, String name, byte[] password) {
    User user = call.state().users.find(name);
    // A password is compared in any case, so that names cannot be told apart by time.
    boolean accepted = (user == null ? User.none(name) : user).accepts(password);
    if (user == null || !accepted || !user.enabled()) {
      ServerState state = call.state();
      state.statistics.deniedLogins++;
      state.aclLog.add(
          call.session(),
          "auth",
          "toplevel",
          call.command().name(),
          name,
          state.settings.number("acllog-max-len"));
      throw new Refusal("WRONGPASS invalid username-password pair or user is disabled.");
    }
    call.session().user = user;
    call.session().authenticated = true;
  }

  private static void hello(Call call) {
    Session session = call.session();
    int version = session.protocol();
    if (call.count() > 1) {
      String problem = "ERR Protocol version is not an integer or out of range";
      long asked = call.number(1, Integer.MIN_VALUE, Integer.MAX_VALUE, problem);
      if (asked < 2 || asked > 3) {
        throw new Refusal("NOPROTO unsupported protocol version");
      }
      version = (int) asked;
    }
    String name = null;
    for (int i = 2; i < call.count(); i++) {
      String option = call.option(i);
      if (option.equals("auth") && i + 2 < call.count()) {
        logIn(call, call.text(i + 1), call.word(i + 2));
        i += 2;
      } else if (option.equals("setname") && i + 1 < call.count()) {
        name = ClientCommands.requireName(call.text(++i));
      } else {
        throw new Refusal("ERR Syntax error in HELLO option '" + call.text(i) + "'");
      }
    }
    if (!session.authenticated) {
      throw new Refusal(
          "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO"
              + " <proto> AUTH <user> <pass> option can be used to authenticate the client and"
              + " select the RESP protocol version at the same time");
    }
    if (name != null) {
      session.name = name;
    }
    session.out.protocol(version);
    call.out().protocol(version);
    Reply out = call.out();
    out.map(7);
    out.text("server");
    out.text("redis");
    out.text("version");
    out.text(REDIS_VERSION);
    out.text("proto");
    out.number(version);
    out.text("id");
    out.number(session.id);
    out.text("mode");
    out.text("standalone");
    out.text("role");
    out.text("master");
    out.text("modules");
    out.array(0);
  }
}

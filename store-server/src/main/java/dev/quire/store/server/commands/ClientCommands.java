package dev.quire.store.server.commands;

import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import dev.quire.store.server.state.ServerState;
import dev.quire.store.server.state.Session;
import dev.quire.store.server.state.Session.Replies;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// `CLIENT` and its subcommands, but for tracking.
final class ClientCommands {

  private ClientCommands() {}

  static void bind(Routes to) {
    to.any("client|id", call -> call.out().number(call.session().id));
    to.loop("client|getname", ClientCommands::getName);
    to.loop("client|setname", ClientCommands::setName);
    to.loop("client|setinfo", ClientCommands::setLibrary);
    to.loop("client|info", call -> call.out().verbatim(call.session().describe() + "\n"));
    to.loop("client|list", ClientCommands::list);
    to.loop("client|kill", ClientCommands::kill);
    to.loop("client|reply", ClientCommands::reply);
    to.loop("client|no-evict", ClientCommands::noEvict);
    to.loop("client|pause", ClientCommands::pause);
    to.loop("client|unpause", ClientCommands::unpause);
    to.loop("client|unblock", ClientCommands::unblock);
    to.any(
        "client|maint_notifications",
        call -> call.out().error("ERR maintenance notifications are not supported"));
  }

  private static void getName(Call call) {
    String name = call.session().name;
    call.out().text(name.isEmpty() ? null : name);
  }

  /// @throws Refusal if the name has spaces or letters that cannot be printed
  static String requireName(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) < '!' || name.charAt(i) > '~') {
        throw new Refusal(
            "ERR Client names cannot contain spaces, newlines or special characters.");
      }
    }
    return name;
  }

  private static void setName(Call call) {
    call.session().name = requireName(call.text(2));
    call.out().ok();
  }

  private static void setLibrary(Call call) {
    String value = requireName(call.text(3));
    switch (call.option(2)) {
      case "lib-name" -> call.session().libName = value;
      case "lib-ver" -> call.session().libVersion = value;
      default -> throw new Refusal("ERR Unrecognized option '" + call.text(2) + "'");
    }
    call.out().ok();
  }

  private static String kindOf(Session session) {
    return session.isListening() ? "pubsub" : "normal";
  }

  private static String requireKind(String kind) {
    if (!List.of("normal", "master", "replica", "slave", "pubsub").contains(kind)) {
      throw new Refusal("ERR Unknown client type '" + kind + "'");
    }
    return kind;
  }

  private static void list(Call call) {
    List<Session> shown = new ArrayList<>();
    if (call.count() == 4 && call.option(2).equals("type")) {
      String kind = requireKind(call.option(3));
      for (Session session : call.state().sessions()) {
        if (kindOf(session).equals(kind)) {
          shown.add(session);
        }
      }
    } else if (call.count() > 3 && call.option(2).equals("id")) {
      for (int i = 3; i < call.count(); i++) {
        long id = call.number(i, Long.MIN_VALUE, Long.MAX_VALUE, "ERR Invalid client ID");
        Session session = call.state().session(id);
        if (session != null) {
          shown.add(session);
        }
      }
    } else if (call.count() == 2) {
      shown.addAll(call.state().sessions());
    } else {
      throw Refusal.syntax();
    }
    StringBuilder text = new StringBuilder();
    shown.forEach(session -> text.append(session.describe()).append('\n'));
    call.out().verbatim(text.toString());
  }

  private static void kill(Call call) {
    ServerState state = call.state();
    if (call.count() == 3) {
      String peer = call.text(2);
      for (Session session : state.sessions()) {
        if (session.outlet.peer().equals(peer)) {
          close(call, session);
          call.out().ok();
          return;
        }
      }
      throw new Refusal("ERR No such client");
    }
    boolean skipMe = true;
    Predicate<Session> chosen = _ -> true;
    for (int i = 2; i < call.count(); i += 2) {
      if (i + 1 == call.count()) {
        throw Refusal.syntax();
      }
      if (call.option(i).equals("skipme")) {
        skipMe = yesOrNo(call.option(i + 1));
      } else {
        chosen = chosen.and(filter(call, i));
      }
    }
    int count = 0;
    for (Session session : state.sessions()) {
      if (chosen.test(session) && !(skipMe && session.equals(call.session()))) {
        close(call, session);
        count++;
      }
    }
    call.out().number(count);
  }

  private static boolean yesOrNo(String word) {
    if (!word.equals("yes") && !word.equals("no")) {
      throw Refusal.syntax();
    }
    return word.equals("yes");
  }

  private static Predicate<Session> filter(Call call, int index) {
    String value = call.text(index + 1);
    return switch (call.option(index)) {
      case "id" -> {
        String problem = "ERR client-id should be greater than 0";
        long id = call.number(index + 1, 1, Long.MAX_VALUE, problem);
        yield session -> session.id == id;
      }
      case "type" -> {
        String kind = requireKind(value.toLowerCase(Locale.ROOT));
        yield session -> kindOf(session).equals(kind);
      }
      case "addr" -> session -> session.outlet.peer().equals(value);
      case "laddr" -> session -> session.outlet.local().equals(value);
      case "user" -> {
        if (call.state().users.find(value) == null) {
          throw new Refusal("ERR No such user '" + value + "'");
        }
        yield session -> session.user.name().equals(value);
      }
      default -> throw Refusal.syntax();
    };
  }

  /// Closes a connection; the own one when its reply is sent.
  static void close(Call call, Session session) {
    session.closing = true;
    if (!session.equals(call.session())) {
      call.state().close(session);
      session.outlet.close();
    }
  }

  private static void reply(Call call) {
    switch (call.option(2)) {
      case "on" -> {
        call.session().replies = Replies.ON;
        call.out().ok();
      }
      case "off" -> call.session().replies = Replies.OFF;
      case "skip" -> {
        if (call.session().replies != Replies.OFF) {
          call.session().replies = Replies.SKIP_THIS;
        }
      }
      default -> throw Refusal.syntax();
    }
  }

  private static void noEvict(Call call) {
    call.session().noEvict =
        switch (call.option(2)) {
          case "on" -> true;
          case "off" -> false;
          default -> throw Refusal.syntax();
        };
    call.out().ok();
  }

  private static void pause(Call call) {
    String problem = "ERR timeout is not an integer or out of range";
    long millis = call.number(2, 0, Long.MAX_VALUE / 2, problem);
    boolean all = true;
    if (call.count() == 4) {
      String mode = call.option(3);
      if (!mode.equals("write") && !mode.equals("all")) {
        throw new Refusal("ERR CLIENT PAUSE mode must be WRITE or ALL");
      }
      all = mode.equals("all");
    } else if (call.count() > 4) {
      throw Refusal.syntax();
    }
    ServerState state = call.state();
    long until = System.currentTimeMillis() + millis;
    boolean running = state.pausedUntilMillis > System.currentTimeMillis();
    state.pausedForAll = all || (running && state.pausedForAll);
    state.pausedUntilMillis = Math.max(until, state.pausedUntilMillis);
    call.out().ok();
  }

  private static void unpause(Call call) {
    call.state().pausedUntilMillis = 0;
    call.out().ok();
  }

  private static void unblock(Call call) {
    long _ = call.number(2);
    call.out().number(0);
  }
}

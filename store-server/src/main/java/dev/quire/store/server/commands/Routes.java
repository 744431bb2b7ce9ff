package dev.quire.store.server.commands;

import dev.quire.store.server.run.Handler;
import dev.quire.store.server.run.Route;
import dev.quire.store.server.run.Route.Place;
import dev.quire.store.server.table.Command;
import dev.quire.store.server.table.CommandTable;
import org.jspecify.annotations.Nullable;

/// Binds each command of the table to what it does.
public final class Routes {

  private final @Nullable Route[] routes = new Route[CommandTable.get().size()];

  private Routes() {}

  /// What all commands do, by their numbers.
  ///
  /// @param shutdown ends the server; whether it is to end at once
  public static Route[] all(ServerCommands.Shutdown shutdown) {
    Routes routes = new Routes();
    StringReads.bind(routes);
    StringWrites.bind(routes);
    NumberWrites.bind(routes);
    BitReads.bind(routes);
    BitWrites.bind(routes);
    KeyReads.bind(routes);
    KeyWrites.bind(routes);
    Scans.bind(routes);
    Expirations.bind(routes);
    ConnectionCommands.bind(routes);
    ClientCommands.bind(routes);
    ClientTracking.bind(routes);
    TransactionCommands.bind(routes);
    PubSubCommands.bind(routes);
    CommandCommands.bind(routes);
    ConfigCommands.bind(routes);
    ServerCommands.bind(routes, shutdown);
    LogCommands.bind(routes);
    AclCommands.bind(routes);
    OrderedCommands.bind(routes);
    Helps.bind(routes);
    return routes.complete();
  }

  void read(String name, Handler handler) {
    bind(Place.READ, name, handler);
  }

  void write(String name, Handler handler) {
    bind(Place.WRITE, name, handler);
  }

  void any(String name, Handler handler) {
    bind(Place.ANY, name, handler);
  }

  void loop(String name, Handler handler) {
    bind(Place.LOOP, name, handler);
  }

  private void bind(Place place, String name, Handler handler) {
    Command command = CommandTable.get().find(name);
    if (command == null) {
      throw new IllegalStateException("commands.txt has no " + name);
    }
    if (command.isWrite() != (place == Place.WRITE)) {
      throw new IllegalStateException(name + ": what writes is run by the writer, and only that");
    }
    if (routes[command.number()] != null) {
      throw new IllegalStateException(name + " is bound twice");
    }
    routes[command.number()] = new Route(place, handler);
  }

  private Route[] complete() {
    Route[] all = new Route[routes.length];
    for (Command command : CommandTable.get().all()) {
      Route route = routes[command.number()];
      if (route == null && CommandTable.get().childrenOf(command).isEmpty()) {
        throw new IllegalStateException(command + " is not bound");
      }
      all[command.number()] =
          route == null
              ? new Route(Place.ANY, call -> call.out().error("ERR syntax error"))
              : route;
    }
    return all;
  }
}

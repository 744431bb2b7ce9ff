package dev.quire.store.server.commands;

import dev.quire.store.errors.StoreException;
import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import java.util.concurrent.locks.LockSupport;

/// Commands about the server as a whole.
public final class ServerCommands {

  private static final String NO_CLUSTER = "ERR This instance has cluster support disabled";
  private static final double NANOS_PER_SECOND = 1e9;

  /// Ends the server.
  @FunctionalInterface
  public interface Shutdown {

    /// Ends it.
    ///
    /// @param now whether writes that were asked for are not waited for
    void begin(boolean now);
  }

  private ServerCommands() {}

  static void bind(Routes to, Shutdown shutdown) {
    to.loop("info", Information::run);
    to.any("time", ServerCommands::time);
    to.any("lolwut", call -> call.out().verbatim("Quire\n"));
    to.any("role", ServerCommands::role);
    to.any("wait", call -> call.out().number(0));
    to.any("cluster", call -> call.out().error(NO_CLUSTER));
    to.any("readonly", call -> call.out().error(NO_CLUSTER));
    to.any("readwrite", call -> call.out().error(NO_CLUSTER));
    to.loop("save", ServerCommands::save);
    to.loop("bgsave", ServerCommands::backgroundSave);
    to.loop("bgrewriteaof", ServerCommands::backgroundSave);
    to.loop("lastsave", call -> call.out().number(call.state().lastSaveSeconds));
    to.loop("shutdown", call -> shutdown(call, shutdown));
    to.loop("debug", ServerCommands::debug);
    to.write("function|flush", call -> call.out().ok());
    to.any("function|list", call -> call.out().array(0));
    to.any("function|stats", ServerCommands::functionStats);
    to.any("memory|doctor", call -> call.out().verbatim("Ask the store: quire stat."));
    to.any("memory|malloc-stats", call -> call.out().verbatim("No allocator of its own."));
    to.any("memory|purge", call -> call.out().ok());
    to.any("memory|stats", ServerCommands::memoryStats);
  }

  private static void time(Call call) {
    long millis = System.currentTimeMillis();
    call.out().array(2);
    call.out().text(Long.toString(millis / 1000));
    call.out().text(Long.toString(millis % 1000 * 1000));
  }

  private static void role(Call call) {
    call.out().array(3);
    call.out().text("master");
    call.out().number(0);
    call.out().array(0);
  }

  private static void functionStats(Call call) {
    call.out().map(2);
    call.out().text("running_script");
    call.out().nil();
    call.out().text("engines");
    call.out().map(0);
  }

  private static void memoryStats(Call call) {
    Runtime runtime = Runtime.getRuntime();
    Reply out = call.out();
    out.map(2);
    out.text("total.allocated");
    out.number(runtime.totalMemory() - runtime.freeMemory());
    out.text("keys.count");
    out.number(call.state().store.table(call.state().tables[0]).count());
  }

  private static void save(Call call) {
    try {
      call.state().store.checkpoint();
      call.state().lastSaveSeconds = System.currentTimeMillis() / 1000;
      call.out().ok();
    } catch (StoreException e) {
      throw new Refusal("ERR " + e.getMessage());
    }
  }

  private static void backgroundSave(Call call) {
    Thread checkpoint =
        new Thread(
            () -> {
              try {
                call.state().store.checkpoint();
              } catch (StoreException | IllegalStateException e) {
                System.getLogger("dev.quire.store.server")
                    .log(System.Logger.Level.WARNING, "checkpoint asked for by a client", e);
              }
            },
            "quire-server-checkpoint");
    checkpoint.setDaemon(true);
    checkpoint.start();
    call.state().lastSaveSeconds = System.currentTimeMillis() / 1000;
    call.out()
        .simple(
            call.command().name().equals("bgsave")
                ? "Background saving started"
                : "Background append only file rewriting started");
  }

  private static void shutdown(Call call, Shutdown shutdown) {
    boolean now = false;
    for (int i = 1; i < call.count(); i++) {
      switch (call.option(i)) {
        case "nosave", "save", "force" -> {}
        case "now" -> now = true;
        case "abort" -> throw new Refusal("ERR No shutdown in progress.");
        default -> throw Refusal.syntax();
      }
    }
    shutdown.begin(now);
  }

  private static boolean mayDebug(Call call) {
    return switch (call.state().settings.text("enable-debug-command")) {
      case "yes" -> true;
      case "local" ->
          call.session().outlet.isUnix() || call.session().outlet.peer().startsWith("127.");
      default -> false;
    };
  }

  private static void debug(Call call) {
    if (!mayDebug(call)) {
      throw new Refusal(
          "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\","
              + " you can run it from a local connection, otherwise you need to set this option in"
              + " the configuration file, and then restart the server.");
    }
    switch (call.option(1)) {
      case "sleep" -> {
        long until =
            System.nanoTime() + (long) (Double.parseDouble(call.text(2)) * NANOS_PER_SECOND);
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        call.out().ok();
      }
      case "protocol" -> protocol(call.out(), call.option(2));
      case "set-active-expire", "jmap", "pause-cron", "log", "quicklist-packed-threshold" ->
          call.out().ok();
      default -> throw Refusal.syntax();
    }
  }

  /// One reply of each kind, so that clients can be tested.
  private static void protocol(Reply out, String kind) {
    switch (kind) {
      case "string" -> out.text("Hello World");
      case "integer" -> out.number(12345);
      case "double" -> out.fraction("3.141");
      case "null" -> out.nil();
      case "array" -> numbers(out, 3);
      case "set" -> {
        out.set(3);
        for (int i = 0; i < 3; i++) {
          out.number(i);
        }
      }
      case "map" -> {
        out.map(3);
        for (int i = 0; i < 3; i++) {
          out.number(i);
          out.bool(i == 1);
        }
      }
      case "push" -> {
        out.push(2);
        out.text("server-cpu-usage");
        out.number(42);
      }
      case "true" -> out.bool(true);
      case "false" -> out.bool(false);
      case "verbatim" -> out.verbatim("This is a verbatim\nstring");
      case "bignum" -> out.bigNumber("1234567999999999999999999999999999999");
      case "attrib" -> {
        out.attribute(1);
        if (out.protocol() == 3) {
          out.text("key-popularity");
          out.array(2);
          out.text("key:123");
          out.number(90);
        }
        out.text("Some real reply following the attribute");
      }
      default ->
          throw new Refusal(
              "ERR Wrong protocol type name. Please use one of the following:"
                  + " string|integer|double|null|array|set|map|attrib|push|verbatim|true|false");
    }
  }

  private static void numbers(Reply out, int count) {
    out.array(count);
    for (int i = 0; i < count; i++) {
      out.number(i);
    }
  }
}

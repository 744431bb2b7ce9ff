package dev.quire.store.server.run;

import dev.quire.store.errors.StoreException;
import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.run.Route.Place;
import dev.quire.store.server.state.Fingerprint;
import dev.quire.store.server.state.QueuedCommand;
import dev.quire.store.server.state.ServerState;
import dev.quire.store.server.state.Session;
import dev.quire.store.server.state.Session.Replies;
import dev.quire.store.server.state.Session.WatchedKey;
import dev.quire.store.server.state.TrackingMode;
import dev.quire.store.server.table.Command;
import dev.quire.store.server.table.KeySpec;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs requests, on either thread.
final class Execution {

  private final ServerState state;
  private final Route[] routes;

  Execution(ServerState state, Route[] routes) {
    this.state = state;
    this.routes = routes;
  }

  /// Where replies and effects go.
  ///
  /// @param out replies
  /// @param keyspace the databases
  /// @param effects what others have to hear
  /// @param done what was run
  /// @param onLoop runs something on the event loop and waits for it
  record Target(
      Reply out,
      Keyspace keyspace,
      List<Effect> effects,
      List<Batch.Done> done,
      Consumer<Runnable> onLoop) {}

  Route route(Command command) {
    return routes[command.number()];
  }

  void run(Session session, Request request, Target target) {
    int start = target.out.length();
    switch (request) {
      case Request.One one -> run(session, one.command(), one.words(), target);
      case Request.Transaction transaction -> run(session, transaction, target);
      case Request.Answered answered ->
          target.out.raw(answered.reply(), 0, answered.reply().length);
    }
    if (!(request instanceof Request.One one && one.command().name().endsWith("subscribe"))) {
      suppress(session, target.out, start);
    }
  }

  /// Drops the reply if the connection wants none.
  static void suppress(Session session, Reply out, int start) {
    switch (session.replies) {
      case ON -> {}
      case OFF -> out.cut(start);
      case SKIP_THIS -> {
        out.cut(start);
        session.replies = Replies.SKIP_NEXT;
      }
      case SKIP_NEXT -> {
        out.cut(start);
        session.replies = Replies.ON;
      }
    }
  }

  private void run(Session session, Command command, byte[][] words, Target target) {
    Reply out = target.out;
    int start = out.length();
    long began = System.nanoTime();
    Call call = new Call(state, session, command, words, out, target.keyspace, target.effects);
    try {
      Route route = routes[command.number()];
      if (route.place() == Place.LOOP) {
        target.onLoop.accept(() -> guarded(route, call, start));
      } else {
        guarded(route, call, start);
      }
    } finally {
      track(session, command, words, target.effects);
      String error = out.isErrorAt(start) ? out.errorCodeAt(start) : null;
      long nanos = System.nanoTime() - began;
      target.done.add(new Batch.Done(command, words, nanos, call.hits(), call.misses(), error));
    }
  }

  /// Runs a command; what is wrong with the request is its reply, what is wrong with the store is
  /// thrown by writes and the reply of reads.
  private static void guarded(Route route, Call call, int start) {
    Reply out = call.out();
    try {
      route.handler().run(call);
    } catch (Refusal e) {
      out.cut(start);
      out.error(String.valueOf(e.getMessage()));
    } catch (StoreException e) {
      if (route.place() == Place.WRITE) {
        throw e;
      }
      out.cut(start);
      out.error(Failures.reply(e));
    } catch (IllegalArgumentException | IllegalStateException e) {
      out.cut(start);
      out.error("ERR " + e.getMessage());
    }
  }

  private static void track(
      Session session, Command command, byte[][] words, List<Effect> effects) {
    TrackingMode mode = session.tracking;
    if (mode == null) {
      return;
    }
    if (command.isReadOnly() && mode.tracksReads()) {
      for (KeySpec spec : command.keys()) {
        int last = spec.lastOf(words.length);
        for (int i = spec.first(); i <= last; i += spec.step()) {
          effects.add(new Effect(Effect.Kind.READ, session, session.db, words[i], 0, ""));
        }
      }
    }
  }

  private void run(Session session, Request.Transaction transaction, Target target) {
    long began = System.nanoTime();
    if (isChanged(transaction.watched(), target.keyspace)) {
      target.out.nilArray();
    } else {
      target.out.array(transaction.queue().size());
      for (QueuedCommand queued : transaction.queue()) {
        run(session, queued.command(), queued.words(), target);
      }
    }
    target.done.add(
        new Batch.Done(transaction.exec(), transaction.words(), System.nanoTime() - began));
  }

  private static boolean isChanged(Map<WatchedKey, Fingerprint> watched, Keyspace keyspace) {
    for (Map.Entry<WatchedKey, Fingerprint> entry : watched.entrySet()) {
      WatchedKey key = entry.getKey();
      Fingerprint now = Fingerprint.of(keyspace.table(key.db()), key.key().bytes());
      if (!now.equals(entry.getValue())) {
        return true;
      }
    }
    return false;
  }

  /// Whether a request has to be done by the writer.
  boolean writes(@Nullable List<QueuedCommand> queue) {
    if (queue != null) {
      for (QueuedCommand queued : queue) {
        if (route(queued.command()).place() == Place.WRITE) {
          return true;
        }
      }
    }
    return false;
  }
}

package dev.quire.store.server.run;

import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.run.Route.Place;
import dev.quire.store.server.state.Outlet;
import dev.quire.store.server.state.QueuedCommand;
import dev.quire.store.server.state.ServerState;
import dev.quire.store.server.state.Session;
import dev.quire.store.server.table.Command;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Checks each request and sees that it is run: at once on the event loop, or by the writer. All of
/// it on the event loop.
public final class Dispatcher {

  private final ServerState state;
  private final Admission admission;
  private final Accounting accounting;
  private final Execution execution;
  private final Snapshots snapshots;
  private final ForeignChanges foreign;
  private final Writer writer;
  private final Executor loop;
  private final Thread writerThread;
  private final List<Batch> submitted = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private final List<Batch.Done> done = new ArrayList<>();
  private final Map<Session, Client> clients = new HashMap<>();
  private final List<Client> paused = new ArrayList<>();
  private int withWriter;
  private boolean stopped;

  /// @param routes what commands do, by their numbers
  /// @param loop runs something on the event loop, after what it does now
  public Dispatcher(ServerState state, Route[] routes, Executor loop) {
    this.state = state;
    this.admission = new Admission(state);
    this.accounting = new Accounting(state);
    this.execution = new Execution(state, routes);
    this.snapshots = new Snapshots(state.store, state.tables);
    this.loop = loop;
    this.foreign = new ForeignChanges(state, loop);
    this.writer = new Writer(state, execution, foreign, loop, this::completed);
    this.writerThread = new Thread(writer, "quire-server-writer");
    writerThread.setDaemon(true);
    writerThread.start();
  }

  /// A new connection.
  public Client open(Outlet outlet) {
    Session session = state.open(outlet);
    Client client = new Client(session, outlet, this);
    clients.put(session, client);
    return client;
  }

  /// A connection has ended.
  public void close(Client client) {
    Client _ = clients.remove(client.session());
    state.close(client.session());
    foreign.want(state.wantsForeignChanges());
  }

  /// Ends the writer when everything is done that it was handed.
  public Thread stop() {
    stopped = true;
    handOver();
    writer.stop();
    foreign.stop();
    return writerThread;
  }

  /// Number of connections whose requests are with the writer.
  public int withWriter() {
    return withWriter;
  }

  long maxBulkBytes() {
    return state.maxBulkBytes;
  }

  boolean isStopped() {
    return stopped;
  }

  void endReads() {
    snapshots.end();
  }

  /// Handed over when the loop has gone through the connections that have something: so what they
  /// all write is one group.
  void submit(Batch batch) {
    withWriter++;
    if (submitted.isEmpty()) {
      loop.execute(this::handOver);
    }
    submitted.add(batch);
  }

  private void handOver() {
    if (!submitted.isEmpty()) {
      writer.submit(submitted);
      submitted.clear();
    }
  }

  private void completed(List<Batch> group) {
    withWriter -= group.size();
    state.statistics.groups++;
    for (Batch batch : group) {
      batch.client.returned(batch);
      state.statistics.groupedWrites += batch.done.size();
      accounting.done(batch.session(), batch.done);
      for (Effect effect : batch.effects) {
        effect.apply(state);
      }
    }
    state.tracking.flushBroadcasts();
    for (Batch batch : group) {
      batch.client.process();
    }
  }

  /// Runs a request or sees that it is run.
  ///
  /// @return false if it has to wait, and is to be asked for again
  boolean dispatch(Client client, byte[][] words) {
    Session session = client.session();
    Command command = admission.find(words);
    String refused = admission.refuses(session, command, words);
    if (refused != null) {
      if (command != null) {
        state.statistics.of(command).rejected++;
      }
      accounting.refused(refused);
      if (session.queue != null) {
        session.queueBroken = true;
      }
      client.answer(out -> out.error(refused));
      return true;
    }
    if (command == null || waits(client, session, command)) {
      return false;
    }
    session.usedMillis = System.currentTimeMillis();
    session.lastCommand = command.name();
    List<QueuedCommand> queue = session.queue;
    if (queue != null && !Admission.runsInQueue(command)) {
      queue.add(new QueuedCommand(command, words));
      client.answer(out -> out.simple("QUEUED"));
      return true;
    }
    return switch (command.name()) {
      case "multi" -> multi(client, command, words);
      case "discard" -> discard(client, command, words);
      case "exec" -> exec(client, command, words);
      default -> run(client, command, words);
    };
  }

  private boolean run(Client client, Command command, byte[][] words) {
    Place place = execution.route(command).place();
    Batch batch = client.batch();
    if (place == Place.WRITE || (batch != null && place != Place.LOOP)) {
      state.monitor(client.session(), command, words);
      client.beginBatch().add(new Request.One(command, words), words);
      return true;
    }
    if (batch != null) {
      return false;
    }
    state.monitor(client.session(), command, words);
    runHere(client, new Request.One(command, words));
    if (place == Place.LOOP) {
      foreign.want(state.wantsForeignChanges());
    }
    return true;
  }

  private void runHere(Client client, Request request) {
    Session session = client.session();
    Execution.Target target =
        new Execution.Target(session.out, snapshots, effects, done, Runnable::run);
    execution.run(session, request, target);
    accounting.done(session, done);
    done.clear();
    if (!effects.isEmpty()) {
      for (Effect effect : effects) {
        effect.apply(state);
      }
      effects.clear();
    }
    state.tracking.flushBroadcasts();
  }

  private boolean multi(Client client, Command command, byte[][] words) {
    state.monitor(client.session(), command, words);
    if (client.session().queue != null) {
      accounting.refused("ERR");
      client.answer(out -> out.error("ERR MULTI calls can not be nested"));
      return true;
    }
    client.session().beginQueue();
    accounting.done(client.session(), command, words);
    client.answer(Reply::ok);
    return true;
  }

  private boolean discard(Client client, Command command, byte[][] words) {
    state.monitor(client.session(), command, words);
    if (client.session().queue == null) {
      accounting.refused("ERR");
      client.answer(out -> out.error("ERR DISCARD without MULTI"));
      return true;
    }
    client.session().endQueue();
    state.watches.forget(client.session());
    accounting.done(client.session(), command, words);
    client.answer(Reply::ok);
    return true;
  }

  private boolean exec(Client client, Command command, byte[][] words) {
    Session session = client.session();
    List<QueuedCommand> queue = session.queue;
    boolean writes = execution.writes(queue);
    if (queue != null && !writes && client.batch() != null) {
      return false;
    }
    if (queue == null) {
      accounting.refused("ERR");
      client.answer(out -> out.error("ERR EXEC without MULTI"));
      return true;
    }
    Request.Transaction transaction =
        new Request.Transaction(command, words, queue, Map.copyOf(session.watched));
    boolean broken = session.queueBroken;
    boolean watchBroken = session.watchBroken;
    session.endQueue();
    state.watches.forget(session);
    if (broken) {
      state.monitor(session, command, words);
      accounting.refused("EXECABORT");
      client.answer(
          out -> out.error("EXECABORT Transaction discarded because of previous errors."));
      return true;
    }
    if (watchBroken) {
      state.monitor(session, command, words);
      accounting.done(session, command, words);
      client.answer(Reply::nilArray);
      return true;
    }
    if (state.overLimit && queue.stream().anyMatch(queued -> queued.command().has("denyoom"))) {
      accounting.refused("EXECABORT");
      client.answer(
          out -> out.error("EXECABORT Transaction discarded because of: " + Admission.OVER_LIMIT));
      return true;
    }
    queue.forEach(queued -> state.monitor(session, queued.command(), queued.words()));
    state.monitor(session, command, words);
    if (writes) {
      client.beginBatch().add(transaction, words);
    } else {
      runHere(client, transaction);
    }
    return true;
  }

  /// Whether a request has to wait until a pause is over.
  private boolean waits(Client client, Session session, Command command) {
    long left = state.pausedUntilMillis - System.currentTimeMillis();
    if (left <= 0) {
      return false;
    }
    boolean writes =
        command.isWrite()
            || command.has("may_replicate")
            || (command.name().equals("exec") && execution.writes(session.queue));
    if (!writes && !state.pausedForAll) {
      return false;
    }
    if (!paused.contains(client)) {
      paused.add(client);
    }
    return true;
  }

  /// Looks after what time brings; called some times a second.
  public void tick() {
    state.measure();
    if (!paused.isEmpty() && state.pausedUntilMillis <= System.currentTimeMillis()) {
      List<Client> waiting = List.copyOf(paused);
      paused.clear();
      waiting.forEach(Client::process);
    }
  }

  /// The client of a connection, or null.
  public @Nullable Client client(Session session) {
    return clients.get(session);
  }
}

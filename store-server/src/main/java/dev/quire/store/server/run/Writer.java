package dev.quire.store.server.run;

import dev.quire.store.Store;
import dev.quire.store.WriteTxn;
import dev.quire.store.errors.StoreException;
import dev.quire.store.options.Durability;
import dev.quire.store.server.state.ServerState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Does the writes of all connections, in groups: what has come while a group was being committed
/// is the next group, one transaction. Its replies are sent when it is committed.
final class Writer implements Runnable {

  /// A group is not made greater: who waits for it waits for so much at most.
  private static final int MAX_GROUP = 8192;

  private static final Durability EVERY_SECOND = Durability.interval(Duration.ofSeconds(1));

  private final Store store;
  private final ServerState state;
  private final Execution execution;
  private final ForeignChanges foreign;
  private final Executor loop;
  private final Consumer<List<Batch>> completed;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<Batch> waiting = new ArrayDeque<>();
  private boolean stopped;

  Writer(
      ServerState state,
      Execution execution,
      ForeignChanges foreign,
      Executor loop,
      Consumer<List<Batch>> completed) {
    this.store = state.store;
    this.state = state;
    this.execution = execution;
    this.foreign = foreign;
    this.loop = loop;
    this.completed = completed;
  }

  /// Hands over batches, which are completed in this order.
  void submit(List<Batch> batches) {
    lock.lock();
    try {
      waiting.addAll(batches);
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the writer when everything that was handed over is done.
  void stop() {
    lock.lock();
    try {
      stopped = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    for (List<Batch> group = next(); group != null; group = next()) {
      List<Batch> finished = group;
      commit(group);
      loop.execute(() -> completed.accept(finished));
    }
  }

  private @Nullable List<Batch> next() {
    lock.lock();
    try {
      while (waiting.isEmpty()) {
        if (stopped) {
          return null;
        }
        arrived.awaitUninterruptibly();
      }
      List<Batch> group = new ArrayList<>();
      int requests = 0;
      while (requests < MAX_GROUP && !waiting.isEmpty()) {
        Batch batch = waiting.removeFirst();
        requests += batch.requests.size();
        group.add(batch);
      }
      return group;
    } finally {
      lock.unlock();
    }
  }

  /// One transaction for all; if there is no room for it, one for each, so that those who ask for
  /// little get it.
  private void commit(List<Batch> group) {
    StoreException failure = tryCommit(group);
    if (failure != null) {
      for (Batch batch : group) {
        StoreException alone = group.size() == 1 ? failure : tryCommit(List.of(batch));
        if (alone != null) {
          refuse(batch, Failures.reply(alone));
        }
      }
    }
  }

  /// What went wrong, or null.
  private @Nullable StoreException tryCommit(List<Batch> group) {
    for (Batch batch : group) {
      batch.restart();
    }
    try (WriteTxn txn = store.beginWrite(durability(group))) {
      Changing keyspace = new Changing(txn, state.tables);
      for (Batch batch : group) {
        Execution.Target target =
            new Execution.Target(batch.out, keyspace, batch.effects, batch.done, this::runOnLoop);
        for (Request request : batch.requests) {
          execution.run(batch.session(), request, target);
        }
      }
      foreign.committing(txn.id(), group);
      txn.commit();
      return null;
    } catch (StoreException e) {
      return e;
    } catch (RuntimeException | Error e) {
      for (Batch batch : group) {
        refuse(batch, "ERR internal error: " + e);
      }
      return null;
    }
  }

  private void runOnLoop(Runnable task) {
    CompletableFuture.runAsync(task, loop).join();
  }

  private static Batch.Done refused(Request request, String reply) {
    String code = reply.substring(0, reply.indexOf(' '));
    return switch (request) {
      case Request.One one -> new Batch.Done(one.command(), one.words(), 0, 0, 0, code);
      case Request.Transaction all -> new Batch.Done(all.exec(), all.words(), 0, 0, 0, code);
      case Request.Answered _ -> throw new IllegalArgumentException("it has its reply");
    };
  }

  private static void refuse(Batch batch, String reply) {
    batch.restart();
    for (Request request : batch.requests) {
      int start = batch.out.length();
      if (request instanceof Request.Answered answered) {
        batch.out.raw(answered.reply(), 0, answered.reply().length);
      } else {
        batch.out.error(reply);
        batch.done.add(refused(request, reply));
      }
      Execution.suppress(batch.session(), batch.out, start);
    }
  }

  /// The strongest that anybody asks for.
  private Durability durability(List<Batch> group) {
    Durability usual = state.durability();
    Durability strongest = Durability.CHECKPOINT;
    for (Batch batch : group) {
      Durability asked = batch.durability == null ? usual : batch.durability;
      if (rank(asked) > rank(strongest)) {
        strongest = asked;
      }
    }
    boolean isAllowed = state.checkpointStore || !(strongest instanceof Durability.Checkpoint);
    return isAllowed ? strongest : EVERY_SECOND;
  }

  private static int rank(Durability durability) {
    return switch (durability) {
      case Durability.Sync _ -> 2;
      case Durability.Interval _ -> 1;
      case Durability.Checkpoint _ -> 0;
    };
  }
}

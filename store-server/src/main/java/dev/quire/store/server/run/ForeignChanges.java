package dev.quire.store.server.run;

import dev.quire.store.Changes;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.errors.StoreException;
import dev.quire.store.server.state.Name;
import dev.quire.store.server.state.ServerState;
import dev.quire.store.server.state.Session.WatchedKey;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Tells of changes that were not made through the server: by embedded processes, and by the store
/// when entries expire.
///
/// A thread compares the store's newest snapshot with the one before, as long as somebody wants to
/// know. The server's own changes are among the differences; the writer says which they are before
/// it commits them, so that nobody hears of them twice.
final class ForeignChanges implements Runnable {

  private static final long PAUSE_NANOS = 5_000_000;
  private static final int PORTION = 1_000;
  private static final Set<String> DELETIONS = Set.of("del", "rename_from", "move_from");

  /// A change of the server's own.
  ///
  /// @param txnId the transaction
  /// @param event what was told of it
  private record Own(long txnId, String event) {}

  private final Store store;
  private final ServerState state;
  private final Executor loop;
  private final Map<String, Integer> databases = new HashMap<>();
  private final Map<WatchedKey, Own> ownKeys = new ConcurrentHashMap<>();
  private final Map<Integer, Long> ownFlushes = new ConcurrentHashMap<>();
  private final Set<Long> ownTransactions = ConcurrentHashMap.newKeySet();
  private final Thread thread = new Thread(this, "quire-server-changes");
  private volatile boolean wanted;
  private volatile boolean stopped;
  private volatile @Nullable ReadTxn begin;

  ForeignChanges(ServerState state, Executor loop) {
    this.store = state.store;
    this.state = state;
    this.loop = loop;
    for (int db = 0; db < state.tables.length; db++) {
      databases.put(state.tables[db], db);
    }
    thread.setDaemon(true);
    thread.start();
  }

  /// Says whether anybody wants to know. Whatever is committed from now on is told.
  void want(boolean want) {
    if (want && !wanted) {
      begin = store.beginRead();
      wanted = true;
      LockSupport.unpark(thread);
    } else if (!want) {
      wanted = false;
    }
  }

  void stop() {
    stopped = true;
    wanted = false;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// The writer is about to commit these.
  void committing(long txnId, List<Batch> group) {
    if (!wanted) {
      return;
    }
    boolean _ = ownTransactions.add(txnId);
    for (Batch batch : group) {
      for (Effect effect : batch.effects) {
        if (effect.kind() == Effect.Kind.CHANGED) {
          Own _ =
              ownKeys.put(
                  new WatchedKey(effect.db(), new Name(effect.key())),
                  new Own(txnId, effect.event()));
        } else if (effect.kind() == Effect.Kind.CLEARED) {
          Long _ = ownFlushes.put(effect.db(), txnId);
        }
      }
    }
  }

  @Override
  public void run() {
    while (!stopped) {
      ReadTxn older = begin;
      begin = null;
      if (older == null) {
        LockSupport.park(this);
        continue;
      }
      try {
        follow(older);
      } catch (StoreException | IllegalStateException | RejectedExecutionException e) {
        System.getLogger("dev.quire.store.server")
            .log(Level.WARNING, "changes of other processes are not told any more", e);
        return;
      }
    }
  }

  private void follow(ReadTxn from) {
    ReadTxn older = from;
    try {
      while (wanted && !stopped) {
        LockSupport.parkNanos(this, PAUSE_NANOS);
        ReadTxn newer = store.beginRead();
        if (newer.id() == older.id()) {
          newer.close();
          continue;
        }
        ReadTxn told = older;
        older = newer;
        try (told) {
          tell(told, newer);
        }
      }
    } finally {
      older.close();
      ownKeys.clear();
      ownFlushes.clear();
      ownTransactions.clear();
    }
  }

  private void tell(ReadTxn older, ReadTxn newer) {
    long own = 0;
    for (long txnId : ownTransactions) {
      own += txnId > older.id() && txnId <= newer.id() ? 1 : 0;
    }
    boolean allOwn = own >= newer.id() - older.id();
    List<Runnable> portion = new ArrayList<>();
    try (Changes changes = store.diff(older, newer)) {
      while (changes.next()) {
        Integer db = databases.get(changes.table());
        boolean ofEntry =
            changes.kind() == Changes.Kind.PUT || changes.kind() == Changes.Kind.DELETE;
        if (db != null && ofEntry) {
          add(portion, changes, db, older.id(), newer.id(), allOwn);
          if (portion.size() >= PORTION) {
            runOnLoop(portion);
          }
        }
      }
    }
    addExpired(portion, older, newer);
    runOnLoop(portion);
    long seen = newer.id();
    ownTransactions.removeIf(txnId -> txnId <= seen);
    ownKeys.values().removeIf(change -> change.txnId <= seen);
    ownFlushes.values().removeIf(txnId -> txnId <= seen);
  }

  private void add(
      List<Runnable> portion, Changes changes, int db, long olderId, long newerId, boolean allOwn) {
    byte[] key = changes.key();
    WatchedKey place = new WatchedKey(db, new Name(key));
    Own own = ownKeys.get(place);
    if (own != null && own.txnId <= newerId) {
      boolean _ = ownKeys.remove(place, own);
    }
    boolean gone = changes.kind() == Changes.Kind.DELETE;
    boolean expired = gone && changes.isExpired();
    if (gone && !expired && ownFlushes.getOrDefault(db, 0L) > olderId) {
      return;
    }
    boolean silent = false;
    if (own != null && own.txnId > olderId) {
      boolean deleted = DELETIONS.contains(own.event);
      boolean ended = gone && !deleted;
      if (!ended && (allOwn || deleted)) {
        return;
      }
      expired |= ended && allOwn;
      silent = !ended;
    }
    boolean isNew = changes.kind() == Changes.Kind.PUT && changes.oldValue() == null;
    boolean isExpired = expired;
    boolean isSilent = silent;
    portion.add(() -> state.foreignChange(db, key, gone, isExpired, isNew, isSilent));
  }

  /// Keys that the server has set and that are gone again, without a difference between the
  /// snapshots: they have expired meanwhile.
  private void addExpired(List<Runnable> portion, ReadTxn older, ReadTxn newer) {
    ownKeys.forEach(
        (place, own) -> {
          boolean inWindow = own.txnId > older.id() && own.txnId <= newer.id();
          boolean flushed = ownFlushes.getOrDefault(place.db(), 0L) >= own.txnId;
          byte[] key = place.key().bytes();
          if (inWindow
              && !flushed
              && !DELETIONS.contains(own.event)
              && !older.table(state.tables[place.db()]).contains(key)
              && !newer.table(state.tables[place.db()]).contains(key)) {
            portion.add(() -> state.foreignChange(place.db(), key, true, true, false, false));
          }
        });
  }

  /// Waits until it is done: so a great change is not in memory as a whole.
  private void runOnLoop(List<Runnable> portion) {
    if (portion.isEmpty()) {
      return;
    }
    List<Runnable> all = List.copyOf(portion);
    portion.clear();
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              all.forEach(Runnable::run);
              state.tracking.flushBroadcasts();
            },
            null);
    loop.execute(task);
    while (!stopped && !task.isDone()) {
      LockSupport.parkNanos(this, PAUSE_NANOS / 10);
    }
  }
}

package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.tree.TreeReader;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.ParentLink;
import dev.quire.store.testing.RegionOperation;
import dev.quire.store.testing.Role;
import dev.quire.store.testing.WatchedRegion;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A process that has a store open and does to it what a test says: it counts, reads, stops in the
/// middle of a transaction, and dies at a named step.
final class StoreRole implements Role {

  /// The answer to a command that goes on.
  static final String DOES = "does";

  private static final byte[] TABLE = "counters".getBytes(StandardCharsets.UTF_8);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Path directory;
  private @Nullable Engine engine;
  private @Nullable WriteSession held;
  private @Nullable Snapshot reading;
  private volatile String fatal = "";
  private final AtomicLong stepsLeft = new AtomicLong();
  private volatile boolean stopping;

  private StoreRole(Path directory) {
    this.directory = directory;
  }

  /// Starts a process for a directory and opens the store in a mode: SYNC, INTERVAL, CHECKPOINT, or
  /// VOLATILE for a store in memory.
  static ChildJvm start(Path directory, String mode) {
    ChildJvm child = ChildJvm.start(StoreRole.class, directory.toString());
    child.ask("open " + mode);
    return child;
  }

  static StoreOptions options(String mode) {
    Durability durability =
        switch (mode) {
          case "SYNC" -> Durability.SYNC;
          case "INTERVAL" -> Durability.interval(Duration.ofMillis(200));
          case "SLOW_INTERVAL" -> Durability.interval(Duration.ofSeconds(2));
          default -> Durability.CHECKPOINT;
        };
    return StoreOptions.defaults()
        .withDurability(durability)
        .withRingSizeBytes(StoreOptions.MIN_RING_SIZE_BYTES)
        .withLockTimeout(LONG);
  }

  /// How long a store of a mode is asked to live.
  static StoreKind kind(String mode) {
    return mode.equals("VOLATILE") ? StoreKind.VOLATILE : StoreKind.DURABLE;
  }

  /// The value of a counter, 0 if there is none.
  static long counter(Engine engine, String key) {
    Snapshot snapshot = engine.beginRead();
    try {
      TableRecord table = snapshot.findTable(TABLE);
      return table == null ? 0 : number(snapshot, table.rootRef(), bytes(key));
    } finally {
      snapshot.end();
    }
  }

  private static long number(PageReader pages, long root, byte[] key) {
    ValueSlot slot = new ValueSlot();
    return TreeReader.find(pages, root, key, key.length, slot)
        ? slot.segment.get(ValueLayout.JAVA_LONG_UNALIGNED, slot.offset)
        : 0;
  }

  /// Adds one to a counter in a transaction of its own.
  static long increment(Engine engine, String key, Durability durability, Duration timeout) {
    WriteSession session = engine.beginWrite(durability, timeout);
    try {
      long value = incrementIn(session, key);
      session.commit();
      return value;
    } finally {
      session.rollback();
    }
  }

  private static long incrementIn(WriteSession session, String key) {
    byte[] keyBytes = bytes(key);
    TableTree table = session.createTable(TABLE, false);
    long value = number(session.pages(), table.root().ref, keyBytes) + 1;
    MemorySegment memory = MemorySegment.ofArray(new long[] {value});
    session.put(table, keyBytes, keyBytes.length, memory, 0, Long.BYTES, 0);
    return value;
  }

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private Engine engine() {
    Engine current = engine;
    if (current == null) {
      throw new IllegalStateException("nothing is open");
    }
    return current;
  }

  private Durability durability() {
    return engine().options().durability();
  }

  @Override
  public String answer(String verb, String... words) {
    return switch (verb) {
      case "open" -> open(words[0]);
      case "close" -> close();
      case "add" -> add(words[0], Long.parseLong(words[1]));
      case "adding" -> adding(words[0]);
      case "transfer" -> transfer(words[0], Long.parseLong(words[1]));
      case "watch" -> watch();
      case "end" -> end();
      case "addmany" -> addMany(words[0], Long.parseLong(words[1]), Integer.parseInt(words[2]));
      case "addsync" -> Long.toString(increment(engine(), words[0], Durability.SYNC, LONG));
      case "lag" -> Long.toString(lag(words[0]));
      case "poison" -> poison();
      case "get" -> Long.toString(counter(engine(), words[0]));
      case "check" -> String.valueOf(CrashOracle.violationsOf(engine()));
      case "checkpoint" -> checkpoint();
      case "turn" -> Long.toString(engine().parts().state.turn());
      case "waits" -> Boolean.toString(waits(Integer.parseInt(words[0])));
      case "slot" -> Integer.toString(engine().parts().locks.slot());
      case "take" -> take(Long.parseLong(words[0]), Long.parseLong(words[1]));
      case "drop" -> drop(Long.parseLong(words[0]));
      case "fillring" -> fillRing();
      case "hold" -> hold(words[0]);
      case "commit" -> commit();
      case "try" -> attempt(words[0], Duration.ofMillis(Long.parseLong(words[1])));
      case "pin" -> pin();
      case "pinned" -> Long.toString(pinnedCounter(words[0]));
      case "unpin" -> unpin();
      case "look" -> look(Long.parseLong(words[0]));
      case "sweep" -> sweep();
      case "die" -> dieAt(words[0], Long.parseLong(words[1]));
      default -> throw new IllegalArgumentException(verb);
    };
  }

  private String open(String mode) {
    Opening.Seams seams =
        new Opening.Seams(
            region -> new WatchedRegion(region, this::operated), step -> passed(step.name()));
    engine = Opening.open(directory, options(mode), kind(mode), seams);
    return "open";
  }

  private String close() {
    engine().close();
    return "closed";
  }

  private String add(String key, long times) {
    long value = 0;
    for (long i = 0; i < times; i++) {
      value = increment(engine(), key, durability(), LONG);
    }
    return Long.toString(value);
  }

  /// Adds until it is killed, and says each value that was committed.
  private String adding(String key) {
    Thread thread =
        new Thread(
            () -> {
              while (!stopping) {
                ParentLink.say(Long.toString(increment(engine(), key, durability(), LONG)));
              }
            });
    thread.setDaemon(true);
    thread.start();
    return "adding";
  }

  /// Transfers until it is told to end or killed, and says the number of each that was committed.
  private String transfer(String writer, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return inBackground(
        () ->
            ParentLink.say(
                Long.toString(Transfers.transfer(engine(), writer, random, durability()))));
  }

  /// Looks at one snapshot after the other, and speaks only if one is wrong.
  private String watch() {
    return inBackground(
        () -> {
          String finding = Transfers.finding(engine());
          if (finding != null) {
            throw new IllegalStateException(finding);
          }
        });
  }

  private String inBackground(Runnable action) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (!stopping) {
                  action.run();
                }
                engine().close();
                Runtime.getRuntime().halt(0);
              } catch (RuntimeException | Error e) {
                e.printStackTrace();
                ParentLink.say("threw " + e);
                Runtime.getRuntime().halt(4);
              }
            });
    thread.start();
    return DOES;
  }

  private String end() {
    stopping = true;
    return DOES;
  }

  /// Adds in several threads at the same time.
  private String addMany(String key, long times, int threads) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<String>> results = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      results.add(pool.submit(() -> add(key, times)));
    }
    try {
      for (Future<String> result : results) {
        result.get();
      }
      return "added";
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      pool.shutdown();
    }
  }

  /// Adds one, and tells how many transactions of others came in between.
  private long lag(String key) {
    long before = engine().parts().state.headTxnId();
    WriteSession session = engine().beginWrite(durability(), LONG);
    try {
      incrementIn(session, key);
      session.commit();
      return session.txnId() - before - 1;
    } finally {
      session.rollback();
    }
  }

  private boolean waits(int slot) {
    return ProcessTable.ticket(engine().parts().state, slot) != 0;
  }

  private String poison() {
    engine().parts().state.poison();
    return "poisoned";
  }

  private String checkpoint() {
    engine().checkpoint();
    return "checkpointed";
  }

  /// Commits the smallest records that there are, until the ring has no room for one more.
  private String fillRing() {
    return inBackground(
        () -> {
          WriteSession session = engine().beginWrite(durability(), LONG);
          session.userWords(1, session.txnId());
          session.commit();
        });
  }

  /// Takes lock bytes that nobody has.
  private String take(long from, long to) {
    long taken = 0;
    for (long index = from; index < to; index++) {
      taken += engine().parts().locks.tryTake(index) ? 1 : 0;
    }
    return Long.toString(taken);
  }

  private String drop(long index) {
    engine().parts().locks.release(index);
    return "dropped";
  }

  private String hold(String key) {
    WriteSession session = engine().beginWrite(durability(), LONG);
    held = session;
    return Long.toString(incrementIn(session, key));
  }

  private String commit() {
    WriteSession session = held;
    if (session == null) {
      throw new IllegalStateException("no transaction is open");
    }
    session.commit();
    held = null;
    return "committed";
  }

  private String attempt(String key, Duration timeout) {
    return Long.toString(increment(engine(), key, durability(), timeout));
  }

  private String pin() {
    Snapshot snapshot = engine().beginRead();
    reading = snapshot;
    return Long.toString(snapshot.txnId());
  }

  private long pinnedCounter(String key) {
    Snapshot snapshot = reading;
    TableRecord table = snapshot == null ? null : snapshot.findTable(TABLE);
    return table == null ? 0 : number(snapshot, table.rootRef(), bytes(key));
  }

  private String unpin() {
    Snapshot snapshot = reading;
    if (snapshot != null) {
      snapshot.end();
    }
    return "unpinned";
  }

  /// Counts lookups that found something, in one snapshot.
  private String look(long times) {
    Snapshot snapshot = engine().beginRead();
    for (long i = 0; i < times; i++) {
      snapshot.countLookup(true);
    }
    snapshot.end();
    return "looked";
  }

  private String sweep() {
    engine().parts().readers.sweep();
    return Integer.toString(engine().parts().readers.countPins());
  }

  /// Sees to it that the process dies when it comes to a step for the n-th time from now.
  private String dieAt(String step, long times) {
    stepsLeft.set(times);
    fatal = step;
    return "will";
  }

  private void operated(RegionOperation operation, boolean done) {
    if (operation.kind().isSync()) {
      passed((done ? "AFTER_" : "BEFORE_") + operation.kind() + "_" + operation.role());
    } else if (operation.kind() == RegionOperation.Kind.WRITE) {
      String where =
          operation.offset() < 4L * 4096
              ? "SUPERBLOCK"
              : operation.offset() < 4L * 4096 + StoreOptions.MIN_RING_SIZE_BYTES
                  ? "RING"
                  : "PAGES";
      passed((done ? "AFTER_" : "BEFORE_") + where);
    }
  }

  private void passed(String step) {
    if (step.equals(fatal.toUpperCase(Locale.ROOT)) && stepsLeft.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(9);
    }
  }

  /// @param arguments the directory
  public static void main(String[] arguments) {
    StoreRole role = new StoreRole(Path.of(arguments[0]));
    ParentLink.serve(role);
    role.stopping = true;
    Engine open = role.engine;
    if (open != null) {
      open.close();
    }
  }
}

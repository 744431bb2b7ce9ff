package dev.quire.store.internal.txn;

import dev.quire.store.errors.CommitInDoubtException;
import dev.quire.store.errors.StoreException;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.FileIdentity;
import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.CrashImage;
import dev.quire.store.testing.CrashPoint.Moment;
import dev.quire.store.testing.CrashPolicy;
import dev.quire.store.testing.ProbedRegion;
import dev.quire.store.testing.RegionOperation;
import dev.quire.store.testing.SimulatedRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One workload on a simulated disk, and a look at what a crash would leave before and in every
/// operation of it.
///
/// At each look images of the disk are made (all there can be if they are few, else by every
/// [CrashPolicy] and a seed) and given to the [CrashOracle]. Of some images the recovery itself is
/// watched in the same way. Now and then the process is killed instead of the machine: the next one
/// starts from the page cache, not from the disk, and then the machine crashes in its recovery.
final class CrashRun implements AutoCloseable {

  /// How much is tried.
  ///
  /// @param exhaustiveUpTo number of images of a look up to which all are tried
  /// @param seedsPerPolicy images of each policy beyond that
  /// @param recoveryEvery of how many images one has its recovery watched
  /// @param recoveryImages images of each operation of a recovery
  /// @param furtherEvery of how many images one is written to, and then closed or crashed again
  record Effort(
      int exhaustiveUpTo,
      int seedsPerPolicy,
      int recoveryEvery,
      int recoveryImages,
      int furtherEvery) {
    static final Effort NONE = new Effort(0, 0, 1, 0, 1);
    static final Effort LITTLE = new Effort(4, 1, Integer.MAX_VALUE, 0, 1);
    static final Effort SAMPLE = new Effort(12, 1, 60, 1, 4);

    /// All images if up to 12 sectors, or pages, are not durable.
    static final Effort CAMPAIGN = new Effort(1 << 12, 4, 40, 3, 4);
  }

  /// The process dies at this moment.
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final FileIdentity IDENTITY = new FileIdentity(1, 2, 3);
  private static final int MAX_FINDINGS = 5;
  private static final long CAPACITY_BYTES = 24 << 20;

  private final String name;
  private final long seed;
  private StoreOptions options;
  private Effort effort;
  private final List<StoreModel> history = new ArrayList<>(List.of(new StoreModel()));
  private final CrashOracle oracle;
  private final SplittableRandom random;
  private final List<String> findings = new ArrayList<>();
  private final Set<Long> seen = new HashSet<>();
  private Consumer<ProbedRegion> fault = _ -> {};
  private UnaryOperator<byte[]> lens = UnaryOperator.identity();
  private final List<Thread> followers = new ArrayList<>();
  private Predicate<RegionOperation> moment = _ -> false;
  private Runnable interlude = () -> {};
  private final Path sharedDirectory;
  private Path shared;
  private int generations;
  private ProbedRegion region;
  private Engine engine;
  private long operation;
  private volatile long acknowledged;
  private volatile long attempted;

  /// The last transaction whose commit returned: a kill must not lose it.
  private volatile long returned;

  private long states;

  CrashRun(String name, long seed, StoreOptions options, Effort effort) {
    this.name = name;
    this.seed = seed;
    this.options = options;
    this.effort = effort;
    this.oracle = new CrashOracle(options, history);
    this.random = new SplittableRandom(seed);
    SimulatedRegion disk = new SimulatedRegion(CAPACITY_BYTES);
    Opening.onRegion(disk, options).close();
    try {
      sharedDirectory = Files.createTempDirectory(Directories.ofMemory(), "quire-crash-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    shared = nextShared();
    region = new ProbedRegion(disk.successor(), this::lookThenPause);
    engine = openEngine();
  }

  private Path nextShared() {
    return sharedDirectory.resolve("shm-" + generations++);
  }

  private Engine openEngine() {
    StoreFiles files = new StoreFiles(Steps.NONE);
    files.own(region);
    try {
      return Opening.resumeOrRecover(region, options, files, IDENTITY, IDENTITY, shared);
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  /// From now on this much is tried.
  void effort(Effort newEffort) {
    effort = newEffort;
  }

  /// From now on the region has this fault.
  void plant(Consumer<ProbedRegion> planted) {
    fault = planted;
    planted.accept(region);
  }

  /// From now on a recovery sees images through this: a fault of recovery is planted so.
  void plantInRecovery(UnaryOperator<byte[]> planted) {
    lens = planted;
  }

  Engine engine() {
    return engine;
  }

  StoreModel model() {
    return history.getLast();
  }

  /// Number of different images that were opened.
  long states() {
    return states;
  }

  /// What was wrong, with the words to find it again.
  List<String> findings() {
    return findings;
  }

  boolean isFaulty() {
    return !findings.isEmpty();
  }

  void commit(Durability durability, Consumer<ModelSession> edits) {
    WriteSession session = engine.beginWrite(durability, Duration.ZERO);
    long number;
    try {
      ModelSession both = new ModelSession(session, model());
      edits.accept(both);
      number = attempted + 1;
      session.userWords(7, number);
      history.add(both.model());
      attempted = number;
      session.commit();
    } finally {
      session.rollback();
    }
    synchronized (this) {
      returned = Math.max(returned, number);
      if (durability instanceof Durability.Sync) {
        acknowledged = Math.max(acknowledged, number);
      }
    }
  }

  /// Commits SYNC transactions that share the log: `others` are appended, each by a thread of its
  /// own, while the first one's sync is about to begin.
  void commitTogether(Consumer<ModelSession> first, List<Consumer<ModelSession>> others) {
    before(op -> op.role() == SyncRole.COMMIT, () -> others.forEach(this::follow));
    commit(Durability.SYNC, first);
    joinFollowers();
  }

  /// Appends a SYNC transaction in a thread of its own, which waits for a sync then.
  void follow(Consumer<ModelSession> edits) {
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .unstarted(
                () -> {
                  try {
                    commit(Durability.SYNC, edits);
                  } catch (CommitInDoubtException e) {
                    // Its leader was killed.
                  }
                });
    followers.add(thread);
    thread.start();
    while (thread.isAlive() && !waitsInTheGroup(thread)) {
      Thread.onSpinWait();
    }
  }

  private static boolean waitsInTheGroup(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        && Arrays.stream(thread.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(CommitGroup.class.getName()));
  }

  /// Waits for the threads of [#follow].
  void joinFollowers() {
    for (Thread thread : followers) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    followers.clear();
  }

  void rollback(Consumer<ModelSession> edits) {
    WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ZERO);
    try {
      edits.accept(new ModelSession(session, model()));
    } finally {
      session.rollback();
    }
  }

  /// Runs `action` once, right before the next operation of which `which` says true: so that a
  /// commit runs in the middle of a checkpoint, always at the same place.
  void before(Predicate<RegionOperation> which, Runnable action) {
    moment = which;
    interlude = action;
  }

  void checkpoint() {
    long before = attempted;
    engine.checkpoint();
    acknowledged = Math.max(acknowledged, before);
  }

  /// Moves what can be moved to the beginning of the file.
  void compact() {
    long before = attempted;
    engine.compact(1);
    acknowledged = Math.max(acknowledged, before);
  }

  /// Does one step of a compaction beside writers.
  ///
  /// @return whether it was the last
  boolean compactStep(int pages) {
    long before = attempted;
    boolean last = engine.compactStep(1, pages).last();
    if (last) {
      acknowledged = Math.max(acknowledged, before);
    }
    return last;
  }

  void syncLog() {
    engine.syncLog();
    acknowledged = attempted;
  }

  void closeAndReopen() {
    closeAndReopen(options);
  }

  void closeAndReopen(StoreOptions newOptions) {
    engine.close();
    look(region.disk(), "after the last operation");
    acknowledged = attempted;
    options = newOptions;
    shared = nextShared();
    open(region.disk().successor());
  }

  /// What is left of a process that died.
  private record Left(SimulatedRegion disk, Path shared) {}

  /// The page cache as it is, and `shm` as it is if it is kept.
  private Left leave(boolean keepShared) {
    Path next = nextShared();
    try {
      if (keepShared && Files.exists(shared)) {
        Files.copy(shared, next);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Left(region.disk().successor(), next);
  }

  /// The process dies between two transactions; the next one sees the page cache.
  ///
  /// @param keepShared whether it sees `shm` as well, and can take over
  void killAndReopen(StoreOptions newOptions, boolean keepShared) {
    Left left = leave(keepShared);
    closeSilently();
    options = newOptions;
    shared = left.shared();
    open(left.disk());
    requireNothingReturnedIsLost(keepShared);
  }

  /// The process dies right before an operation of which `which` says true, if `action` comes to
  /// one; the next one finds out how far it came.
  void killBefore(Predicate<RegionOperation> which, boolean keepShared, Runnable action) {
    killBefore(which, keepShared, action, () -> {});
  }

  /// The first sync of which `which` says true fails as the kernel's does, and leaves its pages
  /// clean and not durable. The store is poisoned then; it is closed and opened again.
  void failSync(Predicate<RegionOperation> which, Runnable action) {
    boolean[] failed = {false};
    before(
        which,
        () -> {
          failed[0] = true;
          region.disk().failNextSync();
        });
    try {
      action.run();
    } catch (StoreException e) {
      if (!failed[0]) {
        throw e;
      }
    }
    before(_ -> false, () -> {});
    if (failed[0] && !engine.parts().state.isPoisoned()) {
      report("after a failed sync", "the store is not poisoned");
    }
    returned = 0;
    killAndReopen(options, true);
  }

  /// What a crash may leave of a store that is open.
  byte[] cachedImage() {
    return region.disk().cachedImage();
  }

  /// The same; `last` runs right before the process dies.
  void killBefore(
      Predicate<RegionOperation> which, boolean keepShared, Runnable action, Runnable last) {
    Killed killed = new Killed();
    Left[] left = {null};
    before(
        which,
        () -> {
          last.run();
          left[0] = leave(keepShared);
          throw killed;
        });
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      if (e != killed && e.getCause() != killed) {
        throw e;
      }
    }
    before(_ -> false, () -> {});
    if (left[0] == null) {
      killAndReopen(options, keepShared);
      return;
    }
    closeSilently();
    shared = left[0].shared();
    open(left[0].disk());
    requireNothingReturnedIsLost(keepShared);
  }

  private void requireNothingReturnedIsLost(boolean keepShared) {
    if (keepShared && attempted < returned) {
      report("after a takeover", "at transaction " + attempted + ", returned was " + returned);
    }
    returned = attempted;
  }

  /// Closes what a dead process had open; what that does to the disk has never happened.
  private void closeSilently() {
    Effort effortBefore = effort;
    effort = Effort.NONE;
    CrashOracle.abandon(engine);
    joinFollowers();
    effort = effortBefore;
  }

  private void open(SimulatedRegion disk) {
    region = new ProbedRegion(disk, this::lookThenPause);
    fault.accept(region);
    engine = openEngine();
    long number = engine.parts().state.head().userIndex();
    if (number < acknowledged || number > attempted) {
      report("after a kill", "the store is at transaction " + number);
      number = attempted;
    }
    history.subList((int) number + 1, history.size()).clear();
    attempted = number;
    if (engine.parts().state.durableTxnId() == engine.parts().state.headTxnId()) {
      acknowledged = number;
    }
    requireRight();
  }

  /// The running store itself must be right as well.
  void requireRight() {
    String finding = CrashOracle.difference(engine, model());
    if (finding != null) {
      report("in the running store", finding);
    }
  }

  private void lookThenPause(SimulatedRegion disk, RegionOperation next, Moment at) {
    look(disk, next, at);
    if (at == Moment.BEFORE && moment.test(next)) {
      moment = _ -> false;
      interlude.run();
      look(disk, next, at);
    }
  }

  private void look(SimulatedRegion disk, RegionOperation next, Moment at) {
    operation++;
    look(disk, at + " operation " + operation + " (" + next + ")");
  }

  /// A thread that writes looks while it has the disk's lock: so it is always taken first.
  private void look(SimulatedRegion disk, String when) {
    synchronized (disk) {
      lookAlone(disk, when);
    }
  }

  private synchronized void lookAlone(SimulatedRegion disk, String when) {
    if (findings.size() >= MAX_FINDINGS || effort == Effort.NONE) {
      return;
    }
    long variants = disk.crashVariantCount();
    if (variants <= effort.exhaustiveUpTo()) {
      for (long variant = 0; variant < variants; variant++) {
        look(disk.crashVariant(variant), when + ", variant ", variant);
      }
      return;
    }
    long pageVariants = disk.crashPageVariantCount();
    for (long variant = 0; variant < pageVariants; variant++) {
      if (pageVariants > effort.exhaustiveUpTo()) {
        break;
      }
      look(disk.crashPageVariant(variant), when + ", variant of whole pages ", variant);
    }
    for (CrashPolicy policy : CrashPolicy.values()) {
      boolean isOneImage = policy == CrashPolicy.NONE || policy == CrashPolicy.ALL;
      int seeds = isOneImage ? 1 : effort.seedsPerPolicy();
      for (int i = 0; i < seeds; i++) {
        long imageSeed = random.nextLong();
        look(disk.crash(policy, imageSeed), when + ", " + policy + " seed ", imageSeed);
      }
    }
  }

  private void look(CrashImage crash, String where, long imageNumber) {
    if (!seen.add(crash.fingerprint() + (acknowledged << 56))) {
      return;
    }
    states++;
    byte[] image = lens.apply(crash.bytes());
    boolean watched = states % effort.recoveryEvery() == 0;
    byte[] kept = watched ? image.clone() : image;
    String finding = findingIn(image);
    if (finding != null) {
      report(where + imageNumber, finding);
    } else if (watched) {
      long capacity = kept.length + CrashOracle.HEADROOM_BYTES;
      watchRecovery(SimulatedRegion.ofImage(kept, capacity), where + imageNumber);
    }
  }

  private @Nullable String findingIn(byte[] image) {
    int every = effort.furtherEvery();
    return states % every == 0
        ? oracle.findingIn(image, acknowledged, attempted, states / every)
        : oracle.findingInState(image, acknowledged, attempted);
  }

  /// Opens a disk, and looks at what a second crash would leave in every operation of it.
  private void watchRecovery(SimulatedRegion disk, String where) {
    long[] step = {0};
    ProbedRegion watched =
        new ProbedRegion(
            disk,
            (now, next, moment) -> {
              step[0]++;
              String when = "; then " + moment + " operation " + step[0] + " of recovery ";
              for (int i = 0; i < effort.recoveryImages() && !isFaulty(); i++) {
                CrashPolicy[] policies = CrashPolicy.values();
                CrashPolicy policy = policies[random.nextInt(policies.length)];
                long imageSeed = random.nextLong();
                CrashImage crash = now.crash(policy, imageSeed);
                if (seen.add(crash.fingerprint() + (acknowledged << 56))) {
                  states++;
                  byte[] image = lens.apply(crash.bytes());
                  String finding = findingIn(image);
                  if (finding != null) {
                    report(where + when + next + ", " + policy + " seed " + imageSeed, finding);
                  }
                }
              }
            });
    CrashOracle.abandon(Opening.onRegion(watched, options));
  }

  private void report(String where, String finding) {
    findings.add(
        name + ", seed " + seed + ", transaction " + attempted + ", " + where + ":\n   " + finding);
  }

  @Override
  public void close() {
    effort = Effort.NONE;
    CrashOracle.closeQuietly(engine);
    region.disk().close();
    for (int i = 0; i < generations; i++) {
      Directories.delete(sharedDirectory.resolve("shm-" + i));
      Directories.delete(sharedDirectory.resolve("shm-" + i + ".new"));
    }
    Directories.delete(sharedDirectory);
  }
}

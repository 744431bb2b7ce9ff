package dev.quire.store.internal.txn;

import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.CrashPoint.Moment;
import dev.quire.store.testing.CrashPolicy;
import dev.quire.store.testing.ProbedRegion;
import dev.quire.store.testing.RegionOperation;
import dev.quire.store.testing.SimulatedRegion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

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
  record Effort(int exhaustiveUpTo, int seedsPerPolicy, int recoveryEvery, int recoveryImages) {
    static final Effort NONE = new Effort(0, 0, 1, 0);
    static final Effort SAMPLE = new Effort(12, 1, 40, 1);
    static final Effort CAMPAIGN = new Effort(1024, 4, 20, 3);
  }

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
  private Predicate<RegionOperation> fault = _ -> false;
  private Predicate<RegionOperation> moment = _ -> false;
  private Runnable interlude = () -> {};
  private ProbedRegion region;
  private Engine engine;
  private long operation;
  private volatile long acknowledged;
  private volatile long attempted;
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
    region = new ProbedRegion(disk.successor(), this::lookThenPause);
    engine = Opening.onRegion(region, options);
  }

  /// From now on the operations of which this says true are left out.
  void plant(Predicate<RegionOperation> planted) {
    fault = planted;
    region.leaveOut(planted);
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
    try {
      ModelSession both = new ModelSession(session, model());
      edits.accept(both);
      session.userWords(7, attempted + 1);
      history.add(both.model());
      attempted++;
      session.commit();
    } finally {
      session.rollback();
    }
    if (durability instanceof Durability.Sync) {
      acknowledged = attempted;
    }
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

  void syncLog() {
    engine.syncLog();
    acknowledged = attempted;
  }

  void closeAndReopen() {
    closeAndReopen(options);
  }

  void closeAndReopen(StoreOptions newOptions) {
    engine.close();
    acknowledged = attempted;
    options = newOptions;
    open(region.disk().successor());
  }

  /// The process dies; the next one sees the page cache, but no `shm`.
  void killAndReopen(StoreOptions newOptions) {
    SimulatedRegion next = region.disk().successor();
    int before = findings.size();
    Effort effortBefore = effort;
    effort = Effort.NONE;
    CrashOracle.closeQuietly(engine);
    effort = effortBefore;
    findings.subList(before, findings.size()).clear();
    options = newOptions;
    open(next);
  }

  private void open(SimulatedRegion disk) {
    region = new ProbedRegion(disk, this::lookThenPause);
    region.leaveOut(fault);
    engine = Opening.onRegion(region, options);
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

  private synchronized void look(SimulatedRegion disk, RegionOperation next, Moment at) {
    operation++;
    if (findings.size() >= MAX_FINDINGS || effort == Effort.NONE) {
      return;
    }
    String when = at + " operation " + operation + " (" + next + ")";
    long variants = disk.crashVariantCount();
    if (variants <= effort.exhaustiveUpTo()) {
      for (long variant = 0; variant < variants; variant++) {
        look(disk.crashVariant(variant), when + ", variant " + variant);
      }
      return;
    }
    for (CrashPolicy policy : CrashPolicy.values()) {
      boolean isOneImage = policy == CrashPolicy.NONE || policy == CrashPolicy.ALL;
      int seeds = isOneImage ? 1 : effort.seedsPerPolicy();
      for (int i = 0; i < seeds; i++) {
        long imageSeed = random.nextLong();
        look(disk.crashImage(policy, imageSeed), when + ", " + policy + " seed " + imageSeed);
      }
    }
  }

  private void look(byte[] image, String where) {
    if (!seen.add(hash(image) + (acknowledged << 56))) {
      return;
    }
    states++;
    String finding = oracle.findingIn(image, acknowledged, attempted);
    if (finding != null) {
      report(where, finding);
    } else if (states % effort.recoveryEvery() == 0) {
      watchRecovery(new SimulatedRegion(image, CAPACITY_BYTES), where);
    }
  }

  /// Opens a disk, and looks at what a second crash would leave in every operation of it.
  private void watchRecovery(SimulatedRegion disk, String where) {
    long[] step = {0};
    ProbedRegion watched =
        new ProbedRegion(
            disk,
            (now, next, moment) -> {
              step[0]++;
              String when = where + "; then " + moment + " operation " + step[0] + " of recovery";
              for (int i = 0; i < effort.recoveryImages() && !isFaulty(); i++) {
                CrashPolicy[] policies = CrashPolicy.values();
                CrashPolicy policy = policies[random.nextInt(policies.length)];
                long imageSeed = random.nextLong();
                byte[] image = now.crashImage(policy, imageSeed);
                if (seen.add(hash(image) + (acknowledged << 56))) {
                  states++;
                  String finding = oracle.findingIn(image, acknowledged, attempted);
                  if (finding != null) {
                    report(when + " (" + next + "), " + policy + " seed " + imageSeed, finding);
                  }
                }
              }
            });
    CrashOracle.closeQuietly(Opening.onRegion(watched, options));
  }

  private void report(String where, String finding) {
    findings.add(
        name + ", seed " + seed + ", transaction " + attempted + ", " + where + ":\n   " + finding);
  }

  private static long hash(byte[] image) {
    CRC32C crc = new CRC32C();
    crc.update(image);
    return (long) image.length << Integer.SIZE | crc.getValue();
  }

  @Override
  public void close() {
    effort = Effort.NONE;
    CrashOracle.closeQuietly(engine);
    region.disk().close();
  }
}

package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.FileIdentity;
import dev.quire.store.internal.region.LockFile;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.region.StoreRegistry;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.KeptRegion;
import dev.quire.store.testing.SimulatedRegion;
import dev.quire.store.testing.WatchedRegion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Engines of one store, each as if it were in a process of its own: one simulated disk, one `shm`,
/// one `lock`, of which each engine has its own bytes.
///
/// They have no threads unless a test starts them, so the turn goes where a test says. A death is
/// what the others see of one: the bytes are free, and `shm` is as it was left.
final class Neighbours implements AutoCloseable {

  static final StoreOptions OPTIONS =
      StoreOptions.defaults()
          .withRingSizeBytes(StoreOptions.MIN_RING_SIZE_BYTES)
          .withLockTimeout(Duration.ofSeconds(5));

  private static final long CAPACITY_BYTES = 48 << 20;
  private static final FileIdentity DATA = new FileIdentity(1, 2, 3);

  private final Path directory;
  private final StoreOptions options;
  private final SimulatedRegion disk = new SimulatedRegion(CAPACITY_BYTES);
  private final List<Engine> engines = new ArrayList<>();
  private StoreModel model = new StoreModel();

  Neighbours(Path directory, StoreOptions options) {
    this.directory = directory;
    this.options = options;
    Opening.onRegion(new KeptRegion(disk), options).close();
  }

  SimulatedRegion disk() {
    return disk;
  }

  Path shared() {
    return directory.resolve(StoreFiles.SHM);
  }

  Engine open() {
    return open((operation, done) -> {}, Steps.NONE);
  }

  /// One more process that has the store open.
  ///
  /// @param watcher is told what the process does to the disk
  Engine open(WatchedRegion.Watcher watcher, Steps steps) {
    Region region = new WatchedRegion(new KeptRegion(disk), watcher);
    StoreFiles files = new StoreFiles(steps);
    try {
      return open(region, files);
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  private Engine open(Region region, StoreFiles files) {
    files.own(region);
    Path path = directory.resolve(StoreFiles.LOCK);
    try (StoreRegistry.Claim claim = StoreRegistry.claim(path, "test")) {
      files.own(LockFile.open(claim), directory);
    }
    boolean others = files.locks().hasOthers();
    files.locks().takeSlot();
    Superblock newest = SuperblockFile.readNewest(region, files.buffers());
    FileIdentity lock = files.lockIdentity();
    Engine engine =
        others
            ? Opening.join(region, options, files, SharedIdentity.of(newest, lock, DATA), shared())
            : Opening.resumeOrRecover(region, options, files, lock, DATA, shared());
    engines.add(engine);
    // Who has recovered the store has the turn.
    engine.parts().turn.handOver();
    return engine;
  }

  /// Ends a process in the middle of what it was doing.
  static void die(Engine engine) {
    engine.parts().state.expel();
    LockFile lock = engine.lock();
    if (lock != null) {
      lock.close();
    }
  }

  static boolean tryTurn(Engine engine) {
    return engine.parts().turn.acquire(System.nanoTime());
  }

  static long ticket(Engine engine) {
    return ProcessTable.ticket(engine.parts().state, engine.parts().locks.slot());
  }

  /// Asks for the turn as a process does that waits for it.
  static void ask(Engine engine) {
    SharedState state = engine.parts().state;
    ProcessTable.setTicket(state, engine.parts().locks.slot(), ProcessTable.drawTicket(state));
  }

  static void askNoMore(Engine engine) {
    ProcessTable.setTicket(engine.parts().state, engine.parts().locks.slot(), 0);
  }

  /// Commits in one process what all must see.
  void commit(Engine engine, Durability durability, Consumer<ModelSession> edits) {
    WriteSession session = engine.beginWrite(durability, Duration.ZERO);
    try {
      ModelSession both = new ModelSession(session, model);
      edits.accept(both);
      session.commit();
      model = both.model();
    } finally {
      session.rollback();
    }
  }

  /// What the store must hold.
  StoreModel model() {
    return model;
  }

  @Override
  public void close() {
    engines.forEach(CrashOracle::closeQuietly);
    disk.close();
  }
}

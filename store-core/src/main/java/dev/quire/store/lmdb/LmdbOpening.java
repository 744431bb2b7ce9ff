package dev.quire.store.lmdb;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;

/// Opens an LMDB environment in a directory, once in a process, and keeps what an open one needs.
///
/// LMDB must not be opened twice by a process: closing either would drop the locks of both. The
/// open ones are noted in the system properties, so that other class loaders see them too.
final class LmdbOpening {

  /// The data file of an environment.
  static final String DATA_FILE = "data.mdb";

  /// Address space of a new environment. It takes no room until it is used.
  static final long FIRST_MAP_BYTES = 1L << 30;

  /// Fewest databases for which there are handles.
  private static final int MIN_DATABASES = 1024;

  private static final int MAX_READERS = 1024;
  private static final int OWNER_MODE = 0600;
  private static final int GROUP_MODE = 0660;
  private static final String OPEN_PROPERTY = "dev.quire.store.lmdb.open.";

  private final Path directory;
  private final StoreOptions options;
  private final long firstMapBytes;
  private @Nullable ScheduledExecutorService syncer;
  private @Nullable String property;
  private boolean isNew;

  LmdbOpening(Path directory, StoreOptions options, long firstMapBytes) {
    this.directory = directory;
    this.options = options;
    this.firstMapBytes = firstMapBytes;
  }

  LmdbStore open() {
    requirePlace();
    claim();
    try {
      long mapBytes = Math.max(firstMapBytes, 2 * dataBytes());
      Env<MemorySegment> env = open(mapBytes, MIN_DATABASES);
      LmdbEnvironment environment = null;
      try {
        int databases = count(env);
        if (databases > MIN_DATABASES / 2) {
          env.close();
          env = open(mapBytes, 2 * databases);
        }
        environment = new LmdbEnvironment(env, options, mapBytes);
        LmdbReadTxn first = environment.beginRead();
        first.close();
      } catch (RuntimeException e) {
        if (environment != null) {
          environment.close();
        }
        env.close();
        throw e;
      }
      startSyncer(environment);
      return new LmdbStore(environment, this);
    } catch (LmdbException e) {
      close();
      throw LmdbFailures.translate("open LMDB at " + directory, e);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private static int count(Env<MemorySegment> env) {
    return (int) Math.min(Integer.MAX_VALUE / 2, env.stat().entries);
  }

  private long dataBytes() {
    Path data = directory.resolve(DATA_FILE);
    try {
      return Files.exists(data) ? Files.size(data) : 0;
    } catch (IOException e) {
      throw new StoreIoException("look at " + data + ": " + e, e);
    }
  }

  private Env<MemorySegment> open(long mapBytes, int databases) {
    return Env.create(SegmentProxy.INSTANCE)
        .setMapSize(mapBytes)
        .setMaxDbs(databases)
        .setMaxReaders(MAX_READERS)
        .open(
            directory.toFile(),
            options.group() ? GROUP_MODE : OWNER_MODE,
            flags().toArray(EnvFlags[]::new));
  }

  private List<EnvFlags> flags() {
    List<EnvFlags> flags = new ArrayList<>();
    flags.add(EnvFlags.MDB_NOTLS);
    if (options.readOnly()) {
      flags.add(EnvFlags.MDB_RDONLY_ENV);
    }
    switch (options.durability()) {
      case Durability.Sync _ -> {}
      case Durability.Interval _ -> flags.add(EnvFlags.MDB_NOMETASYNC);
      case Durability.Checkpoint _ -> flags.add(EnvFlags.MDB_NOSYNC);
    }
    return flags;
  }

  /// @throws NotAStoreException if the directory holds something else
  private void requirePlace() {
    if (Files.exists(directory.resolve(DATA_FILE))) {
      return;
    }
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(directory)) {
      throw new NotAStoreException(
          directory + " is not a directory; \"quire migrate\" reads a single file of LMDB");
    }
    if (!options.createIfMissing() || options.readOnly()) {
      throw new NotAStoreException("there is no LMDB environment in " + directory);
    }
    makeDirectory(directory);
    isNew = true;
  }

  /// Whether there was no environment before.
  boolean isNew() {
    return isNew;
  }

  /// Makes a directory, or finds an empty one.
  ///
  /// @throws NotAStoreException if there is something in it
  static void makeDirectory(Path directory) {
    try {
      Path _ = Files.createDirectories(directory);
      try (Stream<Path> inside = Files.list(directory)) {
        Path something = inside.findAny().orElse(null);
        if (something != null) {
          throw new NotAStoreException(
              directory + " is not empty: " + something.getFileName() + " is in it");
        }
      }
    } catch (IOException e) {
      throw new StoreIoException("make " + directory + ": " + e, e);
    }
  }

  /// @throws StoreLockedException if this process has it open
  private void claim() {
    try {
      Object file = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
      String name = OPEN_PROPERTY + (file == null ? directory.toRealPath() : file);
      if (System.getProperties().putIfAbsent(name, "open") != null) {
        throw new StoreLockedException(
            "this process has the LMDB environment in "
                + directory
                + " open already, and LMDB must not be opened twice: use the open store");
      }
      property = name;
    } catch (IOException e) {
      throw new StoreIoException("look at " + directory + ": " + e, e);
    }
  }

  private void startSyncer(LmdbEnvironment environment) {
    Duration period =
        switch (options.durability()) {
          case Durability.Sync _ -> null;
          case Durability.Interval interval -> interval.period();
          case Durability.Checkpoint _ -> options.checkpointPeriod();
        };
    if (period == null || options.readOnly()) {
      return;
    }
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("quire-lmdb-sync").factory());
    ScheduledFuture<?> _ =
        started.scheduleWithFixedDelay(
            environment::syncIfNeeded, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    syncer = started;
  }

  /// Lets others open the environment again.
  void close() {
    if (syncer != null) {
      syncer.shutdown();
    }
    if (property != null) {
      System.getProperties().remove(property);
      property = null;
    }
  }
}

package dev.quire.store.options;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;

/// How a store is opened: immutable, each `withX` returns a changed copy.
///
/// Page size, ring size and group count when a store is created and are read from the store
/// afterwards. A page size that is neither the default nor the store's is refused.
///
/// @param backend name of the provider; `quire` is the engine of this library
/// @param durability what a commit has reached when it returns
/// @param pageSizeBytes page size of a new store (a power of two, 4 KiB to 64 KiB)
/// @param ringSizeBytes redo ring of a new store (a multiple of the page size, 64 KiB to 1 GiB)
/// @param checksums what is done with the CRC32C of pages
/// @param writerMemoryBytes private memory of one write transaction before it spills (1 MiB and up)
/// @param checkpointPeriod longest time between a commit and its checkpoint
/// @param lockTimeout how long to wait for the store or the writer's turn
/// @param createIfMissing whether a missing store is created
/// @param readOnly whether the store is only looked at: nothing in its directory is changed, and
///   what a store that was not closed in order has after its last checkpoint is not seen
/// @param force whether a remote or user-space file system is accepted
/// @param group whether the files of a new store are for a group too (mode 0770 and 0660), that of
///   its directory, else for their owner alone (0700 and 0600)
/// @param clock what tells a transaction its time, by which entries expire; all processes that
///   share a store should use the same
/// @param sweepPeriod how often the background looks for entries whose time has come (1 ms and up)
public record StoreOptions(
    String backend,
    Durability durability,
    int pageSizeBytes,
    long ringSizeBytes,
    Checksums checksums,
    long writerMemoryBytes,
    Duration checkpointPeriod,
    Duration lockTimeout,
    boolean createIfMissing,
    boolean readOnly,
    boolean force,
    boolean group,
    InstantSource clock,
    Duration sweepPeriod) {

  /// Smallest page.
  public static final int MIN_PAGE_SIZE_BYTES = 4 << 10;

  /// Largest page.
  public static final int MAX_PAGE_SIZE_BYTES = 64 << 10;

  /// Smallest redo ring.
  public static final long MIN_RING_SIZE_BYTES = 64 << 10;

  /// Largest redo ring.
  public static final long MAX_RING_SIZE_BYTES = 1L << 30;

  /// Least private memory of a write transaction.
  public static final long MIN_WRITER_MEMORY_BYTES = 1 << 20;

  private static final StoreOptions DEFAULTS =
      new StoreOptions(
          "quire",
          Durability.SYNC,
          4 << 10,
          4 << 20,
          Checksums.WRITE,
          64 << 20,
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          true,
          false,
          false,
          false,
          InstantSource.system(),
          Duration.ofSeconds(1));

  public StoreOptions {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(durability, "durability");
    Objects.requireNonNull(checksums, "checksums");
    Objects.requireNonNull(checkpointPeriod, "checkpointPeriod");
    Objects.requireNonNull(lockTimeout, "lockTimeout");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(sweepPeriod, "sweepPeriod");
    if (pageSizeBytes < MIN_PAGE_SIZE_BYTES
        || pageSizeBytes > MAX_PAGE_SIZE_BYTES
        || Integer.bitCount(pageSizeBytes) != 1) {
      throw new IllegalArgumentException(
          "page size " + pageSizeBytes + ": allowed are powers of two from 4096 to 65536");
    }
    if (ringSizeBytes < MIN_RING_SIZE_BYTES
        || ringSizeBytes > MAX_RING_SIZE_BYTES
        || ringSizeBytes % pageSizeBytes != 0) {
      throw new IllegalArgumentException(
          "ring size "
              + ringSizeBytes
              + ": allowed are multiples of the page size from 65536 to 1073741824");
    }
    if (writerMemoryBytes < MIN_WRITER_MEMORY_BYTES) {
      throw new IllegalArgumentException(
          "writer memory " + writerMemoryBytes + ": allowed is 1048576 and up");
    }
    if (checkpointPeriod.isNegative() || checkpointPeriod.isZero()) {
      throw new IllegalArgumentException("checkpoint period " + checkpointPeriod + ": must be > 0");
    }
    if (sweepPeriod.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(
          "sweep period " + sweepPeriod + ": allowed is 1 ms and up");
    }
    if (lockTimeout.isNegative()) {
      throw new IllegalArgumentException("lock timeout " + lockTimeout + ": must not be negative");
    }
  }

  /// SYNC, 4 KiB pages, a ring of 4 MiB, checksums written.
  public static StoreOptions defaults() {
    return DEFAULTS;
  }

  /// A copy with another [#backend].
  public StoreOptions withBackend(String backend) {
    return new StoreOptions(
        backend,
        durability,
        pageSizeBytes,
        ringSizeBytes,
        checksums,
        writerMemoryBytes,
        checkpointPeriod,
        lockTimeout,
        createIfMissing,
        readOnly,
        force,
        group,
        clock,
        sweepPeriod);
  }

  /// A copy with another [#durability].
  public StoreOptions withDurability(Durability durability) {
    return new StoreOptions(
        backend,
        durability,
        pageSizeBytes,
        ringSizeBytes,
        checksums,
        writerMemoryBytes,
        checkpointPeriod,
        lockTimeout,
        createIfMissing,
        readOnly,
        force,
        group,
        clock,
        sweepPeriod);
  }

  /// A copy with another [#pageSizeBytes].
  public StoreOptions withPageSizeBytes(int pageSizeBytes) {
    return new StoreOptions(
        backend,
        durability,
        pageSizeBytes,
        ringSizeBytes,
        checksums,
        writerMemoryBytes,
        checkpointPeriod,
        lockTimeout,
        createIfMissing,
        readOnly,
        force,
        group,
        clock,
        sweepPeriod);
  }

  /// A copy with another [#ringSizeBytes].
  public StoreOptions withRingSizeBytes(long ringSizeBytes) {
    return new StoreOptions(
        backend,
        durability,
        pageSizeBytes,
        ringSizeBytes,
        checksums,
        writerMemoryBytes,
        checkpointPeriod,
        lockTimeout,
        createIfMissing,
        readOnly,
        force,
        group,
        clock,
        sweepPeriod);
  }

  /// A copy with another [#checksums].
  public StoreOptions withChecksums(Checksums checksums) {
    return new StoreOptions(
        backend,
        durability,
        pageSizeBytes,
        ringSizeBytes,
        checksums,
        writerMemoryBytes,
        checkpointPeriod,
        lockTimeout,
        createIfMissing,
        readOnly,
        force,
        group,
        clock,
        sweepPeriod);
  }

  /// A copy with another [#writerMemoryBytes].
  public StoreOptions withWriterMemoryBytes(long writerMemoryBytes) {
    return new StoreOptions(
        backend,
        durability,
        pageSizeBytes,
        ringSizeBytes,
        checksums,
        writerMemoryBytes,
        checkpointPeriod,
        lockTimeout,
        createIfMissing,
        readOnly,
        force,
        group,
        clock,
        sweepPeriod);
  }

  /// A copy with another [#checkpointPeriod].
  public StoreOptions withCheckpointPeriod(Duration checkpointPeriod) {
    return new StoreOptions(
        backend,
        durability,
        pageSizeBytes,
        ringSizeBytes,
        checksums,
        writerMemoryBytes,
        checkpointPeriod,
        lockTimeout,
        createIfMissing,
        readOnly,
        force,
        group,
        clock,
        sweepPeriod);
  }

  /// A copy with another [#lockTimeout].
  public StoreOptions withLockTimeout(Duration lockTimeout) {
    return new StoreOptions(
        backend,
        durability,
        pageSizeBytes,
        ringSizeBytes,
        checksums,
        writerMemoryBytes,
        checkpointPeriod,
        lockTimeout,
        createIfMissing,
        readOnly,
        force,
        group,
        clock,
        sweepPeriod);
  }

  /// A copy with another [#createIfMissing].
  public StoreOptions withCreateIfMissing(boolean createIfMissing) {
    return new StoreOptions(
        backend,
        durability,
        pageSizeBytes,
        ringSizeBytes,
        checksums,
        writerMemoryBytes,
        checkpointPeriod,
        lockTimeout,
        createIfMissing,
        readOnly,
        force,
        group,
        clock,
        sweepPeriod);
  }

  /// A copy with another [#readOnly].
  public StoreOptions withReadOnly(boolean readOnly) {
    return new StoreOptions(
        backend,
        durability,
        pageSizeBytes,
        ringSizeBytes,
        checksums,
        writerMemoryBytes,
        checkpointPeriod,
        lockTimeout,
        createIfMissing,
        readOnly,
        force,
        group,
        clock,
        sweepPeriod);
  }

  /// A copy with another [#force].
  public StoreOptions withForce(boolean force) {
    return new StoreOptions(
        backend,
        durability,
        pageSizeBytes,
        ringSizeBytes,
        checksums,
        writerMemoryBytes,
        checkpointPeriod,
        lockTimeout,
        createIfMissing,
        readOnly,
        force,
        group,
        clock,
        sweepPeriod);
  }

  /// A copy with another [#group].
  public StoreOptions withGroup(boolean group) {
    return new StoreOptions(
        backend,
        durability,
        pageSizeBytes,
        ringSizeBytes,
        checksums,
        writerMemoryBytes,
        checkpointPeriod,
        lockTimeout,
        createIfMissing,
        readOnly,
        force,
        group,
        clock,
        sweepPeriod);
  }

  /// A copy with another [#clock].
  public StoreOptions withClock(InstantSource clock) {
    return new StoreOptions(
        backend,
        durability,
        pageSizeBytes,
        ringSizeBytes,
        checksums,
        writerMemoryBytes,
        checkpointPeriod,
        lockTimeout,
        createIfMissing,
        readOnly,
        force,
        group,
        clock,
        sweepPeriod);
  }

  /// A copy with another [#sweepPeriod].
  public StoreOptions withSweepPeriod(Duration sweepPeriod) {
    return new StoreOptions(
        backend,
        durability,
        pageSizeBytes,
        ringSizeBytes,
        checksums,
        writerMemoryBytes,
        checkpointPeriod,
        lockTimeout,
        createIfMissing,
        readOnly,
        force,
        group,
        clock,
        sweepPeriod);
  }
}

package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.options.Durability;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.contract.StoreForm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: on a real file system whose power is cut, everything acknowledged is there; on one that is
/// full, the store goes on when there is room. `./quire compat` runs it: as root, because it makes
/// file systems on loop devices.
///
/// Method: a process commits and says so. In the middle of that the file system is shut down, by
/// the call that the file systems' own tests use: from then on nothing more reaches the image, what
/// only the page cache had is lost, and the journal is as it is. Then it is mounted again.
@Timeout(600)
class LoopDeviceCompat {

  private static final long IMAGE_BYTES = 320L << 20;
  private static final int ROUNDS = Integer.getInteger("quire.rounds", 6);
  private static final Duration LONG = Duration.ofSeconds(20);

  /// XFS_IOC_GOINGDOWN, which ext4 has as well, without a flush of the log.
  private static final String SHUT_DOWN =
      """
      import fcntl, os, struct, sys
      fd = os.open(sys.argv[1], os.O_RDONLY)
      fcntl.ioctl(fd, 0x8004587d, struct.pack('I', 2))
      """;

  private Path directory;
  private Path image;
  private Path mount;
  private boolean mounted;

  @BeforeEach
  void makeDirectories() throws IOException {
    directory = Files.createTempDirectory("quire-loop");
    image = directory.resolve("image");
    mount = Files.createDirectory(directory.resolve("mount"));
  }

  @AfterEach
  void unmountAll() {
    if (mounted) {
      run("umount", mount.toString());
    }
    StoreForm.deleteTree(directory);
  }

  private static void run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), String.join(" ", command) + " hangs");
      assertEquals(0, process.exitValue(), String.join(" ", command) + ": " + said);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(String.join(" ", command), e);
    }
  }

  private void format(String type, long bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
    }
    run("mkfs." + type, "-q", image.toString());
  }

  private void mount() {
    run("mount", "-o", "loop", image.toString(), mount.toString());
    mounted = true;
  }

  private void unmount() {
    run("umount", mount.toString());
    mounted = false;
  }

  private static long newest(ChildJvm child, long before) {
    long newest = before;
    Optional<String> line = child.findNext();
    while (line.isPresent()) {
      if (line.get().matches("\\d+")) {
        newest = Long.parseLong(line.get());
      }
      line = child.findNext();
    }
    return newest;
  }

  /// @return the counter
  private long reopen(String when) {
    Engine engine = Engine.open(mount.resolve("store"), StoreRole.options("SYNC"));
    try {
      assertNull(CrashOracle.violationsOf(engine), when);
      return StoreRole.counter(engine, "k");
    } finally {
      engine.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void commit_powerIsCut_whatWasAcknowledgedIsThere(String type) throws IOException {
    format(type, IMAGE_BYTES);
    long counted = 0;
    for (int round = 0; round < ROUNDS; round++) {
      mount();
      long acknowledged = counted;
      try (ChildJvm child = ChildJvm.start(StoreRole.class, mount.resolve("store").toString())) {
        child.ask("open SYNC");
        child.ask("adding k");
        long until = counted + 50 + 211L * round;
        while (acknowledged < until) {
          acknowledged = Math.max(acknowledged, Long.parseLong(child.next()));
        }
        run("python3", "-c", SHUT_DOWN, mount.toString());
        child.kill();
        acknowledged = Math.max(acknowledged, newest(child, acknowledged));
      }
      unmount();
      mount();
      String when = type + ", round " + round;
      long found = reopen(when);
      assertTrue(found >= acknowledged, when + ": " + found + ", acknowledged " + acknowledged);
      counted = found;
      unmount();
    }
    System.out.println(type + ": " + ROUNDS + " power cuts, " + counted + " transactions");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void put_fileSystemIsFull_isUndoneAndTheStoreGoesOn(String type) throws IOException {
    format(type, IMAGE_BYTES);
    mount();
    Path store = mount.resolve("store");
    Engine engine = Engine.open(store, StoreRole.options("SYNC"));
    try {
      StoreRole.increment(engine, "k", Durability.SYNC, LONG);
      Path ballast = mount.resolve("ballast");
      fill(ballast);
      int commits = 1;
      boolean full = false;
      while (!full && commits < 5000) {
        try {
          putLong(engine, commits);
          commits++;
        } catch (StoreFullException e) {
          full = true;
        }
      }
      assertTrue(full, "the file system was never full");
      assertNull(CrashOracle.violationsOf(engine), "full");
      assertEquals(1, StoreRole.counter(engine, "k"));
      Files.delete(ballast);
      putLong(engine, 6000);
      StoreRole.increment(engine, "k", Durability.SYNC, LONG);
    } finally {
      engine.close();
    }
    assertEquals(2, reopen(type));
    unmount();
  }

  /// Leaves 8 MB.
  private void fill(Path ballast) throws IOException {
    byte[] piece = new byte[1 << 20];
    try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "rw")) {
      while (Files.getFileStore(mount).getUsableSpace() > 8 << 20) {
        file.write(piece);
        file.getFD().sync();
      }
    }
  }

  private static void putLong(Engine engine, int number) {
    WriteSession session = engine.beginWrite(Durability.SYNC, LONG);
    try {
      TableTree table = session.createTable("long".getBytes(StandardCharsets.UTF_8), false);
      byte[] key = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
      byte[] value = new byte[100_000];
      session.put(table, key, key.length, MemorySegment.ofArray(value), 0, 100_000, 0);
      session.commit();
    } finally {
      session.rollback();
    }
  }
}

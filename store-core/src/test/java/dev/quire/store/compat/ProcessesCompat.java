package dev.quire.store.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.contract.StoreForm;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Processes that do not see each other's pids, that may only read, or that have the store on a
/// medium that cannot be written. `./quire compat` runs it, as root.
class ProcessesCompat {

  private static final String USER = "65534";
  private static final String[] NAMESPACE = {"unshare", "--pid", "--fork", "--mount-proc"};

  /// Makes the directory `$0` read-only for the command after it alone.
  private static final String READ_ONLY_MOUNT =
      "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" && exec \"$@\"";

  private Path directory;
  private Path store;
  private PublicClasses classes;

  @BeforeEach
  void prepare() throws IOException, URISyntaxException {
    directory = Files.createTempDirectory("quire-compat");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    store = directory.resolve("store");
    classes = PublicClasses.copyTo(directory);
  }

  @AfterEach
  void deleteDirectory() {
    StoreForm.deleteTree(directory);
  }

  private ChildJvm startUser() {
    return classes.start("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups");
  }

  /// A process that cannot write to the store's directory, whoever it is.
  private ChildJvm startOnReadOnlyMedium() {
    return classes.start("unshare", "--mount", "sh", "-c", READ_ONLY_MOUNT, store.toString());
  }

  /// Lets everybody read the files that are there.
  private void publish() throws IOException {
    Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String name : new String[] {"data", "shm", "lock"}) {
      Path file = store.resolve(name);
      if (Files.exists(file)) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      }
    }
  }

  @Test
  void processes_inTwoPidNamespaces_shareTheStoreAndSurviveEachOther() {
    try (ChildJvm one = classes.start(NAMESPACE);
        ChildJvm two = classes.start(NAMESPACE)) {
      assertEquals(one.ask("pid"), two.ask("pid"));
      one.ask("open " + store);
      two.ask("open " + store);
      one.ask("put k0");
      two.ask("put k1");
      assertEquals("true", one.ask("contains k1"));
      assertEquals("2", two.ask("pin"));
      assertEquals("2", one.ask("pin"));
      for (int i = 0; i < 200; i++) {
        one.ask("put k" + (2 + i % 5));
      }
      // Nobody takes the other one for dead, though no such process is to be seen.
      assertEquals("2", two.ask("readers"));
      assertEquals("false", two.ask("pinned k2"));
      one.ask("begin never");
      one.kill();
      two.ask("put k7");
      assertEquals("false", two.ask("contains never"));
      assertEquals("[]", two.ask("check 8"));
      awaitReaders(two, "1");
      assertEquals("true", two.ask("pinned k1"));
      // One more with the same pid: it is not taken for the dead one.
      try (ChildJvm three = classes.start(NAMESPACE)) {
        assertEquals(two.ask("pid"), three.ask("pid"));
        three.ask("open " + store);
        three.ask("put k8");
        assertEquals("true", two.ask("contains k8"));
      }
      assertEquals("[]", two.ask("check 9"));
      two.ask("close");
    }
  }

  private static void awaitReaders(ChildJvm child, String count) {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!child.ask("readers").equals(count)) {
      assertTrue(System.nanoTime() < deadline, "nobody sweeps");
    }
  }

  @Test
  void read_byAnotherUser_isOfOneStateOrAClearWord() throws IOException {
    try (ChildJvm owner = classes.start();
        ChildJvm reader = startUser()) {
      owner.ask("open " + store);
      owner.ask("put k0");
      String refusal = reader.attempt("read " + store);
      assertTrue(refusal.startsWith("threw StoreIoException"), refusal);
      publish();
      refusal = reader.attempt("read " + store);
      assertTrue(refusal.startsWith("threw StoreLockedException"), refusal);
      assertTrue(refusal.contains("must be allowed to write"), refusal);
      owner.ask("put k1");
      owner.ask("close");
      publish();
      reader.ask("read " + store);
      assertEquals("[]", reader.ask("check 2"));
      refusal = owner.attempt("open " + store);
      assertTrue(refusal.startsWith("threw StoreLockedException"), refusal);
      assertTrue(refusal.contains("only reads"), refusal);
      assertEquals("true", reader.ask("contains k1"));
      reader.ask("close");
      owner.ask("open " + store);
      owner.ask("put k2");
      publish();
      owner.kill();
      // Its log is not replayed, for nothing may be written: what is read is the last checkpoint.
      reader.ask("read " + store);
      assertEquals("true", reader.ask("behind"));
      assertEquals("[]", reader.ask("check 2"));
    }
  }

  @Test
  void read_fromAReadOnlyMedium_isOfOneStateOrAClearWord() {
    try (ChildJvm owner = classes.start()) {
      owner.ask("open " + store);
      owner.ask("put k0");
      try (ChildJvm reader = startOnReadOnlyMedium()) {
        String refusal = reader.attempt("open " + store);
        assertTrue(refusal.startsWith("threw StoreIoException"), refusal);
        refusal = reader.attempt("read " + store);
        assertTrue(refusal.startsWith("threw StoreLockedException"), refusal);
        owner.ask("put k1");
        owner.ask("close");
        reader.ask("read " + store);
        assertEquals("false", reader.ask("behind"));
        assertEquals("[]", reader.ask("check 2"));
        reader.ask("close");
        refusal = reader.attempt("open " + store);
        assertTrue(refusal.startsWith("threw StoreIoException"), refusal);
      }
      owner.ask("open " + store);
      assertEquals("[]", owner.ask("check 2"));
      owner.ask("close");
    }
  }

  /// What is in the log alone cannot be brought in there.
  @Test
  void backup_fromAReadOnlyMedium_isOfTheLastCheckpoint() {
    Path whole = directory.resolve("whole");
    Path older = directory.resolve("older");
    try (ChildJvm owner = classes.start();
        ChildJvm reader = classes.start()) {
      owner.ask("open " + store);
      owner.ask("put k0");
      owner.ask("put k1");
      owner.ask("close");
      backUpOnReadOnlyMedium(whole, "false");
      requireBackup(reader, whole);
      owner.ask("open " + store);
      owner.ask("put k2");
      owner.kill();
      backUpOnReadOnlyMedium(older, "true");
      requireBackup(reader, older);
      reader.ask("open " + store);
      assertEquals("[]", reader.ask("check 3"));
      reader.ask("close");
    }
  }

  private void backUpOnReadOnlyMedium(Path target, String behind) {
    try (ChildJvm child = startOnReadOnlyMedium()) {
      child.ask("read " + store);
      assertEquals(behind, child.ask("behind"));
      String refusal = child.attempt("backup " + store.resolve("inner"));
      assertTrue(refusal.startsWith("threw StoreIoException"), refusal);
      child.ask("backup " + target);
      child.ask("close");
    }
  }

  private static void requireBackup(ChildJvm reader, Path backup) {
    reader.ask("open " + backup);
    assertEquals("[]", reader.ask("check 2"));
    reader.ask("put k2");
    assertEquals("[]", reader.ask("check 3"));
    reader.ask("close");
  }
}

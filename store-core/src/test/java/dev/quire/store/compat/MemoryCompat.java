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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Stores in a memory that is full, and stores of several users. `./quire compat` runs it: as root,
/// because each process gets a `/dev/shm` of its own, and another user.
class MemoryCompat {

  private static final int SHM_BYTES = 12 << 20;
  private static final String USER = "65534";
  private static final String GROUP = "54321";

  /// Puts a small memory in the place of `/dev/shm`, for the command after it alone.
  private static final String SMALL_MEMORY =
      "mount -t tmpfs -o mode=1777,size=" + SHM_BYTES + " tmpfs /dev/shm && exec \"$@\"";

  private Path directory;
  private PublicClasses classes;

  /// Copies the classes to where every user may read them.
  @BeforeEach
  void copyClasses() throws IOException, URISyntaxException {
    directory = Files.createTempDirectory("quire-compat");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    classes = PublicClasses.copyTo(directory);
  }

  @AfterEach
  void deleteDirectory() {
    StoreForm.deleteTree(directory);
  }

  private ChildJvm start(String... prefix) {
    return classes.start(prefix);
  }

  /// A process of another user, with a group.
  private ChildJvm startUser(String user) {
    return start("setpriv", "--reuid=" + user, "--regid=" + user, "--groups=" + GROUP);
  }

  /// A process with a small `/dev/shm` of its own.
  private ChildJvm startSmall(String... prefix) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("unshare", "--mount", "sh", "-c", SMALL_MEMORY, "sh"));
    command.addAll(List.of(prefix));
    return start(command.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared a", "memory", "open /dev/shm/store"})
  void put_memoryIsFull_isUndoneAndTheStoreGoesOn(String open) {
    try (ChildJvm child = startSmall()) {
      child.ask("fillDirectory /dev/shm " + (2 << 20));
      child.ask(open);
      long count = Long.parseLong(child.ask("fill"));
      assertTrue(count > 500, "only " + count);
      assertEquals("[]", child.ask("check " + count));
      assertEquals("true", child.ask("contains k0"));
      child.ask("empty /dev/shm");
      child.ask("put k" + count);
      child.ask("close");
      if (!open.equals("memory")) {
        child.ask(open);
        assertEquals("[]", child.ask("check " + (count + 1)));
        child.ask("close");
      }
      assertEquals(0, child.finish());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared a", "memory", "open /dev/shm/store"})
  void open_memoryIsFull_saysSoAndLeavesNothing(String open) {
    try (ChildJvm child = startSmall()) {
      child.ask("fillDirectory /dev/shm " + (SHM_BYTES - (200 << 10)));
      String refusal = child.attempt(open);
      assertTrue(refusal.startsWith("threw StoreFullException"), refusal);
      assertEquals("[]", child.ask("list"));
      child.ask("empty /dev/shm");
      child.ask(open);
      child.ask("put k");
      child.ask("close");
      assertEquals(0, child.finish());
    }
  }

  @Test
  void shared_directoryOfAnotherUser_isRefused() {
    String steal =
        "mkdir -m 700 /dev/shm/quire-" + USER + " && exec setpriv --reuid=" + USER + " \"$@\"";
    try (ChildJvm child = startSmall("sh", "-c", steal, "sh")) {
      String refusal = child.attempt("shared a");
      assertTrue(refusal.startsWith("threw StoreIoException"), refusal);
      assertTrue(refusal.contains("belongs to"), refusal);
      assertTrue(child.attempt("list").contains("belongs to"));
      assertTrue(child.attempt("unlink a").contains("belongs to"));
    }
  }

  @Test
  void open_storeOfAnotherUser_isRefused() {
    try (ChildJvm owner = start();
        ChildJvm other = startUser(USER)) {
      String path = directory.resolve("store").toString();
      owner.ask("open " + path);
      owner.ask("put k");
      String refusal = other.attempt("open " + path);
      assertTrue(refusal.startsWith("threw StoreIoException"), refusal);
    }
  }

  @Test
  void open_storeOfAGroup_isSharedByItsMembers() throws IOException {
    Path shared = Files.createDirectory(directory.resolve("group"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxr-x"));
    Files.setAttribute(shared, "unix:gid", Integer.parseInt(GROUP));
    String path = shared.resolve("store").toString();
    try (ChildJvm first = startUser("60001");
        ChildJvm second = startUser("60002")) {
      first.ask("openGroup " + path);
      first.ask("put one");
      first.ask("close");
      second.ask("open " + path);
      second.ask("put two");
      first.ask("open " + path);
      first.ask("put three");
      assertEquals("true", second.ask("contains three"));
      second.kill();
      assertEquals("true", first.ask("contains two"));
      first.ask("put four");
      first.ask("close");
    }
  }
}

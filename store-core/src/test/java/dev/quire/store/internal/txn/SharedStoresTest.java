package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.txn.SharedStores.Entry;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.contract.StoreForm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Stores in memory with a name or a token: found, counted, removed, and what they are after their
/// users have gone in every way.
class SharedStoresTest {

  private static final StoreOptions OPTIONS = StoreOptions.defaults();
  private static final StoreOptions EXISTING = OPTIONS.withCreateIfMissing(false);

  private Path parent;
  private Path root;
  private SharedStores stores;

  @BeforeEach
  void createRoot() throws IOException {
    parent = Files.createTempDirectory(Directories.ofMemory(), "quire-test-");
    root = parent.resolve("stores");
    stores = new SharedStores(root);
  }

  @AfterEach
  void deleteRoot() {
    StoreForm.deleteTree(parent);
  }

  private static void put(Engine engine, String key) {
    Entries.put(engine, key);
  }

  private static boolean contains(Engine engine, String key) {
    return Entries.contains(engine, key);
  }

  private void make(String name) {
    Engine engine = stores.open(name, OPTIONS);
    put(engine, "k");
    engine.close();
  }

  @Test
  void open_newName_makesAPrivateStoreWithoutHoles() throws IOException {
    Engine engine = stores.open("a", OPTIONS);
    put(engine, "k");

    assertEquals("rwx------", mode(root));
    assertEquals("rwx------", mode(root.resolve("a")));
    for (String name : List.of("data", "shm", "lock")) {
      assertEquals("rw-------", mode(root.resolve("a").resolve(name)), name);
    }
    assertEquals(0, engine.stats().ringSizeBytes());
    assertFalse(engine.parts().superblock.checksums());
    assertTrue(engine.parts().region.storable());
    engine.close();
  }

  @Test
  void open_afterTheLastClose_findsEverything() {
    make("a");
    Engine engine = stores.open("a", EXISTING);
    assertTrue(contains(engine, "k"));
    put(engine, "l");
    engine.close();

    Engine again = stores.open("a", OPTIONS);
    assertTrue(contains(again, "k"));
    assertTrue(contains(again, "l"));
    assertNull(CrashOracle.violationsOf(again));
    again.close();
  }

  @Test
  void open_twiceInOneProcess_isOneStore() {
    Engine first = stores.open("a", OPTIONS);
    Engine second = stores.open("a", EXISTING);
    assertSame(first, second);
    first.close();
    put(second, "k");
    second.close();
    assertFalse(second.isOpen());
  }

  @Test
  void open_byItsDirectory_isTheSameStore() {
    make("a");
    Engine engine = Engine.open(root.resolve("a"), OPTIONS);
    assertTrue(contains(engine, "k"));
    assertTrue(engine.parts().isVolatile());
    engine.close();
    make("a");
  }

  @Test
  void open_missingAndNotToBeMade_isRefused() {
    assertThrows(NotAStoreException.class, () -> stores.open("a", EXISTING));
    assertFalse(Files.exists(root));
    make("b");
    assertThrows(NotAStoreException.class, () -> stores.open("a", EXISTING));
    assertFalse(Files.exists(root.resolve("a")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", ".a", "a/b", "../a", "a b", "\u00e4", "a\0b", "a\n"})
  void open_badName_isRefused(String name) {
    assertThrows(IllegalArgumentException.class, () -> stores.open(name, OPTIONS));
    assertThrows(IllegalArgumentException.class, () -> stores.unlink(name));
  }

  @Test
  void open_longestName_isAllowedAndNoLongerOne() {
    make("n".repeat(100));
    assertThrows(IllegalArgumentException.class, () -> stores.open("n".repeat(101), OPTIONS));
  }

  @Test
  void open_groupAskedFor_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> stores.open("a", OPTIONS.withGroup(true)));
  }

  @Test
  void open_durableStoreInItsPlace_isRefused() {
    make("b");
    Engine.open(root.resolve("a"), OPTIONS).close();
    assertThrows(NotAStoreException.class, () -> stores.open("a", OPTIONS));
  }

  @Test
  void open_rootIsALink_isRefused() throws IOException {
    Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
    Files.createSymbolicLink(root, elsewhere);
    assertThrows(StoreIoException.class, () -> stores.open("a", OPTIONS));
    assertThrows(StoreIoException.class, stores::list);
    assertThrows(StoreIoException.class, () -> stores.unlink("a"));
  }

  @Test
  void open_rootIsOpenToOthers_isRefused() throws IOException {
    Files.createDirectory(root);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwx---"));
    StoreIoException refusal =
        assertThrows(StoreIoException.class, () -> stores.open("a", OPTIONS));
    assertTrue(refusal.getMessage().contains("chmod 700"), refusal.getMessage());
  }

  @Test
  void open_poisonedStore_isLostUntilUnlinked() {
    Engine engine = stores.open("a", OPTIONS);
    engine.parts().state.poison();
    engine.close();

    assertLost("unlink");
    assertTrue(stores.unlink("a"));
    make("a");
  }

  @Test
  void open_sharedStateRemoved_isLost() throws IOException {
    make("a");
    Files.delete(root.resolve("a").resolve("shm"));
    assertLost("missing");
  }

  @Test
  void open_dataCutShort_isLost() throws IOException {
    make("a");
    try (RandomAccessFile data =
        new RandomAccessFile(root.resolve("a").resolve("data").toFile(), "rw")) {
      data.setLength(32 << 10);
    }
    assertLost("shm");
  }

  @Test
  void open_copyOfAStore_isLost() throws IOException {
    make("a");
    Path copy = Files.createDirectory(root.resolve("b"));
    for (String name : List.of("data", "shm")) {
      Files.copy(root.resolve("a").resolve(name), copy.resolve(name));
    }
    assertThrows(StoreFailedException.class, () -> stores.open("b", OPTIONS));
  }

  private void assertLost(String word) {
    StoreException lost = assertThrows(StoreFailedException.class, () -> stores.open("a", OPTIONS));
    assertTrue(lost.getMessage().contains(word), lost.getMessage());
    assertEquals(0, stores.list().getFirst().users());
  }

  @Test
  void open_storeOfAnotherBoot_beginsAnew() throws IOException {
    make("a");
    try (RandomAccessFile shm =
        new RandomAccessFile(root.resolve("a").resolve("shm").toFile(), "rw")) {
      shm.seek(32);
      shm.writeLong(0x1234);
    }
    assertThrows(NotAStoreException.class, () -> stores.open("a", EXISTING));
    Engine engine = stores.open("a", OPTIONS);
    assertFalse(contains(engine, "k"));
    put(engine, "l");
    engine.close();
    Engine again = stores.open("a", EXISTING);
    assertTrue(contains(again, "l"));
    again.close();
  }

  @Test
  void open_makerDiedAtAnyStep_makesIt() throws IOException {
    Path directory = root.resolve("a");
    Directories.create(directory);
    make("a");
    stores.unlink("a");
    Directories.create(directory);
    Files.createFile(directory.resolve("lock"));
    Files.write(directory.resolve("data.new"), new byte[5000]);
    Files.write(directory.resolve("shm"), new byte[5000]);
    Files.write(directory.resolve("shm.new"), new byte[5000]);
    make("a");
    Engine engine = stores.open("a", EXISTING);
    assertTrue(contains(engine, "k"));
    engine.close();
  }

  @Test
  void list_stores_tellsSizeAgeAndUsers() {
    long before = System.currentTimeMillis();
    assertEquals(List.of(), stores.list());
    make("b");
    Engine open = stores.open("a", OPTIONS);

    List<Entry> entries = stores.list();
    assertEquals(List.of("a", "b"), entries.stream().map(Entry::name).toList());
    assertEquals(List.of(1, 0), entries.stream().map(Entry::users).toList());
    for (Entry entry : entries) {
      assertFalse(entry.temporary());
      assertTrue(entry.sizeBytes() > 256 << 10, entry.toString());
      long created = entry.created().toEpochMilli();
      assertTrue(created >= before - 1000 && created <= System.currentTimeMillis() + 1000);
    }
    put(open, "still works");
    open.close();
    assertEquals(0, stores.list().getFirst().users());
  }

  @Test
  void open_inTwoProcesses_eachSeesTheOther() {
    Engine open = stores.open("a", OPTIONS);
    put(open, "mine");
    try (StoreProcess other = StoreProcess.start(root)) {
      assertEquals("1", other.ask("users a"));
      assertEquals("opened", other.ask("open a"));
      assertEquals("true", other.ask("contains a mine"));
      other.ask("put a yours");
      assertTrue(contains(open, "yours"));
      assertEquals(2, stores.list().getFirst().users());
      assertEquals("2", other.ask("users a"));
      put(open, "after a look");

      other.kill();
      assertEquals(1, stores.list().getFirst().users());
      put(open, "after a death");
    }
    open.close();
    assertEquals(0, stores.list().getFirst().users());
    Engine again = stores.open("a", EXISTING);
    for (String key : List.of("mine", "yours", "after a look", "after a death")) {
      assertTrue(contains(again, key), key);
    }
    assertNull(CrashOracle.violationsOf(again));
    again.close();
  }

  @Test
  void close_whileAnotherProcessGoesOn_leavesItTheStore() {
    Engine open = stores.open("a", OPTIONS);
    try (StoreProcess other = StoreProcess.start(root)) {
      other.ask("open a");
      put(open, "mine");
      open.close();
      assertEquals("true", other.ask("contains a mine"));
      other.ask("put a yours");
      Engine again = stores.open("a", EXISTING);
      assertTrue(contains(again, "yours"));
      other.ask("close a");
      put(again, "alone");
      again.close();
    }
  }

  @Test
  void unlink_openInAnotherProcess_worksOnInBoth() {
    Engine open = stores.open("a", OPTIONS);
    try (StoreProcess other = StoreProcess.start(root)) {
      other.ask("open a");
      assertTrue(stores.unlink("a"));
      for (int i = 0; i < 500; i++) {
        put(open, "mine" + i);
        other.ask("put a yours" + i);
      }
      assertTrue(contains(open, "yours499"));
      assertEquals("true", other.ask("contains a mine499"));

      Engine young = stores.open("a", OPTIONS);
      assertFalse(contains(young, "mine0"));
      put(young, "young");
      open.close();
      other.ask("put a still there");
      other.ask("close a");
      assertEquals("opened", other.ask("open a"));
      assertEquals("true", other.ask("contains a young"));
      young.close();
    }
  }

  /// Goal: opening, closing, listing and unlinking one name at the same time never fails, and what
  /// a process has put it finds as long as it has the store open. Method: random, by seed.
  @Test
  void unlink_whileOthersOpenAndClose_neverFails() {
    long seed = Campaign.seed();
    try (StoreProcess first = StoreProcess.start(root);
        StoreProcess second = StoreProcess.start(root);
        StoreProcess third = StoreProcess.start(root)) {
      List<StoreProcess> all = List.of(first, second, third);
      for (int i = 0; i < all.size(); i++) {
        all.get(i).tell("churn a " + (seed + i) + (Campaign.isLong() ? " 20000" : " 1000"));
      }
      for (StoreProcess each : all) {
        String answer = each.next();
        assertTrue(answer.startsWith("done "), answer + ", -Dquire.seed=" + seed);
      }
    }
  }

  @Test
  void kill_writerBesideAnotherProcess_hurtsNobody() {
    Engine open = stores.open("a", OPTIONS);
    for (int round = 0; round < 3; round++) {
      try (StoreProcess writer = StoreProcess.start(root)) {
        writer.ask("open a");
        writer.tell("putForever " + round);
        long acknowledged = 0;
        while (acknowledged < 300) {
          acknowledged = Long.parseLong(writer.next());
        }
        writer.kill();
        acknowledged = writer.lastNumber(acknowledged);
        assertTrue(contains(open, "k" + round + "-" + acknowledged), "" + acknowledged);
        put(open, "after round " + round);
        assertNull(CrashOracle.violationsOf(open));
      }
    }
    open.close();
  }

  @Test
  void unlink_openStore_worksOnUntilItsClose() throws IOException {
    Engine old = stores.open("a", OPTIONS);
    put(old, "old");
    assertTrue(stores.unlink("a"));
    assertFalse(stores.unlink("a"));
    assertEquals(List.of(), stores.list());

    Engine young = stores.open("a", OPTIONS);
    assertNotSame(old, young);
    put(young, "young");
    for (int i = 0; i < 2_000; i++) {
      put(old, "old" + i);
    }
    assertTrue(contains(old, "old1999"));
    assertFalse(contains(young, "old"));
    old.close();
    assertTrue(contains(young, "young"));
    young.close();
    Engine again = stores.open("a", EXISTING);
    assertTrue(contains(again, "young"));
    again.close();
  }

  @Test
  void unlink_foreignDirectory_isRefused() throws IOException {
    make("b");
    Files.createDirectory(root.resolve("a"));
    Files.createFile(root.resolve("a").resolve("letter"));
    assertThrows(NotAStoreException.class, () -> stores.unlink("a"));
    assertTrue(Files.exists(root.resolve("a").resolve("letter")));
  }

  @Test
  void kill_userInAnyState_leavesAUsableStore() {
    for (int round = 0; round < 3; round++) {
      try (StoreProcess user = StoreProcess.start(root)) {
        assertEquals("opened", user.ask("open a"));
        user.tell("putForever " + round);
        long acknowledged = 0;
        while (acknowledged < 500) {
          acknowledged = Long.parseLong(user.next());
        }
        user.kill();
        acknowledged = user.lastNumber(acknowledged);
        assertEquals(0, stores.list().getFirst().users());
        Engine engine = stores.open("a", EXISTING);
        assertTrue(contains(engine, "k" + round + "-" + acknowledged), "" + acknowledged);
        assertNull(CrashOracle.violationsOf(engine));
        put(engine, "go on");
        engine.close();
      }
    }
  }

  @Test
  void temporary_lastUserCloses_isGone() {
    String token = SharedStores.newToken();
    Engine engine = stores.createTemporary(token, OPTIONS);
    put(engine, "k");
    Entry entry = stores.list().getFirst();
    assertEquals(token, entry.name());
    assertTrue(entry.temporary());
    assertEquals(1, entry.users());

    Engine second = stores.openTemporary(token, OPTIONS);
    assertSame(engine, second);
    engine.close();
    assertTrue(contains(second, "k"));
    second.close();
    assertEquals(List.of(), stores.list());
    assertEquals(List.of(), Directories.names(root));
    assertThrows(NotAStoreException.class, () -> stores.openTemporary(token, OPTIONS));
  }

  @Test
  void temporary_tokenGivenToChildren_endsWithTheLastOfThem() {
    String token = SharedStores.newToken();
    Engine parent = stores.createTemporary(token, OPTIONS);
    put(parent, "k");
    try (StoreProcess first = StoreProcess.start(root);
        StoreProcess second = StoreProcess.start(root)) {
      assertEquals("joined", first.ask("join " + token));
      assertEquals("true", first.ask("contains " + token + " k"));
      first.ask("put " + token + " l");
      assertTrue(contains(parent, "l"));
      parent.close();
      assertEquals("joined", second.ask("join " + token));
      assertEquals(2, stores.list().getFirst().users());
      first.kill();
      assertEquals(1, stores.list().getFirst().users());
      assertEquals("true", second.ask("contains " + token + " l"));
      second.ask("close " + token);
      assertEquals(List.of(), Directories.names(root));
      assertTrue(second.attempt("join " + token).startsWith("threw NotAStoreException"));
    }
  }

  @Test
  void temporary_lastUserKilled_isSweptByTheNextLook() {
    String token;
    try (StoreProcess user = StoreProcess.start(root)) {
      token = user.ask("temporary");
      assertEquals(1, stores.list().size());
      user.kill();
    }
    assertEquals(1, Directories.names(root).size());
    assertEquals(List.of(), stores.list());
    assertEquals(List.of(), Directories.names(root));
    assertThrows(NotAStoreException.class, () -> stores.openTemporary(token, OPTIONS));
  }

  @Test
  void temporary_makerSeesLeftovers_sweepsThem() throws IOException {
    make("a");
    Directories.create(root.resolve("." + SharedStores.newToken()));
    Path removed = root.resolve(".removed-x");
    Directories.create(removed);
    Files.createFile(removed.resolve("lock"));
    assertEquals(3, Directories.names(root).size());
    Engine engine = stores.createTemporary(SharedStores.newToken(), OPTIONS);
    assertEquals(2, Directories.names(root).size());
    engine.close();
    assertEquals(List.of("a"), Directories.names(root));
  }

  @Test
  void temporary_unlinkedByItsToken_worksOn() {
    String token = SharedStores.newToken();
    Engine engine = stores.createTemporary(token, OPTIONS);
    assertTrue(stores.unlink(token));
    put(engine, "k");
    engine.close();
    assertEquals(List.of(), Directories.names(root));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "../../../../../../../../../../../.", "x"})
  void openTemporary_notAToken_isRefused(String token) {
    assertThrows(IllegalArgumentException.class, () -> stores.openTemporary(token, OPTIONS));
  }

  @Test
  void open_whileAnotherOpens_timesOutWithAReason() {
    make("a");
    try (StoreProcess other = StoreProcess.start(root)) {
      assertEquals("held", other.ask("hold a 0"));
      StoreOptions hasty = OPTIONS.withLockTimeout(Duration.ofMillis(20));
      StoreLockedException e =
          assertThrows(StoreLockedException.class, () -> stores.open("a", hasty));
      assertTrue(e.getMessage().contains("another process is opening"), e.getMessage());
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}

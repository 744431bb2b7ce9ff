package dev.quire.store.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `quire --backend lmdb` and `quire migrate`.
class MigrateCommandTest {

  @TempDir private Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private String makeLmdb() {
    String lmdb = path("lmdb");
    assertEquals(
        ExitCode.OK, Ran.quire("--backend", "lmdb", "put", lmdb, "users", "ada", "Ada").exitCode());
    assertEquals(
        ExitCode.OK, Ran.quire("put", "--backend", "lmdb", lmdb, "users", "bob", "Bob").exitCode());
    return lmdb;
  }

  @Test
  void backend_beforeOrBehindTheCommand_isLmdb() {
    String lmdb = makeLmdb();
    assertTrue(Files.exists(directory.resolve("lmdb/data.mdb")));
    assertEquals("Ada\n", Ran.quire("--backend", "lmdb", "get", lmdb, "users", "ada").text());
    assertEquals("users\t2\n", Ran.quire("tables", "--backend=lmdb", lmdb).text());
    assertEquals(ExitCode.OK, Ran.quire("--backend", "lmdb", "check", lmdb).exitCode());
    assertEquals(ExitCode.OK, Ran.quire("--backend", "lmdb", "stat", lmdb).exitCode());
    assertEquals(
        ExitCode.OK, Ran.quire("--backend", "lmdb", "backup", lmdb, path("backup")).exitCode());
    assertEquals("users\t2\n", Ran.quire("--backend", "lmdb", "tables", path("backup")).text());
    assertEquals(ExitCode.USAGE, Ran.quire("--backend", "x", "tables", lmdb).exitCode());
  }

  @Test
  void put_keyThatLmdbCannotHold_isRefusedWithTheReason() {
    Ran ran = Ran.quire("--backend", "lmdb", "put", path("lmdb"), "t", "k".repeat(512), "v");
    assertEquals(ExitCode.USAGE, ran.exitCode());
    assertTrue(ran.messages().contains("1 to 511 bytes"), ran.messages());
  }

  @Test
  void migrate_thereAndBack_tellsWhatItCopies() {
    String lmdb = makeLmdb();
    Ran there = Ran.quire("migrate", lmdb, path("quire"));
    assertEquals(ExitCode.OK, there.exitCode(), there.messages());
    assertEquals(path("quire") + "\t1 tables\t2 entries\n", there.text());
    assertTrue(there.messages().contains("table \"users\": 2 of 2 entries"), there.messages());
    assertEquals("Bob\n", Ran.quire("get", path("quire"), "users", "bob").text());
    Ran back = Ran.quire("migrate", "--single-file", "--json", path("quire"), path("file.mdb"));
    assertEquals(ExitCode.OK, back.exitCode(), back.messages());
    assertTrue(back.text().contains("\"entries\":2,\"tables\":{\"users\":2}"), back.text());
    assertEquals(ExitCode.OK, Ran.quire("migrate", path("file.mdb"), path("again")).exitCode());
  }

  @Test
  void migrate_fromNothingOrOntoSomething_isRefused() throws IOException {
    assertEquals(ExitCode.UNAVAILABLE, Ran.quire("migrate", path("absent"), path("to")).exitCode());
    String lmdb = makeLmdb();
    Files.createDirectory(directory.resolve("to"));
    Ran ran = Ran.quire("migrate", lmdb, path("to"));
    assertEquals(ExitCode.UNAVAILABLE, ran.exitCode());
    assertTrue(ran.messages().contains("already"), ran.messages());
    assertFalse(Files.exists(directory.resolve("to/data")));
  }
}

package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Store;
import dev.quire.store.TemporaryStore;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Stores in named shared memory on the command line.
class ShmCommandTest {

  private final String name = "cli-test-" + UUID.randomUUID();
  private final String target = "shm:" + name;

  @AfterEach
  void remove() {
    Store.unlinkShared(name);
  }

  @Test
  void commands_onAStoreInSharedMemory_work() {
    Ran put = quire("put", target, "t", "k", "v");
    assertEquals(ExitCode.OK, put.exitCode());
    assertTrue(put.messages().contains("made a new store at " + target), put.messages());
    quire("put", target, "t", "l", "w").assertPrints("");
    quire("get", target, "t", "k").assertPrints("v\n");
    quire("check", target).text();
    assertEquals(ExitCode.OK, quire("check", target).exitCode());
    assertEquals(ExitCode.OK, quire("stat", target).exitCode());
  }

  @Test
  void reading_missingStore_makesNone() {
    quire("get", target, "t", "k").assertFails(ExitCode.UNAVAILABLE, name);
    assertFalse(quire("shm", "ls").text().contains(name));
  }

  @Test
  void ls_stores_showsThem() {
    quire("put", target, "t", "k", "v");
    Ran before = quire("shm", "ls");
    assertEquals(ExitCode.OK, before.exitCode());
    assertTrue(before.text().startsWith("name "), before.text());
    assertTrue(before.text().contains(name), before.text());
    try (Store store = Store.shared(name);
        TemporaryStore temporary = Store.sharedTemporary()) {
      assertEquals(0, store.table("u").count());
      String json = quire("shm", "ls", "--json").text();
      assertTrue(json.contains("{\"name\":\"" + name + "\",\"temporary\":false,"), json);
      String own = "{\"name\":\"" + temporary.token() + "\",\"temporary\":true,";
      assertTrue(json.contains(own), json);
      for (String line : json.split("\n")) {
        if (line.contains(name)) {
          assertTrue(line.endsWith("\"users\":1}"), line);
        }
      }
    }
  }

  @Test
  void rm_presentOrNot_tellsWhich() {
    quire("put", target, "t", "k", "v");
    quire("shm", "rm", name).assertPrints("1\n");
    Ran again = quire("shm", "rm", "--json", name);
    assertEquals("{\"removed\":0}\n", again.text());
    assertEquals(ExitCode.NOT_FOUND, again.exitCode());
    assertTrue(again.messages().contains(name), again.messages());
  }

  @Test
  void rm_badName_isUsage() {
    quire("shm", "rm", "../x").assertFails(ExitCode.USAGE, "../x");
    quire("put", "shm:a b", "t", "k", "v").assertFails(ExitCode.USAGE, "a b");
    quire("shm", "rm").assertFails(ExitCode.USAGE, "NAME");
    quire("shm").assertFails(ExitCode.USAGE, "ls or rm");
    assertTrue(quire("shm", "ls", "--help").text().contains("\n  quire shm ls"));
    assertTrue(quire("shm", "rm", "--help").text().contains("\n  quire shm rm"));
  }
}

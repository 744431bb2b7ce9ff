package dev.quire.store.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Starting, ending, and who may connect.
final class ServerLifeTest {

  @TempDir private Path directory;

  private static ServerOptions options() {
    return ServerOptions.defaults().with("port", "0");
  }

  @Test
  void shutdown_afterWrites_keepsThemAndClosesTheStore() throws Exception {
    Path path = directory.resolve("s.quire");
    StoreServer server = StoreServer.start(path, options());
    try (RawClient client = new RawClient(server)) {
      client.raw(RawClient.encoded("SET", "a", "1").repeat(100) + RawClient.encoded("SHUTDOWN"));
      for (int i = 0; i < 100; i++) {
        assertEquals("OK", client.read());
      }
      assertTrue(client.isEnded());
    }
    server.awaitClosed();
    try (Store store = Store.open(path)) {
      assertEquals("1", new String(store.table("db0").get("a".getBytes())));
      assertTrue(store.check().isClean());
    }
  }

  @Test
  void unixSocket_isForItsOwnerAlone() throws Exception {
    Path socket = directory.resolve("quire.sock");
    try (StoreServer server =
        StoreServer.start(
            directory.resolve("s.quire"),
            options().with("bind", "").with("unixsocket", socket.toString()))) {
      assertEquals(0, server.port());
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    }
    assertTrue(Files.notExists(socket));
  }

  @Test
  void password_isNeeded_beforeAnythingElse() throws Exception {
    try (Store store = Store.inMemory();
        StoreServer server = StoreServer.start(store, options().with("requirepass", "secret"));
        RawClient client = new RawClient(server)) {
      assertEquals("(error) NOAUTH Authentication required.", client.line("GET a"));
      assertTrue(client.line("HELLO 3").startsWith("(error) NOAUTH HELLO must be called"));
      assertTrue(client.line("AUTH wrong").startsWith("(error) WRONGPASS"));
      assertEquals("OK", client.line("AUTH secret"));
      assertEquals("nil", client.line("GET a"));
      assertEquals("OK", client.line("ACL SETUSER bob on >pw ~b:* +get +@connection"));
      assertEquals("OK", client.line("AUTH bob pw"));
      assertEquals("nil", client.line("GET b:1"));
      assertTrue(client.line("GET c").startsWith("(error) NOPERM"));
      assertTrue(client.line("SET b:1 x").startsWith("(error) NOPERM"));
      client.line("AUTH secret");
      assertTrue(client.line("ACL LOG").contains("bob"));
      assertTrue(!client.line("CONFIG GET *").isEmpty());
      assertTrue(client.line("SLOWLOG GET 100").indexOf("secret") < 0);
    }
    try (Store store = Store.inMemory();
        StoreServer server = StoreServer.start(store, options().with("requirepass", "secret"));
        RawClient client = new RawClient(server)) {
      client.raw("*11\r\n");
      assertEquals("(error) ERR Protocol error: unauthenticated multibulk length", client.read());
      assertTrue(client.isEnded());
    }
  }

  @Test
  void secrets_areShownNowhere() throws Exception {
    try (Store store = Store.inMemory();
        StoreServer server = StoreServer.start(store, options().with("requirepass", "pw-first"));
        RawClient client = new RawClient(server);
        RawClient monitor = new RawClient(server)) {
      client.line("AUTH pw-first");
      monitor.line("AUTH pw-first");
      client.line("CONFIG SET slowlog-log-slower-than 0");
      assertEquals("OK", monitor.line("MONITOR"));
      assertEquals("OK", client.line("CONFIG SET RequirePass pw-second"));
      assertEquals("OK", client.line("AUTH pw-second"));
      assertTrue(client.line("HELLO 3 AUTH default pw-second").contains("version"));
      client.line("MULTI");
      client.line("CONFIG SET requirepass pw-third maxclients none");
      client.line("EXEC");
      assertEquals("[requirepass, ]", client.line("CONFIG GET requirepass"));
      assertEquals("OK", client.line("SET last 1"));
      StringBuilder seen = new StringBuilder();
      for (String line = ""; !line.contains("last"); line = monitor.read()) {
        seen.append(line);
      }
      for (String request :
          new String[] {"CONFIG GET *", "SLOWLOG GET 100", "INFO everything", "CLIENT LIST"}) {
        seen.append(client.line(request));
      }
      assertTrue(seen.indexOf("(redacted)") > 0, "something was hidden");
      assertTrue(seen.indexOf("pw-") < 0, seen.toString());
    }
  }

  @Test
  void start_otherAddressWithoutPassword_isRefused() {
    ServerOptions open = options().with("bind", "0.0.0.0");
    try (Store store = Store.inMemory()) {
      IllegalArgumentException thrown =
          assertThrows(IllegalArgumentException.class, () -> StoreServer.start(store, open));
      assertTrue(thrown.getMessage().contains("requirepass"), thrown.getMessage());
    }
  }

  @Test
  void start_unknownSettingOrValue_isRefused() {
    try (Store store = Store.inMemory()) {
      assertThrows(
          IllegalArgumentException.class,
          () -> StoreServer.start(store, options().with("nonsense", "1")));
      assertThrows(
          IllegalArgumentException.class,
          () -> StoreServer.start(store, options().with("maxclients", "many")));
    }
  }

  @Test
  void maxclients_oneMore_isTurnedAway() throws Exception {
    try (Store store = Store.inMemory();
        StoreServer server = StoreServer.start(store, options().with("maxclients", "1"));
        RawClient first = new RawClient(server)) {
      assertEquals("PONG", first.line("PING"));
      try (RawClient second = new RawClient(server)) {
        assertEquals("(error) ERR max number of clients reached", second.read());
        assertTrue(second.isEnded());
      }
    }
  }

  @Test
  void options_ofAFile_areTaken() throws IOException {
    Path file = directory.resolve("quire.conf");
    Files.writeString(file, "# comment\nport 0\nsave \"\"\nbind 127.0.0.1 -::1\n");
    ServerOptions read = ServerOptions.defaults().withFile(file);
    assertEquals("0", read.settings().get("port"));
    assertEquals("127.0.0.1 -::1", read.settings().get("bind"));
    assertNotNull(read.settings().get("save"));
  }

  @Test
  void info_keysThatExpired_areCounted() throws Exception {
    try (StoreServer server = StoreServer.start(directory.resolve("s.quire"), options());
        RawClient client = new RawClient(server)) {
      assertTrue(client.line("INFO stats").contains("\nexpired_keys:0\r"));
      client.raw(RawClient.encoded("PSETEX", "a", "1", "v") + RawClient.encoded("SET", "b", "v"));
      assertEquals("OK", client.read());
      assertEquals("OK", client.read());
      long deadline = System.nanoTime() + 10_000_000_000L;
      while (!client.line("INFO stats").contains("\nexpired_keys:1\r")) {
        assertTrue(System.nanoTime() < deadline, "the expired key is not counted");
      }
      assertEquals("OK", client.line("CONFIG RESETSTAT"));
      assertTrue(client.line("INFO stats").contains("\nexpired_keys:0\r"));
    }
  }

  @Test
  void durability_checkpointStore_takesWritesOfEachKind() throws Exception {
    for (String appendfsync : new String[] {"always", "everysec", "no"}) {
      Path path = directory.resolve(appendfsync);
      try (StoreServer server =
              StoreServer.start(path, options().with("appendfsync", appendfsync));
          RawClient client = new RawClient(server)) {
        for (String asked : new String[] {"always", "everysec", "no", "default"}) {
          assertEquals("OK", client.line("QUIRE.DURABILITY " + asked));
          assertEquals("OK", client.line("SET k " + asked));
        }
      }
    }
  }
}

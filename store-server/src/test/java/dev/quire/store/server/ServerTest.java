package dev.quire.store.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Store;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The server as a client's bytes see it.
final class ServerTest {

  private static Store store;
  private static StoreServer server;
  private RawClient client;

  @BeforeAll
  static void start() throws IOException {
    store = Store.inMemory();
    server =
        StoreServer.start(
            store, ServerOptions.defaults().with("port", "0").with("enable-debug-command", "yes"));
  }

  @AfterAll
  static void stop() {
    server.close();
    assertTrue(store.check().isClean());
    store.close();
  }

  @BeforeEach
  void connect() throws IOException {
    client = new RawClient(server);
    assertEquals("OK", client.line("FLUSHALL"));
  }

  @AfterEach
  void disconnect() throws IOException {
    client.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          PING ~ PONG
          PING a b ~ (error) ERR wrong number of arguments for 'ping' command
          NONSENSE a ~ (error) ERR unknown command 'NONSENSE', with args beginning with: 'a'\\s
          CLIENT NONSENSE ~ (error) ERR unknown subcommand 'NONSENSE'. Try CLIENT HELP.
          GET ~ (error) ERR wrong number of arguments for 'get' command
          CLIENT KILL ~ (error) ERR wrong number of arguments for 'client|kill' command
          SET k v NX XX ~ (error) ERR syntax error
          SET k v EX 0 ~ (error) ERR invalid expire time in 'set' command
          SET k v EX a ~ (error) ERR value is not an integer or out of range
          SELECT 99 ~ (error) ERR DB index is out of range
          SELECT a ~ (error) ERR invalid DB index
          EXEC ~ (error) ERR EXEC without MULTI
          HELLO 4 ~ (error) NOPROTO unsupported protocol version
          CLUSTER INFO ~ (error) ERR This instance has cluster support disabled
          RENAME a b ~ (error) ERR no such key
          BITOP NOT d a b ~ (error) ERR BITOP NOT must be called with a single source key.
          TTL none ~ -2
          INCRBYFLOAT f 1.5 ~ 1.5
          """)
  void reply_ofARequest_isThatOfRedis(String request, String reply) throws IOException {
    assertEquals(reply.replace("\\s", " ").strip(), client.line(request).strip());
  }

  @Test
  void values_ofEveryKindOfBytes_comeBack() throws IOException {
    String value = "\0\r\n\"\u00ff*1$2";
    assertEquals("OK", client.ask("SET", "k\0\r\n", value));
    assertEquals(value, client.ask("GET", "k\0\r\n"));
    String large = "x".repeat(3_000_000);
    assertEquals("OK", client.ask("SET", "large", large));
    assertEquals(large, client.ask("GET", "large"));
    assertEquals("3000000", client.line("STRLEN large"));
  }

  @Test
  void pipeline_ofReadsAndWrites_isInOrder() throws IOException {
    StringBuilder sent = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      sent.append(RawClient.encoded("GET", "k")).append(RawClient.encoded("SET", "k", "" + i));
      sent.append(RawClient.encoded("GET", "k")).append("PING\r\n");
      sent.append(RawClient.encoded("MULTI")).append(RawClient.encoded("INCR", "n"));
      sent.append(RawClient.encoded("EXEC")).append(RawClient.encoded("CLIENT", "GETNAME"));
    }
    client.raw(sent.toString());
    for (int i = 0; i < 500; i++) {
      assertEquals(i == 0 ? "nil" : "" + (i - 1), client.read());
      assertEquals("OK", client.read());
      assertEquals("" + i, client.read());
      assertEquals("PONG", client.read());
      assertEquals("OK", client.read());
      assertEquals("QUEUED", client.read());
      assertEquals("[" + (i + 1) + "]", client.read());
      assertEquals("nil", client.read());
    }
  }

  @Test
  void exec_watchedKeyChangedByOthers_isNil() throws IOException {
    try (RawClient other = new RawClient(server)) {
      client.line("SET k 1");
      client.line("WATCH k");
      client.line("MULTI");
      client.line("INCR k");
      other.line("SET k 1");
      assertEquals("nil", client.line("EXEC"));
      client.line("WATCH k");
      store.table("db0").put("k".getBytes(), "7".getBytes());
      client.line("MULTI");
      client.line("INCR k");
      assertEquals("nil", client.line("EXEC"), "changed by an embedded process");
      client.line("MULTI");
      client.line("INCR k");
      assertEquals("[8]", client.line("EXEC"));
    }
  }

  @Test
  void databases_areTables() throws IOException {
    client.line("SELECT 3");
    client.line("SET k v");
    assertEquals("v", new String(store.table("db3").get("k".getBytes())));
    store.table("db3").put("j".getBytes(), "w".getBytes());
    assertEquals("[w, v]", client.line("MGET j k"));
  }

  @Test
  void keyspaceEvents_changeByEmbeddedProcess_isToldOnce() throws IOException {
    try (RawClient listener = new RawClient(server)) {
      client.line("CONFIG SET notify-keyspace-events KEA");
      listener.line("HELLO 3");
      listener.line("PSUBSCRIBE __keyevent@*");
      store.table("db0").put("theirs".getBytes(), "1".getBytes());
      assertEquals(">[pmessage, __keyevent@*, __keyevent@0__:set, theirs]", listener.read());
      client.line("SET ours 1");
      assertEquals(">[pmessage, __keyevent@*, __keyevent@0__:set, ours]", listener.read());
      store.table("db0").delete("theirs".getBytes());
      assertEquals(">[pmessage, __keyevent@*, __keyevent@0__:del, theirs]", listener.read());
    } finally {
      client.ask("CONFIG", "SET", "notify-keyspace-events", "");
    }
  }

  @Test
  void tracking_changeByEmbeddedProcess_invalidates() throws IOException {
    client.line("HELLO 3");
    client.line("CLIENT TRACKING ON");
    client.line("GET k");
    store.table("db0").put("k".getBytes(), "1".getBytes());
    assertEquals(">[invalidate, [k]]", client.read());
    client.line("CLIENT TRACKING OFF");
  }

  @Test
  void ordered_ranges_areInOrder() throws IOException {
    for (String key : new String[] {"b", "a", "c", "ca", "d"}) {
      client.ask("SET", key, key.toUpperCase(java.util.Locale.ROOT));
    }
    assertEquals("[a, A, b, B]", client.line("QUIRE.RANGE - (c"));
    assertEquals("[d, ca]", client.line("QUIRE.RANGE b + LIMIT 2 REV KEYS"));
    assertEquals("[c, C, ca, CA]", client.line("QUIRE.PREFIX c"));
    assertEquals("2", client.line("QUIRE.COUNT c"));
    assertEquals("5", client.line("QUIRE.COUNT"));
    assertEquals("1", client.line("QUIRE.CAS a A X"));
    assertEquals("0", client.line("QUIRE.CAS a A Y"));
    assertEquals("X", client.line("GET a"));
    assertEquals("1", client.line("QUIRE.CAS new v IFABSENT"));
    assertEquals("OK", client.line("QUIRE.DURABILITY everysec"));
    assertEquals("everysec", client.line("QUIRE.DURABILITY"));
  }

  @Test
  void scan_whileKeysChange_returnsAllThatStay() throws IOException {
    java.util.Set<String> found = new java.util.TreeSet<>();
    for (int i = 0; i < 200; i++) {
      client.line("SET stay" + i + " v");
    }
    String cursor = "0";
    do {
      String reply = client.line("SCAN " + cursor + " COUNT 7 MATCH stay*");
      cursor = reply.substring(1, reply.indexOf(','));
      String keys = reply.substring(reply.indexOf("[", 1) + 1, reply.length() - 2);
      found.addAll(java.util.List.of(keys.split(", ")));
      client.line("DEL gone" + found.size());
      client.line("SET gone" + found.size() + " x");
    } while (!cursor.equals("0"));
    found.remove("");
    assertEquals(200, found.size());
  }

  @Test
  void protocolError_isAnsweredAndEndsTheConnection() throws IOException {
    client.raw(RawClient.encoded("SET", "a", "1") + "*1\r\nfoo\r\n");
    assertEquals("OK", client.read());
    assertEquals("(error) ERR Protocol error: expected '$', got 'f'", client.read());
    assertTrue(client.isEnded());
  }

  @Test
  void input_halfClosed_isAnsweredFirst() throws IOException {
    client.raw(RawClient.encoded("SET", "a", "1") + RawClient.encoded("GET", "a"));
    client.shutdownOutput();
    assertEquals("OK", client.read());
    assertEquals("1", client.read());
    assertTrue(client.isEnded());
  }

  @Test
  void slowReader_ofManyLargeReplies_waitsAndGetsAll() throws IOException {
    String value = "v".repeat(100_000);
    client.ask("SET", "k", value);
    try (RawClient slow = new RawClient(server)) {
      slow.raw(RawClient.encoded("GET", "k").repeat(500));
      assertEquals("PONG", client.line("PING"), "others are served meanwhile");
      String list = client.line("CLIENT LIST");
      for (String line : list.split("\n")) {
        String pending = line.replaceAll(".* omem=(\\d+) .*", "$1").strip();
        assertTrue(Long.parseLong(pending) < 4_000_000, line);
      }
      for (int i = 0; i < 500; i++) {
        assertEquals(value, slow.read());
      }
    }
  }

  @Test
  void info_lookups_areCountedOnceEach() throws IOException {
    assertEquals("OK", client.line("CONFIG RESETSTAT"));
    client.line("GET none");
    client.line("SET k v");
    client.line("MGET k none k");
    client.line("STRLEN k");
    client.line("MULTI");
    client.line("GETDEL k");
    client.line("GET k");
    client.line("EXEC");
    client.line("INCR n");
    assertEquals("4", field("keyspace_hits"));
    assertEquals("3", field("keyspace_misses"));
    assertEquals("OK", client.line("CONFIG RESETSTAT"));
    assertEquals("0", field("keyspace_hits"));
    assertEquals("0", field("keyspace_misses"));
  }

  private String field(String name) throws IOException {
    return client.line("INFO stats").replaceAll("(?s).*\\b" + name + ":(\\S*).*", "$1");
  }

  @Test
  void shutdown_isRefusedInATransaction() throws IOException {
    client.line("MULTI");
    assertEquals("(error) ERR Command not allowed inside a transaction", client.line("SHUTDOWN"));
    assertEquals(
        "(error) EXECABORT Transaction discarded because of previous errors.", client.line("EXEC"));
  }
}

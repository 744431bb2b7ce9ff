package dev.quire.store.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Store;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;

/// Clients of the JVM connect with their defaults and work.
final class ClientsTest {

  private static Store store;
  private static StoreServer server;

  @BeforeAll
  static void start() throws IOException {
    store = Store.inMemory();
    server = StoreServer.start(store, ServerOptions.defaults().with("port", "0"));
  }

  @AfterAll
  static void stop() {
    server.close();
    store.close();
  }

  @Test
  void jedis_withItsDefaults_works() {
    try (Jedis jedis = new Jedis("127.0.0.1", server.port())) {
      assertEquals("OK", jedis.set("j", "1", SetParams.setParams().nx().ex(100)));
      assertNull(jedis.set("j", "2", SetParams.setParams().nx()));
      assertEquals(2, jedis.incr("j"));
      assertTrue(jedis.ttl("j") > 90);
      assertEquals(List.of("j"), jedis.scan("0", new ScanParams().match("j*")).getResult());
      try (Transaction transaction = jedis.multi()) {
        transaction.set("j2", "x");
        transaction.get("j2");
        assertEquals(List.of("OK", "x"), transaction.exec());
      }
      assertTrue(jedis.info().contains("redis_version:7.4.0"));
    }
  }

  @Test
  void jedis_pooledClientOfProtocol3_works() {
    try (RedisClient jedis = RedisClient.create("127.0.0.1", server.port())) {
      assertEquals("OK", jedis.set("r", "1"));
      assertEquals("1", jedis.get("r"));
      assertEquals(1, jedis.del("r"));
    }
  }

  @Test
  void lettuce_withItsDefaults_works() {
    io.lettuce.core.RedisClient client =
        io.lettuce.core.RedisClient.create(RedisURI.create("127.0.0.1", server.port()));
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      RedisCommands<String, String> commands = connection.sync();
      assertEquals("OK", commands.set("l", "1", SetArgs.Builder.px(100_000)));
      assertEquals(3, commands.incrby("l", 2));
      assertEquals("OK", commands.multi());
      commands.append("l", "x");
      TransactionResult result = commands.exec();
      assertEquals(2L, result.<Long>get(0));
      assertEquals("3x", commands.get("l"));
      assertEquals(1, commands.unlink("l"));
    } finally {
      client.shutdown(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }
  }
}

package dev.quire.store.server;

import dev.quire.store.server.resp.ProtocolException;
import dev.quire.store.server.resp.RequestParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How a server is started: settings by the names that `redis.conf` has for them, all as text.
/// Immutable.
///
/// Among them: `bind`, `port` (0: none chosen by the system, see [StoreServer#port]), `unixsocket`,
/// `unixsocketperm`, `requirepass`, `aclfile`, `maxclients`, `timeout`, `databases`, `appendfsync`,
/// `protected-mode`, `notify-keyspace-events`; and as settings of its own `tables` (the names of
/// the tables that are databases 0, 1, ..., instead of `db0`, `db1`, ...) and `insecure`.
/// `docs/SERVER.md` has all.
public final class ServerOptions {

  private final Map<String, String> settings;

  private ServerOptions(Map<String, String> settings) {
    this.settings = settings;
  }

  /// Port 6379 of the loopback addresses, no password, every write synced before it is answered.
  public static ServerOptions defaults() {
    return new ServerOptions(Map.of());
  }

  /// A copy with another setting.
  public ServerOptions with(String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(settings);
    String _ = changed.put(name, value);
    return new ServerOptions(changed);
  }

  /// A copy with the settings of a file: lines of a name and a value, `#` before comments.
  ///
  /// @throws IOException if the file cannot be read, or a line is no setting
  public ServerOptions withFile(Path file) throws IOException {
    ServerOptions changed = this;
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      List<String> words = new ArrayList<>();
      try {
        for (byte[] word : RequestParser.words(line)) {
          words.add(new String(word, StandardCharsets.UTF_8));
        }
      } catch (ProtocolException e) {
        throw new IOException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
      }
      changed = changed.with(words.getFirst(), String.join(" ", words.subList(1, words.size())));
    }
    return changed;
  }

  /// All settings that were given.
  public Map<String, String> settings() {
    return settings;
  }
}

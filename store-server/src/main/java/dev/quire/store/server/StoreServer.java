package dev.quire.store.server;

import dev.quire.store.Store;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.server.commands.Routes;
import dev.quire.store.server.net.Acceptor;
import dev.quire.store.server.net.Encryption;
import dev.quire.store.server.resp.Words;
import dev.quire.store.server.state.ServerState;
import dev.quire.store.server.state.Settings;
import dev.quire.store.server.state.User;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A server of the Redis protocol in front of a store.
///
/// ```java
/// try (StoreServer server = StoreServer.start(path, ServerOptions.defaults().with("port", "0"))) {
///   connect("127.0.0.1", server.port());
/// }
/// ```
///
/// Other processes, and this one, may have the store open and use it meanwhile.
public final class StoreServer implements AutoCloseable {

  private static final Logger LOG = System.getLogger("dev.quire.store.server");
  private static final Duration SWEEP_PERIOD = Duration.ofMillis(100);

  private final Store store;
  private final boolean ownsStore;
  private final Acceptor acceptor = new Acceptor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean closing = new AtomicBoolean();
  private int port;
  private int tlsPort;

  private StoreServer(Store store, boolean ownsStore) {
    this.store = store;
    this.ownsStore = ownsStore;
  }

  /// Opens a store and serves it. The store is closed with the server.
  ///
  /// @throws IOException if an address cannot be listened at
  /// @throws IllegalArgumentException if a setting is not allowed
  public static StoreServer start(Path directory, ServerOptions options) throws IOException {
    Settings settings = settings(options);
    Durability durability = ServerState.durabilityOf(settings.text("appendfsync"));
    StoreOptions storeOptions =
        StoreOptions.defaults().withDurability(durability).withSweepPeriod(SWEEP_PERIOD);
    Store store = Store.open(directory, storeOptions);
    StoreServer server = new StoreServer(store, true);
    server.begin(settings, durability instanceof Durability.Checkpoint);
    return server;
  }

  /// Serves a store that is open, and stays so when the server is closed.
  ///
  /// @throws IOException if an address cannot be listened at
  /// @throws IllegalArgumentException if a setting is not allowed
  public static StoreServer start(Store store, ServerOptions options) throws IOException {
    StoreServer server = new StoreServer(store, false);
    server.begin(settings(options), false);
    return server;
  }

  private static Settings settings(ServerOptions options) {
    Settings settings = new Settings();
    options.settings().forEach(settings::init);
    return settings;
  }

  private void begin(Settings settings, boolean checkpointStore) throws IOException {
    try {
      byte[] runId = new byte[20];
      new SecureRandom().nextBytes(runId);
      ServerState state =
          new ServerState(store, settings, HexFormat.of().formatHex(runId), acceptor::send);
      state.checkpointStore = checkpointStore;
      readUsers(state);
      List<InetAddress> addresses = addresses(settings);
      requireSafe(settings, addresses, state.users.defaultUser());
      boolean encrypted = settings.number("tls-port") != 0;
      Encryption encryption = encrypted ? new Encryption(settings) : null;
      acceptor.serve(state, Routes.all(this::shutDown));
      int backlog = (int) settings.number("tcp-backlog");
      if (encryption != null) {
        int wanted = (int) Math.max(0, settings.number("tls-port"));
        tlsPort = listen(settings, addresses, wanted, backlog, encryption);
      }
      if (encryption == null || settings.number("port") != 0) {
        port = listen(settings, addresses, (int) settings.number("port"), backlog, null);
      }
      String socket = settings.text("unixsocket");
      if (!socket.isEmpty()) {
        acceptor.listen(Path.of(socket), settings.text("unixsocketperm"), backlog);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static void readUsers(ServerState state) throws IOException {
    String password = state.settings.text("requirepass");
    if (!password.isEmpty()) {
      state.users.requirePassword(password);
    }
    String file = state.settings.text("aclfile");
    if (!file.isEmpty()) {
      state.users.load(Path.of(file));
    }
    state.settings.listen(
        (name, value) -> {
          if (name.equals("requirepass")) {
            state.users.requirePassword(value);
          }
        });
  }

  private int listen(
      Settings settings,
      List<InetAddress> addresses,
      int wanted,
      int backlog,
      @Nullable Encryption encryption)
      throws IOException {
    List<String> words = Words.of(settings.text("bind"));
    int found = wanted;
    for (int i = 0; i < addresses.size(); i++) {
      InetSocketAddress address = new InetSocketAddress(addresses.get(i), found);
      try {
        found = acceptor.listen(address, backlog, encryption);
      } catch (IOException e) {
        if (!words.get(i).startsWith("-")) {
          throw e;
        }
        LOG.log(Level.DEBUG, "not listening at " + address, e);
      }
    }
    return addresses.isEmpty() ? 0 : found;
  }

  private static List<InetAddress> addresses(Settings settings) throws UnknownHostException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String word : Words.of(settings.text("bind"))) {
      String host = word.startsWith("-") ? word.substring(1) : word;
      addresses.add(InetAddress.getByName(host.equals("*") ? "0.0.0.0" : host));
    }
    return addresses;
  }

  private static void requireSafe(
      Settings settings, List<InetAddress> addresses, User defaultUser) {
    boolean verified =
        settings.number("tls-port") != 0
            && settings.number("port") == 0
            && Encryption.needsCertificates(settings);
    boolean open = defaultUser.enabled() && defaultUser.noPassword();
    for (InetAddress address : addresses) {
      if (!address.isLoopbackAddress() && open && !verified && !settings.flag("insecure")) {
        throw new IllegalArgumentException(
            "listening at "
                + address.getHostAddress()
                + " without a password: set requirepass or an aclfile, or tls-port and port 0 with"
                + " certificates of clients, or say insecure yes");
      }
    }
  }

  private void shutDown(boolean now) {
    Thread thread = new Thread(this::close, "quire-server-shutdown");
    thread.start();
  }

  /// The port that is listened at, or 0 if there is none.
  public int port() {
    return port;
  }

  /// The port that is listened at for connections with TLS, or 0 if there is none.
  public int tlsPort() {
    return tlsPort;
  }

  /// Waits until the server is closed, by [#close] or a client's `SHUTDOWN`.
  public void awaitClosed() throws InterruptedException {
    closed.await();
  }

  /// Answers what was asked for, closes all connections, then the store if the server opened it.
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    try {
      acceptor.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (ownsStore) {
        store.close();
      }
      closed.countDown();
    }
  }
}

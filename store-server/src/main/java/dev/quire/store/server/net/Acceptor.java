package dev.quire.store.server.net;

import dev.quire.store.server.run.Client;
import dev.quire.store.server.run.Dispatcher;
import dev.quire.store.server.run.Route;
import dev.quire.store.server.state.OutputLimits;
import dev.quire.store.server.state.ServerState;
import dev.quire.store.server.state.Session;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Accepts connections and looks after them.
public final class Acceptor {

  private static final Logger LOG = System.getLogger("dev.quire.store.server");
  private static final int LOW_WATER_BYTES = 256 << 10;
  private static final int HIGH_WATER_BYTES = 1 << 20;
  private static final long TICK_MILLIS = 100;

  private final Transport transport = Transport.choose();
  private final EventLoop loop = transport.loop();
  private final List<Channel> listening = new ArrayList<>();
  private final Set<Session> unsent = new LinkedHashSet<>();
  private @Nullable ServerState state;
  private @Nullable Dispatcher dispatcher;
  private @Nullable Path unixPath;
  private OutputLimits limits = OutputLimits.parse("normal 0 0 0");
  private long maxQueryBytes;
  private long maxClients;

  /// Begins to serve: from now on the state belongs to the event loop.
  public void serve(ServerState served, Route[] routes) throws IOException {
    state = served;
    dispatcher = new Dispatcher(served, routes, loop);
    served.settings.listen((_, _) -> readSettings(served));
    readSettings(served);
    loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS)
        .addListener(ended -> report(ended.cause()));
  }

  private static void report(@Nullable Throwable cause) {
    if (cause != null && !(cause instanceof java.util.concurrent.CancellationException)) {
      LOG.log(Level.ERROR, "the server's timer has failed", cause);
    }
  }

  private void readSettings(ServerState served) {
    limits = OutputLimits.parse(served.settings.text("client-output-buffer-limit"));
    maxQueryBytes = served.settings.number("client-query-buffer-limit");
    maxClients = served.settings.number("maxclients");
  }

  /// Accepts connections of the network.
  ///
  /// @param encryption how they are encrypted, or null
  /// @return the port
  public int listen(InetSocketAddress address, int backlog, @Nullable Encryption encryption)
      throws IOException {
    Channel channel = bind(transport.tcp(), address, backlog, encryption);
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /// Accepts connections of a Unix socket, which takes the place of one that nobody serves.
  public void listen(Path path, String permissions, int backlog) throws IOException {
    if (Files.exists(path)) {
      try (java.nio.channels.SocketChannel probe =
          java.nio.channels.SocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
        boolean _ = probe.connect(java.net.UnixDomainSocketAddress.of(path));
        throw new IOException(path + ": another server serves this socket");
      } catch (java.net.ConnectException e) {
        Files.delete(path);
      }
    }
    unixPath = path;
    Channel _ = bind(transport.unix(), transport.unixAddress(path), backlog, null);
    Files.setPosixFilePermissions(
        path, PosixFilePermissions.fromString(Permissions.text(permissions)));
  }

  private Channel bind(
      Class<? extends io.netty.channel.ServerChannel> kind,
      SocketAddress address,
      int backlog,
      @Nullable Encryption encryption)
      throws IOException {
    boolean unix = !(address instanceof InetSocketAddress);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(transport.group())
            .channel(kind)
            .option(ChannelOption.SO_BACKLOG, backlog)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES))
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (encryption != null) {
                      channel.pipeline().addLast(encryption.handler(channel.alloc()));
                    }
                    boolean verified = encryption != null && encryption.needsCertificates();
                    channel
                        .pipeline()
                        .addLast(new Connection(Acceptor.this, unix || verified, unix));
                  }
                });
    if (!unix) {
      bootstrap
          .option(ChannelOption.SO_REUSEADDR, true)
          .childOption(ChannelOption.TCP_NODELAY, true)
          .childOption(ChannelOption.SO_KEEPALIVE, true);
    }
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen at " + address, bound.cause());
    }
    listening.add(bound.channel());
    return bound.channel();
  }

  /// Runs something on the event loop.
  public void execute(Runnable task) {
    loop.execute(task);
  }

  /// What the transport is called.
  public String transportName() {
    return transport.name();
  }

  /// Answers what was asked for, then closes all connections.
  public void stop() throws InterruptedException {
    for (Channel channel : listening) {
      channel.close().awaitUninterruptibly();
    }
    Dispatcher served = dispatcher;
    ServerState known = state;
    if (served != null && known != null) {
      Thread writer = loop.submit(served::stop).awaitUninterruptibly().getNow();
      writer.join();
      loop.submit(() -> known.sessions().forEach(session -> session.outlet.close()))
          .awaitUninterruptibly();
    }
    transport
        .group()
        .shutdownGracefully(0, 1, TimeUnit.SECONDS)
        .awaitUninterruptibly(2, TimeUnit.SECONDS);
    if (unixPath != null) {
      try {
        boolean _ = Files.deleteIfExists(unixPath);
      } catch (IOException e) {
        LOG.log(Level.WARNING, "the socket " + unixPath + " stays", e);
      }
    }
  }

  /// Why a new connection is refused, or null if it is not.
  @Nullable String refuses(Connection connection, @Nullable SocketAddress peer) {
    ServerState known = state;
    if (known == null) {
      return "ERR the server is starting";
    }
    if (known.sessionCount() >= maxClients) {
      known.statistics.rejectedConnections++;
      return "ERR max number of clients reached";
    }
    InetAddress address = peer instanceof InetSocketAddress inet ? inet.getAddress() : null;
    boolean near = connection.isTrusted() || (address != null && address.isLoopbackAddress());
    if (!near && known.settings.flag("protected-mode") && known.users.defaultUser().noPassword()) {
      known.statistics.rejectedConnections++;
      return "DENIED Redis is running in protected mode because protected mode is enabled and no"
          + " password is set for the default user. In this mode connections are only accepted"
          + " from the loopback interface. Set requirepass, or protected-mode no.";
    }
    return null;
  }

  Client open(Connection connection) {
    Dispatcher served = dispatcher;
    if (served == null) {
      throw new IllegalStateException("the server is starting");
    }
    return served.open(connection);
  }

  void closed(Client client) {
    Dispatcher served = dispatcher;
    boolean _ = unsent.remove(client.session());
    if (served != null) {
      served.close(client);
    }
  }

  void failed(Throwable cause) {
    if (!(cause instanceof IOException) && !(cause.getCause() instanceof IOException)) {
      LOG.log(Level.WARNING, "a connection has failed", cause);
    }
  }

  long maxQueryBytes() {
    return maxQueryBytes;
  }

  void countInput(int count) {
    ServerState known = state;
    if (known != null) {
      known.statistics.bytesIn += count;
    }
  }

  void countOutput(int count) {
    ServerState known = state;
    if (known != null) {
      known.statistics.bytesOut += count;
    }
  }

  String unixPath() {
    return String.valueOf(unixPath);
  }

  /// Sends what was written for a connection, with everything else that is written for it now.
  public void send(Session session) {
    if (unsent.isEmpty()) {
      loop.execute(this::sendAll);
    }
    unsent.add(session);
  }

  private void sendAll() {
    List<Session> all = List.copyOf(unsent);
    unsent.clear();
    for (Session session : all) {
      if (session.out.length() > 0) {
        session.outlet.write(session.out);
        session.outlet.flush();
      }
      limit(session);
    }
  }

  /// Closes a connection that does not take what it is sent.
  private void limit(Session session) {
    OutputLimits.Limit limit = limits.of(session.isListening() ? "pubsub" : "normal");
    long pending = session.outlet.pendingBytes();
    long now = System.currentTimeMillis();
    boolean soft = limit.softBytes() > 0 && pending > limit.softBytes();
    if (!soft) {
      session.softLimitSinceMillis = 0;
    } else if (session.softLimitSinceMillis == 0) {
      session.softLimitSinceMillis = now;
    }
    boolean over =
        (limit.hardBytes() > 0 && pending > limit.hardBytes())
            || (soft && now - session.softLimitSinceMillis > limit.softSeconds() * 1000);
    if (over && session.outlet instanceof Connection connection) {
      LOG.log(Level.INFO, "closing {0}: {1} bytes wait for it", session.outlet.peer(), pending);
      connection.drop();
    }
  }

  private void tick() {
    Dispatcher served = dispatcher;
    ServerState known = state;
    if (served == null || known == null) {
      return;
    }
    served.tick();
    known.tracking.limit(known.settings.number("tracking-table-max-keys"));
    long timeout = known.settings.number("timeout") * 1000;
    long now = System.currentTimeMillis();
    for (Session session : known.sessions()) {
      if (timeout > 0 && !session.isListening() && now - session.usedMillis > timeout) {
        session.outlet.close();
      }
      limit(session);
    }
  }
}

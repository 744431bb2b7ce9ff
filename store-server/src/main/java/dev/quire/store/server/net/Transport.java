package dev.quire.store.server.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/// The way to the sockets of the system: epoll where its native part can be loaded, else what the
/// JDK has.
///
/// @param name what it is called
/// @param group its one event loop
/// @param tcp accepts connections of the network
/// @param unix accepts connections of Unix sockets
record Transport(
    String name,
    EventLoopGroup group,
    Class<? extends ServerChannel> tcp,
    Class<? extends ServerChannel> unix) {

  static Transport choose() {
    DefaultThreadFactory threads = new DefaultThreadFactory("quire-server-loop", true);
    if (Epoll.isAvailable()) {
      return new Transport(
          "epoll",
          new MultiThreadIoEventLoopGroup(1, threads, EpollIoHandler.newFactory()),
          EpollServerSocketChannel.class,
          EpollServerDomainSocketChannel.class);
    }
    return new Transport(
        "nio",
        new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory()),
        NioServerSocketChannel.class,
        NioServerDomainSocketChannel.class);
  }

  EventLoop loop() {
    return group.next();
  }

  SocketAddress unixAddress(Path path) {
    return name.equals("epoll")
        ? new DomainSocketAddress(path.toString())
        : UnixDomainSocketAddress.of(path);
  }
}

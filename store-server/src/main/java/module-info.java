/// A server that speaks the Redis protocol in front of a store.
module dev.quire.store.server {
  requires transitive dev.quire.store;
  requires io.netty.buffer;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.unix.common;
  requires java.management;
  requires jdk.management;
  requires static org.jspecify;

  exports dev.quire.store.server;
}

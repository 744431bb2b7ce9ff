package dev.quire.store.server.net;

import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.resp.RequestParser;
import dev.quire.store.server.run.Client;
import dev.quire.store.server.state.Outlet;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A socket's connection: passes bytes to the [Client], and its replies to the socket.
final class Connection extends ChannelInboundHandlerAdapter implements Outlet {

  /// No more is read while so much waits to be run.
  private static final int MAX_WAITING_BYTES = 256 << 10;

  private final Acceptor acceptor;
  private final boolean trusted;
  private final boolean unix;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Client client;
  private String peer = "";
  private String local = "";
  private boolean closing;

  /// @param trusted whether it need not come from this machine without a password
  Connection(Acceptor acceptor, boolean trusted, boolean unix) {
    this.acceptor = acceptor;
    this.trusted = trusted;
    this.unix = unix;
  }

  @Override
  public void channelActive(ChannelHandlerContext opened) {
    context = opened;
    peer = text(opened.channel().remoteAddress());
    local = text(opened.channel().localAddress());
    String refused = acceptor.refuses(this, opened.channel().remoteAddress());
    if (refused == null) {
      client = acceptor.open(this);
    } else {
      byte[] reply = ("-" + refused + "\r\n").getBytes(StandardCharsets.UTF_8);
      opened
          .writeAndFlush(opened.alloc().buffer(reply.length).writeBytes(reply))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  private String text(@Nullable SocketAddress address) {
    if (unix) {
      return acceptor.unixPath() + ":0";
    }
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      String host = inet.getAddress().getHostAddress();
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + inet.getPort();
    }
    return String.valueOf(address);
  }

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      Client receiver = client;
      if (receiver == null || closing) {
        return;
      }
      int count = bytes.readableBytes();
      RequestParser parser = receiver.parser();
      if ((long) parser.held() + count > acceptor.maxQueryBytes()) {
        close();
        return;
      }
      parser.room(count);
      bytes.readBytes(parser.array(), parser.end(), count);
      parser.added(count);
      acceptor.countInput(count);
    } finally {
      bytes.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext from) {
    process();
  }

  @Override
  public void resume() {
    process();
  }

  private void process() {
    Client receiver = client;
    if (receiver != null) {
      receiver.process();
      throttle(receiver);
    }
  }

  /// Reads no more from who sends more than is run, or takes no replies.
  private void throttle(Client receiver) {
    ChannelHandlerContext open = context;
    if (open != null && !closing) {
      boolean blocked = receiver.isWithWriter() || !isWritable();
      boolean read = !blocked || receiver.parser().held() < MAX_WAITING_BYTES;
      if (open.channel().config().isAutoRead() != read) {
        open.channel().config().setAutoRead(read);
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext from) {
    if (isWritable()) {
      process();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext from, Object event) {
    Client receiver = client;
    boolean ended =
        event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent;
    if (ended && receiver != null) {
      receiver.endInput();
    }
    from.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext from) {
    Client ended = client;
    client = null;
    if (ended != null) {
      acceptor.closed(ended);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
    acceptor.failed(cause);
    ChannelFuture _ = from.close();
  }

  @Override
  public void write(Reply reply) {
    ChannelHandlerContext open = context;
    if (open != null && !closing) {
      ByteBuf bytes = open.alloc().directBuffer(reply.length());
      bytes.writeBytes(reply.bytes(), 0, reply.length());
      acceptor.countOutput(reply.length());
      ChannelFuture _ = open.write(bytes, open.voidPromise());
    }
    reply.clear();
  }

  @Override
  public void flush() {
    ChannelHandlerContext open = context;
    if (open != null) {
      open.flush();
    }
  }

  @Override
  public void close() {
    ChannelHandlerContext open = context;
    if (open != null && !closing) {
      closing = true;
      open.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER)
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  /// Ends the connection at once.
  void drop() {
    ChannelHandlerContext open = context;
    closing = true;
    if (open != null) {
      ChannelFuture _ = open.close();
    }
  }

  @Override
  public boolean isWritable() {
    ChannelHandlerContext open = context;
    return open != null && open.channel().isWritable();
  }

  @Override
  public long pendingBytes() {
    ChannelHandlerContext open = context;
    ChannelOutboundBuffer pending = open == null ? null : open.channel().unsafe().outboundBuffer();
    return pending == null ? 0 : pending.totalPendingWriteBytes();
  }

  @Override
  public String peer() {
    return peer;
  }

  @Override
  public String local() {
    return local;
  }

  boolean isTrusted() {
    return trusted;
  }

  @Override
  public boolean isUnix() {
    return unix;
  }
}

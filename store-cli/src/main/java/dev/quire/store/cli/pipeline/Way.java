package dev.quire.store.cli.pipeline;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Locale;

/// A way for blocks from one process to another.
public enum Way {
  /// A store in shared memory; its address is the token.
  STORE(
      "store in shared memory",
      1,
      "put copies the block into the memory that both share; the consumer reads it there"),

  /// An operating system's pipe, from the producer's standard output to the consumer's standard
  /// input; without an address.
  PIPE("pipe", 2, "write copies the block into the system's memory, read copies it out of there"),

  /// A Unix domain socket; its address is a path.
  SOCKET("Unix domain socket", 2, "the same as a pipe"),

  /// A durable store on a disk; its address is its path.
  DISK(
      "store on a disk",
      2,
      "put copies the block for its checksum, write copies it into the page cache, where the"
          + " consumer reads it; later it goes to the disk");

  private static final int ATTEMPTS = 10_000;

  private final String title;
  private final int copies;
  private final String explanation;

  Way(String title, int copies, String explanation) {
    this.title = title;
    this.copies = copies;
    this.explanation = explanation;
  }

  /// Its name in a table.
  public String title() {
    return title;
  }

  /// Its name on the command line.
  public String commandName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// How often each sample is copied between the memory where it is made and where it is read.
  public int copies() {
    return copies;
  }

  /// What copies it.
  public String explanation() {
    return explanation;
  }

  // The streams of the process are never closed but by its end.
  @SuppressWarnings("resource")
  BlockSender openSender(String address) throws IOException, InterruptedException {
    return switch (this) {
      case STORE -> new StoreSender(SampleStore.openShared(address));
      case DISK -> new StoreSender(SampleStore.openOnDisk(address));
      case PIPE -> new ChannelSender(new FileOutputStream(FileDescriptor.out).getChannel());
      case SOCKET -> new ChannelSender(connect(UnixDomainSocketAddress.of(address)));
    };
  }

  @SuppressWarnings("resource")
  BlockReceiver openReceiver(String address) throws IOException {
    return switch (this) {
      case STORE -> new StoreReceiver(SampleStore.openShared(address));
      case DISK -> new StoreReceiver(SampleStore.openOnDisk(address));
      case PIPE -> new ChannelReceiver(new FileInputStream(FileDescriptor.in).getChannel());
      case SOCKET -> new ChannelReceiver(accept(Path.of(address)));
    };
  }

  private static SocketChannel accept(Path path) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      return server.accept();
    }
  }

  /// Connects to the consumer, as soon as it listens.
  private static SocketChannel connect(UnixDomainSocketAddress address)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return SocketChannel.open(address);
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        Thread.sleep(1);
      }
    }
  }
}

package dev.quire.store.server;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A client that sends any bytes, and shows replies as text: `OK`, `(error) ERR ...`, `1`, `a`,
/// `nil`, `[a, b]`, `>[message, ...]`.
final class RawClient implements Closeable {

  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RawClient(StoreServer server) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /// Sends text as it is.
  RawClient raw(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return this;
  }

  static String encoded(String... words) {
    StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return request.toString();
  }

  /// Sends a request and reads its reply.
  String ask(String... words) throws IOException {
    return raw(encoded(words)).read();
  }

  /// Asks with the words of a line.
  String line(String line) throws IOException {
    return ask(line.split(" "));
  }

  /// Reads a reply.
  String read() throws IOException {
    int kind = in.read();
    if (kind < 0) {
      throw new EOFException();
    }
    String line = readLine();
    return switch (kind) {
      case '+', ':', ',', '#', '(' -> line;
      case '-' -> "(error) " + line;
      case '_' -> "nil";
      case '$', '=' -> bulk(Integer.parseInt(line));
      case '*', '~' -> Integer.parseInt(line) < 0 ? "nil" : list(Integer.parseInt(line));
      case '%' -> list(2 * Integer.parseInt(line));
      case '>' -> ">" + list(Integer.parseInt(line));
      default -> throw new IOException("reply of kind " + (char) kind + line);
    };
  }

  private String bulk(int length) throws IOException {
    if (length < 0) {
      return "nil";
    }
    byte[] bytes = in.readNBytes(length + 2);
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  private String list(int count) throws IOException {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(read());
    }
    return parts.toString();
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\r'; next = in.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      line.append((char) next);
    }
    int _ = in.read();
    return line.toString();
  }

  /// Whether the server has closed the connection, all replies having been read.
  boolean isEnded() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketException e) {
      return true;
    }
  }

  /// Sends no more.
  void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

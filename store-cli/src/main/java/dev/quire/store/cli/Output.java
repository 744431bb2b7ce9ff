package dev.quire.store.cli;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a command reads and writes: data to the standard output, messages to the standard error.
final class Output {

  private static final int BUFFER_BYTES = 64 << 10;

  /// The reader of the standard output has gone; nothing is left to be said.
  static final class ReaderGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ReaderGoneException(IOException cause) {
      super(cause);
    }
  }

  private final InputStream in;
  private final OutputStream out;
  private final PrintStream err;
  private @Nullable Boolean colour;
  private @Nullable Boolean terminal;
  private @Nullable Session session;

  /// @param colour whether the standard output shows colours
  Output(InputStream in, OutputStream out, PrintStream err, boolean colour) {
    this(in, out, err, Boolean.valueOf(colour));
  }

  private Output(InputStream in, OutputStream out, PrintStream err, @Nullable Boolean colour) {
    this.in = in;
    this.out =
        out instanceof BufferedOutputStream ? out : new BufferedOutputStream(out, BUFFER_BYTES);
    this.err = err;
    this.colour = colour;
  }

  /// Those of this process.
  static Output ofProcess() {
    return new Output(System.in, new FileOutputStream(FileDescriptor.out), System.err, null);
  }

  /// Where nothing is read, and what is written is lost.
  static Output ofNobody() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Output(InputStream.nullInputStream(), nowhere, nowhere, false);
  }

  /// Looked at when it is needed: that takes a while.
  private boolean showsColour() {
    if (colour == null) {
      colour = showsColour(System.getenv());
    }
    return colour;
  }

  private static boolean showsColour(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "dumb").equals("dumb")
        && isConsole();
  }

  /// The standard input.
  InputStream in() {
    return in;
  }

  /// Writes one line of data.
  void line(String text) {
    write(text.getBytes(StandardCharsets.UTF_8));
    write(new byte[] {'\n'});
  }

  /// Writes bytes of data as they are.
  void write(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  /// Writes bytes of data as they are.
  void write(byte[] bytes, int offset, int length) {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Hands everything written so far to the reader.
  void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Hands over what was written before a failure; whether that works is of no interest any more.
  void flushQuietly() {
    try {
      out.flush();
    } catch (IOException e) {
      // What follows reports the first failure.
    }
  }

  /// The standard output as a stream, for what is not written by this class.
  OutputStream data() {
    return out;
  }

  /// The standard error as a stream, for what is not written by this class.
  OutputStream messages() {
    return err;
  }

  /// The same for a shell, whose session is found by its commands.
  Output within(Session shell) {
    Output inside = new Output(in, out, err, colour);
    inside.terminal = terminal;
    inside.session = shell;
    return inside;
  }

  /// What the shell has open, or null outside of one.
  @Nullable Session session() {
    return session;
  }

  /// The same, with somebody or nobody in front of it.
  Output withTerminal(boolean isTerminal) {
    Output other = new Output(in, out, err, colour);
    other.session = session;
    other.terminal = isTerminal;
    return other;
  }

  /// Whether somebody sits in front of it.
  boolean isTerminal() {
    if (terminal == null) {
      terminal = isConsole();
    }
    return terminal;
  }

  /// Whether the cursor can be moved in front of somebody: they sit at a terminal that is not dumb,
  /// which both the standard input and the standard output are.
  boolean isScreen() {
    return in.equals(System.in)
        && isTerminal()
        && !System.getenv().getOrDefault("TERM", "dumb").equals("dumb");
  }

  @SuppressWarnings("SystemConsoleNull") // it is null where there is no console at all
  private static boolean isConsole() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /// Reads one line of the standard input, without its end; null if there is none.
  @Nullable String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int read = in.read();
    if (read < 0) {
      return null;
    }
    for (; read >= 0 && read != '\n'; read = in.read()) {
      line.write(read);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /// Writes a question to the standard error, without a line end.
  void ask(String question) {
    err.print("quire: " + question + " ");
    err.flush();
  }

  /// Writes what a shell waits behind to the standard error.
  void prompt(String text) {
    err.print(text);
    err.flush();
  }

  /// Writes to the standard error what the next such line, or message, takes the place of.
  void passing(String text) {
    err.print("\r\u001b[K" + text);
    err.flush();
  }

  /// Writes one line to the standard error.
  void message(String text) {
    err.println("quire: " + text);
  }

  /// The text in bold where colours are shown.
  String bold(String text) {
    return showsColour() ? "\u001b[1m" + text + "\u001b[0m" : text;
  }

  /// The text in green where colours are shown.
  String green(String text) {
    return showsColour() ? "\u001b[32m" + text + "\u001b[0m" : text;
  }

  /// The text in red where colours are shown.
  String red(String text) {
    return showsColour() ? "\u001b[31m" + text + "\u001b[0m" : text;
  }

  private static RuntimeException failure(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("Broken pipe") || message.contains("Connection reset")
        ? new ReaderGoneException(e)
        : new UncheckedIOException("cannot write the output: " + message, e);
  }
}

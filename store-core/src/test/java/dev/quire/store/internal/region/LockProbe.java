package dev.quire.store.internal.region;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/// A second process that looks at the byte locks of a file, and takes them.
final class LockProbe implements AutoCloseable {

  private final Process process;
  private final BufferedReader answers;
  private final PrintStream questions;

  private LockProbe(Process process) {
    this.process = process;
    this.answers =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    this.questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
  }

  static LockProbe start(Path lockFile) {
    try {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      ProcessBuilder builder =
          new ProcessBuilder(
              java,
              "-XX:TieredStopAtLevel=1",
              "-XX:+UseSerialGC",
              "-cp",
              classes().toString(),
              LockProbe.class.getName(),
              lockFile.toString());
      return new LockProbe(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether the other process could take the byte.
  boolean seesFree(long index) {
    return ask("look " + index);
  }

  /// The other process takes the byte.
  boolean take(long index) {
    return ask("take " + index);
  }

  /// The other process lets go of the byte.
  boolean drop(long index) {
    return ask("drop " + index);
  }

  /// The other process dies with all it holds.
  void kill() {
    process.destroyForcibly();
    boolean interrupted = Thread.interrupted();
    process.onExit().join();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean ask(String question) {
    questions.println(question);
    try {
      return "yes".equals(answers.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The directory of the compiled tests: the class loader names the module's.
  private static Path classes() {
    try {
      URL here = LockProbe.class.getResource("LockProbe.class");
      Path path = Path.of(here.toURI());
      int depth = LockProbe.class.getName().split("\\.").length;
      for (int i = 0; i < depth; i++) {
        path = path.getParent();
      }
      return path;
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  /// The other process: answers one line for each.
  public static void main(String[] args) throws IOException {
    Map<Long, FileLock> held = new HashMap<>();
    Path path = Path.of(args[0]);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      String line = in.readLine();
      while (line != null) {
        String[] words = line.split(" ");
        boolean yes = answer(channel, held, words[0], Long.parseLong(words[1]));
        System.out.println(yes ? "yes" : "no");
        line = in.readLine();
      }
    }
  }

  private static boolean answer(
      FileChannel channel, Map<Long, FileLock> held, String verb, long index) throws IOException {
    if (verb.equals("drop")) {
      held.remove(index).release();
      return true;
    }
    FileLock lock = channel.tryLock(index, 1, false);
    if (lock == null) {
      return false;
    }
    if (verb.equals("take")) {
      held.put(index, lock);
    } else {
      lock.release();
    }
    return true;
  }
}

package dev.quire.store.testing;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// A JVM that a test starts, talks to in lines, stops, and kills.
///
/// Its program uses [ParentLink]. What it prints to its error stream is kept, and is part of the
/// message when it does not do what is expected. No child outlives the test's process: close ends
/// it, a shutdown hook ends those that are left, and a child whose parent was killed ends itself.
///
/// ```java
/// try (ChildJvm child = ChildJvm.start(Adder.class)) {
///   assertEquals("3", child.ask("add 1 2"));
///   child.kill();
/// }
/// ```
public final class ChildJvm implements AutoCloseable {

  private static final Set<ChildJvm> ALIVE = ConcurrentHashMap.newKeySet();
  private static final long SIGNAL_SECONDS = 10;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(ChildJvm::kill)));
  }

  private final JvmLaunch launch;
  private final Process process;
  private final PrintStream in;
  private final LineQueue out;
  private final LineQueue errors;

  private ChildJvm(JvmLaunch launch, Process process) {
    this.launch = launch;
    this.process = process;
    this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.out = LineQueue.reading(process.getInputStream(), "out-" + process.pid());
    this.errors = LineQueue.reading(process.getErrorStream(), "err-" + process.pid());
    ALIVE.add(this);
  }

  /// Starts a program as [JvmLaunch#of] says.
  public static ChildJvm start(Class<?> main, String... arguments) {
    return start(JvmLaunch.of(main), arguments);
  }

  /// Starts a program.
  public static ChildJvm start(JvmLaunch launch, String... arguments) {
    try {
      return new ChildJvm(launch, new ProcessBuilder(launch.command(arguments)).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends a line.
  public void tell(String line) {
    in.print(line + "\n");
    in.flush();
  }

  /// Waits for the next line.
  ///
  /// @throws AssertionError if the child ends or says nothing for too long
  public String next() {
    return findNext().orElseThrow(() -> new AssertionError(report("has ended")));
  }

  /// Waits for the next line; empty when the child has ended and has said nothing more. A line that
  /// its death cut short does not count.
  ///
  /// @throws AssertionError if it says nothing for too long
  public Optional<String> findNext() {
    if (!out.await(launch.patience())) {
      throw new AssertionError(report("says nothing for " + launch.patience()));
    }
    return out.next();
  }

  /// Whether it says something, or ends, within a time.
  public boolean speaksWithin(Duration time) {
    return out.await(time);
  }

  /// Sends a command and waits for its answer.
  ///
  /// @throws AssertionError if the command throws, too
  public String ask(String command) {
    String answer = attempt(command);
    if (answer.startsWith(ParentLink.THREW)) {
      throw new AssertionError(report("was asked \"" + command + "\" and " + answer));
    }
    return answer;
  }

  /// Sends a command and waits for its answer; if the command throws, that is `threw`, the simple
  /// name of the exception's class and its message.
  public String attempt(String command) {
    tell(command);
    return next();
  }

  /// Ends it as `kill -9` does. What it had said before can still be asked for.
  public void kill() {
    // Not by Process.destroyForcibly, which closes the pipe with what is still in it.
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.toHandle().destroyForcibly();
    boolean interrupted = Thread.interrupted();
    process.onExit().join();
    ALIVE.remove(this);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Stops it as SIGSTOP does; returns when none of its threads runs any more.
  public void freeze() {
    signal("STOP");
    awaitThat(() -> threadStates().allMatch(state -> state == 'T'), "stopped");
  }

  /// Lets it go on.
  public void thaw() {
    signal("CONT");
    awaitThat(() -> threadStates().noneMatch(state -> state == 'T'), "running");
  }

  /// Lets its [ParentLink#serve] return, and waits for its end.
  ///
  /// @return its exit code
  public int finish() {
    tell(ParentLink.FINISH);
    return awaitEnd();
  }

  /// Waits for its end.
  ///
  /// @return its exit code
  /// @throws AssertionError if it does not end
  public int awaitEnd() {
    try {
      if (!process.waitFor(launch.patience().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new AssertionError(report("does not end for " + launch.patience()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(report("was being waited for"), e);
    }
    ALIVE.remove(this);
    errors.awaitEnd();
    return process.exitValue();
  }

  /// Whether it has not ended.
  public boolean isAlive() {
    return process.isAlive();
  }

  /// Its process id, or that of the command that runs it.
  public long pid() {
    return process.pid();
  }

  /// What it has printed to its error stream.
  public String errors() {
    return errors.seen();
  }

  private void signal(String name) {
    try {
      String[] command = {"/bin/sh", "-c", "kill -" + name + " " + pid()};
      Process shell = new ProcessBuilder(command).inheritIO().start();
      if (!shell.waitFor(SIGNAL_SECONDS, TimeUnit.SECONDS) || shell.exitValue() != 0) {
        throw new AssertionError("process " + pid() + " cannot be sent " + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// The state letter of each thread as Linux shows it; none where there is no `/proc`.
  private Stream<Character> threadStates() {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid() + "/task"))) {
      return tasks.flatMap(ChildJvm::state).toList().stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static Stream<Character> state(Path task) {
    try {
      String stat = Files.readString(task.resolve("stat"), StandardCharsets.ISO_8859_1);
      return Stream.of(stat.charAt(stat.lastIndexOf(')') + 2));
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private void awaitThat(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SIGNAL_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0 || !isAlive()) {
        throw new AssertionError(report("is not " + what));
      }
      Thread.yield();
    }
  }

  /// A message with all that is known; of a child that hangs, with the stacks of its threads.
  private String report(String what) {
    try {
      if (isAlive()) {
        signal("QUIT");
        errors.awaitText("Metaspace", TimeUnit.SECONDS.toMillis(2));
      }
    } catch (AssertionError e) {
      // It has ended just now.
    }
    if (!isAlive()) {
      errors.awaitEnd();
    }
    String ended = isAlive() ? "alive" : "exit code " + process.exitValue();
    String name = launch.main().getSimpleName() + " (process " + pid() + ", " + ended + ") ";
    return name + what + ", -Dquire.seed=" + Campaign.seed() + "\n" + errors();
  }

  @Override
  public void close() {
    kill();
    in.close();
  }
}

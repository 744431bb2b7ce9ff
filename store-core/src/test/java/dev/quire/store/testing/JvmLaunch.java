package dev.quire.store.testing;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How a [ChildJvm] is started.
///
/// @param main the class whose `main` it runs
/// @param prefix a command that runs the JVM, `unshare` for example; may be empty
/// @param flags of the JVM
/// @param classPath of the JVM
/// @param patience how long a test waits for each line
public record JvmLaunch(
    Class<?> main, List<String> prefix, List<String> flags, String classPath, Duration patience) {

  /// Flags of every child: a small JVM that starts fast, asserts, and keeps its own messages out of
  /// its standard output.
  private static final List<String> FLAGS =
      List.of(
          "-ea",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-Xshare:auto",
          "-XX:+DisplayVMOutputToStderr",
          "-Xlog:disable",
          "-Xlog:all=warning:stderr");

  /// A child with this process's class path and patience for a slow machine.
  public static JvmLaunch of(Class<?> main) {
    String classPath = System.getProperty("java.class.path");
    return new JvmLaunch(main, List.of(), FLAGS, classPath, Duration.ofSeconds(30));
  }

  /// With further flags; of two that contradict each other the later one counts.
  public JvmLaunch withFlags(String... more) {
    List<String> all = new ArrayList<>(flags);
    all.addAll(List.of(more));
    return new JvmLaunch(main, prefix, List.copyOf(all), classPath, patience);
  }

  /// Run by another command.
  public JvmLaunch under(String... command) {
    return new JvmLaunch(main, List.of(command), flags, classPath, patience);
  }

  /// With another patience.
  public JvmLaunch withPatience(Duration time) {
    return new JvmLaunch(main, prefix, flags, classPath, time);
  }

  /// With the directory or archive of the main class alone on its class path.
  public JvmLaunch withOwnClassesOnly() {
    try {
      Path own = Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI());
      return new JvmLaunch(main, prefix, flags, own.toString(), patience);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dquire.seed=" + Campaign.seed());
    command.add("-Dquire.campaign=" + Campaign.isLong());
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}

package dev.quire.store.bench.figures;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a reader of figures must know about where they come from.
final class Machine {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT);

  private static final String UNKNOWN = "unknown";
  private static final double QUIET_LOAD = 0.5;
  private static final long KIB_PER_GIB = 1 << 20;

  private Machine() {}

  /// What does not change in a run.
  ///
  /// @param loadBefore [#load] before it
  static Map<String, String> facts(Path disk, String loadBefore) throws IOException {
    String quiet = isQuiet(loadBefore) ? "" : " (**busy with other work**)";
    return Map.of(
        "machine", hardware(),
        "JDK", jdk() + "; every JVM: `" + String.join(" ", Children.FLAGS) + "`",
        "kernel", kernel() + "; file system: " + fileSystem(disk),
        "commit", commit(),
        "load-average-before", loadBefore + quiet);
  }

  /// The date and time of now.
  static String date() {
    return DATE.format(ZonedDateTime.now(ZoneOffset.UTC));
  }

  /// Processor, number of cores and memory.
  private static String hardware() {
    int cores = Runtime.getRuntime().availableProcessors();
    return field("/proc/cpuinfo", "model name") + ", " + cores + " cores, " + memory();
  }

  private static String memory() {
    String kib = field("/proc/meminfo", "MemTotal").replace(" kB", "");
    return kib.equals(UNKNOWN) ? UNKNOWN : Long.parseLong(kib) / KIB_PER_GIB + " GiB";
  }

  /// Name and version of the JDK.
  private static String jdk() {
    return System.getProperty("java.vendor.version") + " " + System.getProperty("java.vm.version");
  }

  /// Name and version of the kernel, and how it gives out huge pages.
  private static String kernel() {
    String hugePages = text("/sys/kernel/mm/transparent_hugepage/enabled");
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + ", huge pages: "
        + hugePages.replaceAll(".*\\[(.*)].*", "$1");
  }

  /// Kind of the file system of a directory.
  private static String fileSystem(Path directory) throws IOException {
    return Files.getFileStore(directory).type();
  }

  /// Processes that ran or waited for the disk, over 1, 5 and 15 minutes.
  static String load() {
    return text("/proc/loadavg").replaceAll("(\\S+ \\S+ \\S+).*", "$1");
  }

  /// Whether no other program kept the machine busy in the minute before.
  private static boolean isQuiet(String load) {
    int blank = load.indexOf(' ');
    return blank < 0 || Double.parseDouble(load.substring(0, blank)) < QUIET_LOAD;
  }

  /// The commit of the sources in the working directory.
  private static String commit() {
    try {
      List<String> command = List.of("git", "describe", "--always", "--dirty");
      Process git =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String name = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return name.isBlank() ? UNKNOWN : name.strip();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static String field(String file, String name) {
    return text(file)
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(UNKNOWN);
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}

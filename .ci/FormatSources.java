import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Checks or applies the format of every Java source below a directory. The build runs it with
/// google-java-format on the class path: `FormatSources.java check|apply <directory>`.
///
/// google-java-format breaks a `///` line of more than 100 columns in two and makes an ordinary
/// comment of the second half. So such lines are wrapped first; a row of a table cannot be, and is
/// an error.
public final class FormatSources {

  private static final int MAX_COLUMNS = 100;

  private FormatSources() {}

  public static void main(String[] args) throws Exception {
    boolean apply = args[0].equals("apply");
    List<String> arguments = new ArrayList<>();
    arguments.addAll(apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    boolean refused = false;
    for (Path source : sources(Path.of(args[1]))) {
      if (apply && !wrapDocs(source)) {
        refused = true;
      } else {
        arguments.add(source.toString());
      }
    }
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int exitCode = new Main(out, err, System.in).format(arguments.toArray(String[]::new));
    if (exitCode != 0 && !apply) {
      System.err.println("The files named above are not formatted. Run: ./quire dev format");
    }
    System.exit(refused ? 1 : exitCode);
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !isBuilt(root.relativize(file)))
          .sorted()
          .toList();
    }
  }

  private static boolean isBuilt(Path file) {
    for (Path part : file) {
      if (part.toString().equals("target")) {
        return true;
      }
    }
    return false;
  }

  /// Moves the words past the last column of each `///` line to the next one.
  private static boolean wrapDocs(Path source) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(source));
    boolean changed = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.length() <= MAX_COLUMNS || !isDoc(line)) {
        continue;
      }
      int cut = line.lastIndexOf(' ', MAX_COLUMNS);
      String indent = line.substring(0, line.indexOf("///")) + "/// ";
      if (cut < indent.length() || text(line).startsWith("|")) {
        System.err.println(source + ":" + (i + 1) + ": longer than 100 columns, shorten it");
        return false;
      }
      String rest = line.substring(cut + 1);
      String next = i + 1 < lines.size() ? lines.get(i + 1) : "";
      lines.set(i, line.substring(0, cut));
      if (isDoc(next) && text(next).matches("\\p{Alpha}.*")) {
        String head = next.substring(0, next.indexOf(text(next)));
        lines.set(i + 1, head + rest + " " + text(next));
      } else {
        lines.add(i + 1, indent + (text(line).startsWith("@") ? "  " : "") + rest);
      }
      changed = true;
    }
    if (changed) {
      Files.writeString(source, String.join("\n", lines) + "\n");
    }
    return true;
  }

  private static boolean isDoc(String line) {
    return line.strip().startsWith("///");
  }

  private static String text(String docLine) {
    return docLine.strip().substring(3).strip();
  }
}

package dev.quire.store.bench.report;

import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.work.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Results in a directory, each in a file of its own, `ENTRIES/WORKLOAD/PEER-ROUND.txt`: whole or
/// not at all, so that a run that was ended goes on where it was.
public final class Results {

  private static final Pattern NAME =
      Pattern.compile("(?<entries>\\d+)/(?<workload>[^/]+)/(?<peer>[^/]+)-(?<round>\\d+)\\.txt");

  private final Path directory;

  /// @param directory made when the first result is written
  public Results(Path directory) {
    this.directory = directory;
  }

  private Path file(Subject subject) {
    return directory
        .resolve(Integer.toString(subject.entries()))
        .resolve(subject.workload().commandName())
        .resolve(subject.kind().commandName() + "-" + subject.round() + ".txt");
  }

  /// Whether there are figures of it.
  public boolean has(Subject subject) throws IOException {
    Path file = file(subject);
    return Files.exists(file)
        && !Result.parse(subject, Files.readAllLines(file)).figures().isEmpty();
  }

  /// Writes a result, in the place of one that was there.
  public void write(Result result) throws IOException {
    Path file = file(result.subject());
    Files.createDirectories(file.getParent());
    Path whole = Files.write(file.resolveSibling(file.getFileName() + ".new"), result.lines());
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// All results. Files of other names are passed over.
  public List<Result> all() throws IOException {
    List<Result> results = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted().toList()) {
        Optional<Subject> subject = subject(directory.relativize(file).toString());
        if (subject.isPresent()) {
          results.add(Result.parse(subject.get(), Files.readAllLines(file)));
        }
      }
    }
    return results;
  }

  private static Optional<Subject> subject(String name) {
    Matcher words = NAME.matcher(name);
    if (!words.matches()) {
      return Optional.empty();
    }
    String workloadName = words.group("workload");
    String peerName = words.group("peer");
    for (Workload workload : Workload.values()) {
      if (workload.commandName().equals(workloadName)) {
        return Arrays.stream(PeerKind.values())
            .filter(kind -> kind.commandName().equals(peerName))
            .findFirst()
            .map(
                kind ->
                    new Subject(workload, kind, number(words, "entries"), number(words, "round")));
      }
    }
    return Optional.empty();
  }

  private static int number(Matcher words, String group) {
    return Integer.parseInt(words.group(group));
  }
}

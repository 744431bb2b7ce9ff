package dev.quire.store.cli;

import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "shell",
    description = "Take commands for one store, line by line, also within a transaction.",
    footer = {
      "",
      "A line is a command without STORE, of words that are quoted as in a shell: get users ada.",
      "Besides: begin, commit, rollback; snapshot, which shows one state until rollback; json,"
          + " which",
      "turns JSON on and off; help; exit. \"quire my.quire\" is the same as \"quire shell"
          + " my.quire\".",
      "",
      "Examples:",
      "  quire shell my.quire",
      "  printf 'begin\\nput users ada Ada\\ncommit\\n' | quire shell my.quire",
      "",
      "At a terminal Tab completes commands, options, tables and keys; the arrows find earlier"
          + " lines,",
      "kept in $XDG_STATE_HOME/quire/history (~/.local/state/quire/history); ^C clears the line,",
      "^D ends. A line that begins with a space is not kept.",
      "",
      "Where nobody sits at a terminal, the first line that fails ends it, with its exit code.",
      "JSON: what the commands print with --json."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class ShellCommand extends StoreCommand {

  /// Commands whose first word is no store.
  static final Set<String> WITHOUT_STORE =
      Set.of("bench", "completion", "demo", "man", "migrate", "recover", "shm");

  /// Commands that have no place in the shell.
  static final Set<String> REFUSED = Set.of("shell", "serve", "compact");

  /// What the shell itself does.
  static final Set<String> OWN =
      Set.of("begin", "commit", "rollback", "snapshot", "json", "help", "exit");

  @Parameters(index = "0", paramLabel = "STORE", description = "Directory of the store.")
  private Path path;

  @Option(names = "--json", description = "Begin with JSON turned on.")
  private boolean json;

  ShellCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    StoreTarget target = new StoreTarget(path.toString());
    boolean terminal = output().isTerminal();
    try (Store store = target.openExisting();
        Session session = new Session(path, store);
        ShellLines lines = lines(session)) {
      Output inside = output().within(session);
      if (terminal) {
        output().message("help lists the commands, exit ends");
      }
      while (true) {
        String line = lines.next(prompt(session));
        if (line == null || line.strip().equals("exit")) {
          return end(session);
        }
        ExitCode done = doLine(inside, session, line);
        output().flush();
        if (!terminal && done != ExitCode.OK) {
          return done;
        }
      }
    }
  }

  private ShellLines lines(Session session) throws IOException {
    return output().isScreen()
        ? TerminalLines.ofProcess(new ShellWords(session))
        : new PlainLines(output());
  }

  private ExitCode end(Session session) {
    boolean open = session.change() != null;
    if (open) {
      output().message("the transaction was not committed, and is undone");
    }
    return open ? ExitCode.NOT_FOUND : ExitCode.OK;
  }

  private static String prompt(Session session) {
    ReadTxn shown = session.reading();
    String state = "";
    if (shown != null) {
      state = session.change() != null ? " (transaction)" : " (snapshot " + shown.id() + ")";
    }
    return session.path().getFileName() + state + "> ";
  }

  private ExitCode doLine(Output inside, Session session, String line) {
    try {
      List<String> words = Words.of(line);
      return words.isEmpty() ? ExitCode.OK : doWords(inside, session, words);
    } catch (RuntimeException e) {
      return Failures.report(e, inside);
    }
  }

  private ExitCode doWords(Output inside, Session session, List<String> words) {
    String first = words.getFirst();
    switch (first) {
      case "begin" -> session.begin();
      case "commit" -> session.commit();
      case "snapshot" -> session.pin();
      case "rollback" -> {
        if (!session.rollback()) {
          throw new IllegalArgumentException("nothing was begun");
        }
      }
      case "json" -> json = !json;
      case "help" -> {
        return Main.run(
            inside, words.size() == 1 ? List.of("--help") : List.of(words.get(1), "--help"));
      }
      default -> {
        return Main.run(inside, withStore(first, words));
      }
    }
    return ExitCode.OK;
  }

  private List<String> withStore(String first, List<String> words) {
    if (REFUSED.contains(first)) {
      throw new IllegalArgumentException("\"" + first + "\" is not for the shell");
    }
    List<String> all = new ArrayList<>(words);
    if (CommandList.has(first) && !WITHOUT_STORE.contains(first)) {
      all.add(1, path.toString());
      if (json) {
        all.add(1, "--json");
      }
    }
    return all;
  }

  /// The store that a first argument names which is no command, or null if it names none.
  static @Nullable Path storeOf(String word) {
    return word.isEmpty() || CommandList.has(word) || !NearStores.isStore(Path.of(word))
        ? null
        : Path.of(word);
  }
}

package dev.quire.store.cli;

import static dev.quire.store.cli.Ran.quire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Store;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every command of docs/OPERATIONS.md, typed in the order of the page: on one store, to which an
/// entry is added before each, and which is damaged when the page comes to that.
class OperationsTest {

  private static final String COMMAND = "./quire ";
  private static final int ENTRIES = 2_000;

  @TempDir private Path directory;
  private final Map<String, Integer> ran = new TreeMap<>();
  private Path store;
  private int entries;
  private boolean damaged;

  @Test
  void commands_ofThePage_doWhatItSays() throws IOException {
    store = directory.resolve("my.quire");
    try (Store opened = Store.open(store)) {
      opened.write(
          txn -> {
            for (int i = 0; i < ENTRIES; i++) {
              txn.table("users").put(("user-" + i).getBytes(), new byte[200]);
            }
          });
    }
    entries = ENTRIES;
    boolean inShell = false;
    for (String line : Files.readAllLines(Path.of("..", "docs", "OPERATIONS.md"))) {
      if (line.startsWith("```")) {
        inShell = line.equals("```sh");
      } else if (line.equals("## A damaged file")) {
        damage();
      } else if (inShell) {
        assertTrue(line.startsWith(COMMAND), line);
        type(line.substring(COMMAND.length()));
      }
    }
    assertEquals(Map.of("backup", 4, "restore", 3, "compact", 1, "check", 1, "recover", 1), ran);
    assertTrue(damaged, "the page has come to the damage");
  }

  private void type(String line) throws IOException {
    List<String> words = new ArrayList<>(Arrays.asList(line.split(" ")));
    String command = words.getFirst();
    ran.merge(command, 1, Integer::sum);
    if (!damaged) {
      quire("put", store, "users", "more-" + entries++, "value");
    }
    for (int i = 1; i < words.size(); i++) {
      if (!words.get(i).startsWith("-")) {
        words.set(i, inDirectory(words.get(i)));
      }
    }
    Path target = Path.of(words.getLast());
    if (command.equals("restore") && Files.exists(target)) {
      // "Move it away."
      Files.move(target, directory.resolve("moved-" + entries));
    }
    Ran done = quire(words.toArray());
    assertEquals(expected(command), done.exitCode(), line + ": " + done.messages());
    look(command, words, target);
  }

  private String inDirectory(String paths) {
    List<String> own = new ArrayList<>();
    for (String path : paths.split(",")) {
      own.add(directory + "/" + path);
    }
    return String.join(",", own);
  }

  private ExitCode expected(String command) {
    return switch (command) {
      case "check" -> damaged ? ExitCode.DAMAGED : ExitCode.OK;
      case "recover" -> ExitCode.NOT_FOUND;
      default -> ExitCode.OK;
    };
  }

  private void look(String command, List<String> words, Path target) {
    switch (command) {
      case "restore" -> {
        int found = entries(target);
        // The store goes on from there.
        entries = damaged ? entries : found;
        assertTrue(found > ENTRIES && found <= ENTRIES + 3, found + " after " + words);
      }
      case "recover" -> {
        int found = entries(target);
        assertTrue(found > ENTRIES / 2 && found < entries, found + " of " + entries);
      }
      case "compact" -> assertEquals(entries, entries(store));
      case "backup" -> {
        if (!words.contains("--since")) {
          assertEquals(entries, entries(target));
        }
      }
      default -> {}
    }
  }

  private static int entries(Path path) {
    try (Store opened = Store.open(path)) {
      return (int) opened.table("users").count();
    }
  }

  /// Hits a leaf. After a compaction the pages of the first table begin behind the ring.
  private void damage() throws IOException {
    try (Store opened = Store.open(store)) {
      long first = opened.stats().ringSizeBytes() + 4L * opened.stats().pageSizeBytes();
      Path data = store.resolve("data");
      opened.checkpoint();
      try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
        file.seek(first + 10L * opened.stats().pageSizeBytes() + 2_000);
        file.write(new byte[] {77, 77, 77, 77});
      }
    }
    damaged = true;
  }
}

package dev.quire.store.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.store.server.commands.Routes;
import dev.quire.store.server.run.Route;
import dev.quire.store.server.table.Command;
import dev.quire.store.server.table.CommandTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Goal: the table of commands in `docs/SERVER.md` is that of the server.
///
/// Method: it is made anew and compared; a difference is told with the text that should be there.
final class ServerDocTest {

  @Test
  void document_tableOfCommands_isThatOfTheServer() throws IOException {
    Path top = Path.of("").toAbsolutePath();
    while (!Files.exists(top.resolve("docs/SERVER.md"))) {
      top = top.getParent();
    }
    String text = Files.readString(top.resolve("docs/SERVER.md"));
    String begin = "<!-- commands -->\n";
    int from = text.indexOf(begin) + begin.length();
    assertEquals(table(), text.substring(from, text.indexOf("<!-- end -->")));
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder("| command | words | run by | what it does |\n|---|--:|---|---|\n");
    Route[] routes = Routes.all(_ -> {});
    for (Command command : CommandTable.get().all()) {
      if (!CommandTable.get().childrenOf(command).isEmpty() && command.arity() != -1) {
        continue;
      }
      table
          .append("| `")
          .append(command.name().replace('|', ' ').toUpperCase(java.util.Locale.ROOT))
          .append("` | ")
          .append(command.arity())
          .append(" | ")
          .append(
              switch (routes[command.number()].place()) {
                case ANY, LOOP -> "loop";
                case READ -> "snapshot";
                case WRITE -> "writer";
              })
          .append(" | ")
          .append(command.summary())
          .append(" |\n");
    }
    return table.toString();
  }
}

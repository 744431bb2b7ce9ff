package dev.quire.store.cli;

import dev.quire.store.server.ServerOptions;
import dev.quire.store.server.StoreServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "serve",
    description = "Serve a store to clients of the Redis protocol, until told to end.",
    footer = {
      "",
      "Examples:",
      "  quire serve --store my.quire",
      "  quire serve --store my.quire --port 0 --unixsocket /run/my.sock --set"
          + " appendfsync=everysec",
      "",
      "Settings have the names of redis.conf; docs/SERVER.md has all. A password is not given"
          + " here,",
      "where others see it, but in the file of --config or by the environment: QUIRE_PASSWORD."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class ServeCommand extends StoreCommand {

  private static final String PASSWORD_VARIABLE = "QUIRE_PASSWORD";

  @Option(
      names = "--store",
      required = true,
      paramLabel = "STORE",
      description = "Directory of the store; made if there is none.")
  private Path path;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port at the loopback addresses (6379 unless given; 0: a free one).")
  private @Nullable Integer port;

  @Option(
      names = "--unixsocket",
      paramLabel = "PATH",
      description = "Unix socket to listen at, too.")
  private @Nullable Path unixSocket;

  @Option(names = "--config", paramLabel = "FILE", description = "File of settings.")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A setting; goes before those of the file.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--insecure", description = "Listen anywhere without a password.")
  private boolean insecure;

  ServeCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws Exception {
    try (StoreServer server = start()) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "quire-server-exit"));
      output().line("port\t" + server.port());
      output().flush();
      server.awaitClosed();
    }
    return ExitCode.OK;
  }

  private StoreServer start() {
    try {
      return StoreServer.start(path, options());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      Throwable cause = e.getCause();
      String why = cause == null ? "" : ": " + cause.getMessage();
      throw new CommandFailure(ExitCode.UNAVAILABLE, e.getMessage() + why);
    }
  }

  private ServerOptions options() throws IOException {
    ServerOptions options = ServerOptions.defaults();
    String password = System.getenv(PASSWORD_VARIABLE);
    if (password != null) {
      options = options.with("requirepass", password);
    }
    Path file = config;
    if (file != null) {
      if (!Files.isReadable(file)) {
        throw new IOException("cannot read " + file);
      }
      options = options.withFile(file);
    }
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      options = options.with(setting.getKey(), setting.getValue());
    }
    if (port != null) {
      options = options.with("port", port.toString());
    }
    if (unixSocket != null) {
      options = options.with("unixsocket", unixSocket.toString());
    }
    return insecure ? options.with("insecure", "yes") : options;
  }
}

package dev.quire.store.cli;

import dev.quire.store.errors.StoreException;
import dev.quire.store.internal.inspect.Inspector;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "doctor",
    description = "Look at everything around a store: JDK, file system, room, locks, sync latency.",
    footer = {
      "",
      "A line for each: ok, look or bad; what was looked at; what was found; and what to do about",
      "it. A file is made beside the store to measure syncs, and removed again.",
      "",
      "Examples:",
      "  quire doctor my.quire",
      "  quire doctor /var/lib/app      a directory in which a store is to be made",
      "",
      "JSON, a line for each: verdict, subject, found, next. Exit code 1 if something is bad."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class DoctorCommand extends StoreCommand {

  private static final Set<String> REMOTE = Set.of("nfs", "nfs4", "cifs", "smb3", "9p", "fuse");
  private static final long LITTLE_ROOM_BYTES = 256L << 20;
  private static final int NEEDED_JDK = 25;

  @Parameters(
      index = "0",
      paramLabel = "PATH",
      description = "Directory of a store, or one in which a store is to be made.")
  private Path path;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  private boolean bad;

  DoctorCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    Path place = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
    if (place == null || !Files.isDirectory(place)) {
      throw new CommandFailure(
          ExitCode.UNAVAILABLE, "there is no directory " + path + NearStores.hint(path));
    }
    lookAtJdk();
    lookAtFileSystem(place);
    lookAtSharedMemory();
    if (Files.isWritable(place)) {
      lookAtSyncs(place);
    } else {
      tell("look", "permissions", "this user cannot write here", "the store can be read only");
    }
    if (NearStores.isStore(path)) {
      lookAtStore();
    } else {
      tell("ok", "store", "none here yet", "");
    }
    return bad ? ExitCode.NOT_FOUND : ExitCode.OK;
  }

  private void tell(String verdict, String subject, String found, String next) {
    bad |= verdict.equals("bad");
    if (json) {
      output()
          .line(
              Json.object()
                  .put("verdict", verdict)
                  .put("subject", subject)
                  .put("found", found)
                  .put("next", next)
                  .toString());
      return;
    }
    String mark =
        switch (verdict) {
          case "ok" -> output().green(verdict);
          case "bad" -> output().red(verdict);
          default -> output().bold(verdict);
        };
    output().line(mark + "\t" + subject + "\t" + found + (next.isEmpty() ? "" : "\t" + next));
  }

  private void lookAtJdk() {
    int release = Runtime.version().feature();
    String found = Runtime.version() + ", " + System.getProperty("java.vm.name");
    if (release >= NEEDED_JDK) {
      tell("ok", "JDK", found, "");
    } else {
      tell("bad", "JDK", found, "run a JDK " + NEEDED_JDK + " or newer");
    }
  }

  private void lookAtFileSystem(Path place) throws IOException {
    FileStore files = Files.getFileStore(place);
    String type = files.type();
    if (REMOTE.contains(type) || type.startsWith("fuse")) {
      tell(
          "bad",
          "file system",
          type + " (" + files + ")",
          "locks and syncs are not what they must be there: use a local disk");
    } else {
      tell("ok", "file system", type + " (" + files + ")", "");
    }
    long free = files.getUsableSpace();
    String found = Amounts.bytes(free) + " of " + Amounts.bytes(files.getTotalSpace()) + " free";
    if (free < LITTLE_ROOM_BYTES) {
      tell("look", "room", found, "make room: a full disk ends writes, not reads");
    } else {
      tell("ok", "room", found, "");
    }
  }

  private void lookAtSharedMemory() throws IOException {
    Path memory = Path.of("/dev/shm");
    if (!Files.isDirectory(memory)) {
      tell("look", "/dev/shm", "none", "stores in shared memory use temporary files");
      return;
    }
    FileStore files = Files.getFileStore(memory);
    long free = files.getUsableSpace();
    String found = Amounts.bytes(free) + " of " + Amounts.bytes(files.getTotalSpace()) + " free";
    if (free < LITTLE_ROOM_BYTES) {
      tell(
          "look",
          "/dev/shm",
          found,
          "little for stores in shared memory: mount it larger (docker: --shm-size)");
    } else {
      tell("ok", "/dev/shm", found, "");
    }
  }

  private void lookAtSyncs(Path place) throws IOException {
    SyncLatency syncs = SyncLatency.measure(place);
    String found = syncs.text();
    if (syncs.isSlow()) {
      tell(
          "look",
          "sync",
          found,
          "each durable commit waits so long: group commits, or use INTERVAL durability");
    } else {
      tell("ok", "sync", found, "");
    }
  }

  private void lookAtStore() {
    List<String> files = new ArrayList<>();
    for (String name : new String[] {"data", "lock", "shm"}) {
      if (Files.exists(path.resolve(name))) {
        files.add(name);
      }
    }
    StoreTarget target = new StoreTarget(path.toString());
    try (Inspector inspector = target.inspect(output())) {
      String use = files.contains("shm") ? "in use, or not closed in order" : "at rest";
      tell("ok", "store", use + "; files " + String.join(", ", files), "");
      tell("ok", "turn", inspector.turn(), "");
      int readers = inspector.readers().size();
      tell("ok", "readers", readers + " open snapshots", "");
    } catch (StoreException e) {
      tell(
          "bad",
          "store",
          String.valueOf(e.getMessage()),
          "\"quire check\" tells more; keep a copy of the directory first");
    }
  }
}

package dev.quire.store.server.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All users.
public final class Users {

  /// The user of connections that have not said who they are.
  public static final String DEFAULT = "default";

  private Map<String, User> users = new TreeMap<>();

  public Users() {
    users.put(DEFAULT, User.unrestricted(DEFAULT));
  }

  /// A user, or null.
  public @Nullable User find(String name) {
    return users.get(name);
  }

  /// The user of connections that have not said who they are.
  public User defaultUser() {
    return users.getOrDefault(DEFAULT, User.none(DEFAULT));
  }

  /// All users, in the order of their names.
  public Collection<User> all() {
    return users.values();
  }

  /// Adds or replaces a user.
  public void put(User user) {
    users.put(user.name(), user);
  }

  /// Removes a user; false if there was none.
  public boolean remove(String name) {
    return users.remove(name) != null;
  }

  /// Gives the default user a password; an empty one: none.
  public void requirePassword(String password) {
    List<String> rules =
        password.isEmpty() ? List.of("nopass") : List.of("resetpass", ">" + password);
    put(UserRules.apply(defaultUser(), rules));
  }

  /// Reads users from a file of lines `user NAME RULE...`: all of it or nothing.
  ///
  /// @throws IOException if the file cannot be read, or a line is none: the message says which
  public void load(Path file) throws IOException {
    Map<String, User> read = new TreeMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      List<String> words = List.of(lines.get(i).strip().split("\\s+"));
      if (words.getFirst().isEmpty() || words.getFirst().startsWith("#")) {
        continue;
      }
      if (!words.getFirst().equals("user") || words.size() < 2) {
        throw new IOException(file + ":" + (i + 1) + ": should start with user keyword");
      }
      User user = read.getOrDefault(words.get(1), User.none(words.get(1)));
      try {
        read.put(user.name(), UserRules.apply(user, words.subList(2, words.size())));
      } catch (IllegalArgumentException e) {
        throw new IOException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    read.putIfAbsent(DEFAULT, User.unrestricted(DEFAULT));
    users = read;
  }

  /// Writes all users to a file.
  public void save(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    for (User user : all()) {
      lines.add("user " + user.name() + " " + user.rules());
    }
    Path target = file.toAbsolutePath();
    Path written =
        Files.createTempFile(
            target.getParent(),
            ".users",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(written, lines);
    Path _ = Files.move(written, target, StandardCopyOption.REPLACE_EXISTING);
  }
}

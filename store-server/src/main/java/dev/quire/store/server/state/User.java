package dev.quire.store.server.state;

import dev.quire.store.server.table.Command;
import dev.quire.store.server.table.CommandTable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Who may do what. Immutable: a change makes another one, see [UserRules].
///
/// @param name name
/// @param enabled whether connections may authenticate as it
/// @param noPassword whether any password does
/// @param passwords SHA-256 of its passwords, in hex
/// @param commands numbers of the commands that are allowed
/// @param commandRules how that came about
/// @param keys patterns of keys
/// @param channels patterns of channels
public record User(
    String name,
    boolean enabled,
    boolean noPassword,
    Set<String> passwords,
    BitSet commands,
    List<String> commandRules,
    List<KeyPattern> keys,
    List<Name> channels) {

  private static final Name ANY = Name.of("*");

  /// A pattern of keys and what may be done with them.
  ///
  /// @param pattern the pattern
  /// @param read whether they may be read
  /// @param write whether they may be changed
  public record KeyPattern(Name pattern, boolean read, boolean write) {

    @Override
    public String toString() {
      String prefix = read && write ? "~" : read ? "%R~" : "%W~";
      return prefix + pattern;
    }
  }

  /// The user that connections are without a name: it may do everything.
  public static User unrestricted(String name) {
    BitSet all = new BitSet();
    all.set(0, CommandTable.get().size());
    return new User(
        name,
        true,
        true,
        Set.of(),
        all,
        List.of("+@all"),
        List.of(new KeyPattern(ANY, true, true)),
        List.of(ANY));
  }

  /// A new user, who may do nothing.
  public static User none(String name) {
    return new User(
        name, false, false, Set.of(), new BitSet(), List.of("-@all"), List.of(), List.of());
  }

  /// Whether it may run a command at all.
  public boolean mayRun(Command command) {
    return commands.get(command.number());
  }

  /// Whether it may use all keys for everything.
  public boolean hasAllKeys() {
    return keys.size() == 1
        && keys.getFirst().read()
        && keys.getFirst().write()
        && keys.getFirst().pattern().equals(ANY);
  }

  /// Whether it may use a key.
  public boolean mayUse(byte[] key, boolean read, boolean write) {
    for (KeyPattern pattern : keys) {
      if ((!read || pattern.read())
          && (!write || pattern.write())
          && Glob.matches(pattern.pattern().bytes(), key)) {
        return true;
      }
    }
    return false;
  }

  /// Whether it may use all channels.
  public boolean hasAllChannels() {
    return channels.size() == 1 && channels.getFirst().equals(ANY);
  }

  /// Whether it may use a channel.
  ///
  /// @param pattern whether `channel` is a pattern, which has to be allowed literally
  public boolean mayUseChannel(byte[] channel, boolean pattern) {
    for (Name allowed : channels) {
      boolean matches =
          allowed.equals(ANY)
              || (pattern
                  ? allowed.equals(new Name(channel))
                  : Glob.matches(allowed.bytes(), channel));
      if (matches) {
        return true;
      }
    }
    return false;
  }

  /// Whether a password is right. Takes the same time wherever it differs.
  public boolean accepts(byte[] password) {
    byte[] digest = digest(password).getBytes(StandardCharsets.US_ASCII);
    boolean found = noPassword;
    for (String known : passwords) {
      found |= MessageDigest.isEqual(digest, known.getBytes(StandardCharsets.US_ASCII));
    }
    return found;
  }

  /// SHA-256 in hex.
  public static String digest(byte[] password) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(password));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Flags as `ACL GETUSER` tells them.
  public List<String> flags() {
    List<String> flags = new ArrayList<>();
    flags.add(enabled ? "on" : "off");
    if (noPassword) {
      flags.add("nopass");
    }
    return flags;
  }

  /// All rules as one line that makes the same user.
  public String rules() {
    List<String> rules = new ArrayList<>(flags());
    for (String password : new LinkedHashSet<>(passwords)) {
      rules.add("#" + password);
    }
    keys.forEach(key -> rules.add(key.toString()));
    if (keys.isEmpty()) {
      rules.add("resetkeys");
    }
    channels.forEach(channel -> rules.add("&" + channel));
    if (channels.isEmpty()) {
      rules.add("resetchannels");
    }
    rules.addAll(commandRules);
    return String.join(" ", rules);
  }
}

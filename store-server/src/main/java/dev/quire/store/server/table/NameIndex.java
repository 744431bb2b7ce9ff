package dev.quire.store.server.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds commands by names in any case, without making a string of them.
final class NameIndex {

  private final @Nullable Command[] places;
  private final byte[][] names;
  private final int mask;

  NameIndex(List<Command> commands) {
    int size = Integer.highestOneBit(Math.max(1, commands.size())) * 4;
    this.places = new Command[size];
    this.names = new byte[size][];
    this.mask = size - 1;
    for (Command command : commands) {
      if (command.parent() == null) {
        add(command);
      }
    }
  }

  private void add(Command command) {
    byte[] name = command.name().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    int place = hash(name) & mask;
    while (places[place] != null) {
      place = (place + 1) & mask;
    }
    places[place] = command;
    names[place] = name;
  }

  @Nullable Command find(byte[] name) {
    int place = hash(name) & mask;
    while (places[place] != null) {
      if (isSame(names[place], name)) {
        return places[place];
      }
      place = (place + 1) & mask;
    }
    return null;
  }

  private static int hash(byte[] name) {
    int hash = name.length;
    for (byte letter : name) {
      hash = hash * 31 + (letter | 0x20);
    }
    return hash ^ (hash >>> 7);
  }

  private static boolean isSame(byte[] small, byte[] name) {
    if (small.length != name.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      int letter = name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20 : name[i];
      if (letter != small[i]) {
        return false;
      }
    }
    return true;
  }
}

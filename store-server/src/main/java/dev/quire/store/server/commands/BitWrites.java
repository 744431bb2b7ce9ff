package dev.quire.store.server.commands;

import dev.quire.store.Table;
import dev.quire.store.options.Expiry;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import dev.quire.store.server.state.KeyspaceEvents;
import java.util.Arrays;

/// Commands that change bits.
final class BitWrites {

  private BitWrites() {}

  static void bind(Routes to) {
    to.write("setbit", BitWrites::setBit);
    to.write("bitop", BitWrites::combine);
  }

  private static void setBit(Call call) {
    byte[] key = call.word(1);
    long offset = BitReads.offset(call, 2);
    long on = call.number(3, 0, 1, "ERR bit is not an integer or out of range");
    Table table = call.table();
    byte[] old = table.get(key);
    int place = (int) (offset >> 3);
    byte[] value =
        old == null
            ? new byte[place + 1]
            : place < old.length ? old : Arrays.copyOf(old, place + 1);
    boolean was = BitReads.isSet(value, offset);
    boolean grown = old == null || value.length > old.length;
    if (was != (on == 1) || grown) {
      int mask = 0x80 >> (offset & 7);
      value[place] = (byte) (on == 1 ? value[place] | mask : value[place] & ~mask);
      StringWrites.store(call, key, value, StringWrites.lifeOf(table, key), "setbit");
    }
    call.out().number(was);
  }

  private static void combine(Call call) {
    String operation = call.option(1);
    if (!operation.matches("and|or|xor|not")) {
      throw Refusal.syntax();
    }
    boolean not = operation.equals("not");
    if (not && call.count() != 4) {
      throw new Refusal("ERR BITOP NOT must be called with a single source key.");
    }
    byte[] target = call.word(2);
    byte[][] sources = new byte[call.count() - 3][];
    int length = 0;
    for (int i = 0; i < sources.length; i++) {
      byte[] source = call.table().get(call.word(i + 3));
      call.looked(call.word(i + 3), source != null);
      sources[i] = source == null ? new byte[0] : source;
      length = Math.max(length, sources[i].length);
    }
    if (length == 0) {
      if (call.table().delete(target)) {
        call.changed(target, KeyspaceEvents.GENERIC, "del");
      }
      call.out().number(0);
      return;
    }
    byte[] result = Arrays.copyOf(sources[0], length);
    for (int i = 1; i < sources.length; i++) {
      combine(operation, result, sources[i]);
    }
    if (not) {
      for (int i = 0; i < length; i++) {
        result[i] = (byte) ~result[i];
      }
    }
    StringWrites.store(call, target, result, Expiry.NEVER, "set");
    call.out().number(length);
  }

  private static void combine(String operation, byte[] result, byte[] source) {
    for (int i = 0; i < result.length; i++) {
      int other = i < source.length ? source[i] : 0;
      result[i] =
          (byte)
              switch (operation) {
                case "and" -> result[i] & other;
                case "or" -> result[i] | other;
                default -> result[i] ^ other;
              };
    }
  }
}
